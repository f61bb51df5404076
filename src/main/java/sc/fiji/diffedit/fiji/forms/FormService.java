package sc.fiji.diffedit.fiji.forms;

import java.util.ArrayList;
import java.util.List;

import org.scijava.Priority;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.plugin.PluginInfo;
import org.scijava.plugin.PluginService;
import org.scijava.service.AbstractService;
import org.scijava.service.SciJavaService;
import org.scijava.service.Service;

/**
 * Gives SciJava the whole description of each of DiffEdit's commands when a context starts, before menus are made of them: its own
 * ends at the fields of the class. Commands are looked for by name, so that none is loaded for it.
 */
@Plugin(type = Service.class, priority = Priority.VERY_HIGH)
public class FormService extends AbstractService implements SciJavaService {

	private static final String OURS = "sc.fiji.diffedit.";

	@Parameter
	private PluginService plugins;
	/** There before this service, since it learns of plugins that come and go. */
	@Parameter
	private CommandService commands;

	@Override
	public void initialize() {
		final List<PluginInfo<Command>> plain = new ArrayList<>(plugins.getPluginsOfType(Command.class));
		plain.removeIf(plugin -> plugin instanceof CommandInfo || !plugin.getClassName().startsWith(OURS));
		final List<FormInfo> forms = plain.stream().map(FormInfo::new).toList();
		plugins.removePlugins(plain);
		plugins.addPlugins(forms);
	}
}
