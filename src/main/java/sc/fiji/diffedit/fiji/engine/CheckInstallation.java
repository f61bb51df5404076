package sc.fiji.diffedit.fiji.engine;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import sc.fiji.diffedit.fiji.inputs.PluginCommand;
import sc.fiji.diffedit.service.DiffusionModelService;

/** Reports the loaded library and its path, the devices, conflicts, and whether one step of the demo model works. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Check Installation...", weight = 15) },
	description = "Says which libraries and devices DiffEdit uses, and why a graphics card is not used.")
public class CheckInstallation extends PluginCommand {

	@Parameter
	private DiffusionModelService models;

	@Parameter(label = "Self test: a step of the demo model", persist = false, description = "Takes a few seconds.")
	private boolean selfTest = true;

	@Parameter(type = ItemIO.OUTPUT, label = "DiffEdit installation")
	private String report;

	@Override
	public void run() {
		final InstallationReport installation = new InstallationReport(models);
		report = selfTest ? installation.textWithSelfTest() : installation.text();
	}
}
