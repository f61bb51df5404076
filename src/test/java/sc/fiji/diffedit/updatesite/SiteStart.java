package sc.fiji.diffedit.updatesite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;

import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;

/**
 * Starts DiffEdit from nothing but its class path, as Fiji would: writes what {@code Check Installation...} says, which image the
 * {@code Demo} made, how many inputs the forms have, and whether anything asked for the network.
 */
public final class SiteStart {

	private SiteStart() {}

	public static void main(final String[] args) throws Exception {
		final NoNetwork network = NoNetwork.watch();
		try (Context context = new Context()) {
			final Object report = run(context, "sc.fiji.diffedit.fiji.engine.CheckInstallation").getOutput("report");
			final Object edited = run(context, "sc.fiji.diffedit.fiji.commands.Demo", "sample", "08", "maps", 2, "steps", 5).getOutput("result");
			Files.writeString(Path.of(args[0]), report + "\nDemo: " + edited + "\nInputs: " + inputs(context) + "\nNetwork: " + network.attempts() + "\n");
		}
	}

	/** Builds the form of each command, as the menu and the search of Fiji do. */
	private static long inputs(final Context context) {
		return context.service(CommandService.class).getCommands().stream().filter(info -> info.getClassName().startsWith("sc.fiji.diffedit."))
			.flatMap(info -> StreamSupport.stream(info.inputs().spliterator(), false)).count();
	}

	private static Module run(final Context context, final String command, final Object... inputs) throws Exception {
		return context.service(ModuleService.class).run(context.service(CommandService.class).getCommand(command), true, inputs).get();
	}
}
