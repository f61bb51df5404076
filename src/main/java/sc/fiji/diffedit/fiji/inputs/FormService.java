package sc.fiji.diffedit.fiji.inputs;

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
 * Replaces SciJava's description of each DiffEdit command by a complete one when a context starts, before menus are created:
 * SciJava's own contains only the fields of the class. Commands are found by name, so that none of their classes is loaded.
 * Options have no groups and stay what they are.
 */
@Plugin(type = Service.class, priority = Priority.VERY_HIGH)
public class FormService extends AbstractService implements SciJavaService {

	/** How the names of all classes of the plugin begin. */
	public static final String OURS = "sc.fiji.diffedit.";

	@Parameter
	private PluginService plugins;
	/** Initialised before this service, because it is notified of added and removed plugins. */
	@Parameter
	private CommandService commands;

	@Override
	public void initialize() {
		final List<PluginInfo<Command>> plain = new ArrayList<>(plugins.getPluginsOfType(Command.class));
		plain.removeIf(plugin -> plugin instanceof CommandInfo || plugin.getPluginType() != Command.class || !plugin.getClassName().startsWith(OURS));
		final List<FormInfo> forms = plain.stream().map(FormInfo::new).toList();
		plugins.removePlugins(plain);
		plugins.addPlugins(forms);
	}
}
