package sc.fiji.diffedit.fiji.form;

import java.util.Comparator;
import java.util.List;

import org.scijava.Context;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;

import ij.ImagePlus;
import ij.process.ColorProcessor;

/** Modules of the commands, as forms get them. */
final class Modules {

	private Modules() {}

	/** One of each command of the menu. */
	static List<Module> all(final Context context) {
		return context.service(CommandService.class).getCommands().stream()
			.filter(command -> command.getClassName().startsWith("sc.fiji.diffedit.") && !command.getMenuPath().isEmpty() && !command.getMenuPath().toString().contains("Tests"))
			.sorted(Comparator.comparing(CommandInfo::getClassName)).map(context.service(ModuleService.class)::createModule).toList();
	}

	/** One of a command, with an image of 64 x 48 pixels if it takes one. */
	static Module of(final Context context, final Class<?> command) {
		final Module module = context.service(ModuleService.class).createModule(context.service(CommandService.class).getCommand(command.getName()));
		if (module.getInfo().getInput("image") != null) {
			module.setInput("image", new ImagePlus("cells", new ColorProcessor(64, 48)));
			module.resolveInput("image");
		}
		return module;
	}
}
