package sc.fiji.diffedit.fiji.commands;

import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.fiji.record.ScriptWindow;
import sc.fiji.diffedit.fiji.record.SessionCalls;

/** Shows what the user has done with DiffEdit as a script, in languages that ImageJ's recorder does not have. */
@Plugin(type = Command.class, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"), @Menu(label = "Record as Script...", weight = 13.5) },
	description = "Shows the DiffEdit commands of this session as a Groovy script, Java class or macro that repeats them.")
public class RecordScript extends PluginCommand {

	@Parameter
	private SessionCalls session;

	@Override
	public void run() {
		ScriptWindow.open(session);
	}
}
