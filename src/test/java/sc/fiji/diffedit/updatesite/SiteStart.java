package sc.fiji.diffedit.updatesite;

import java.nio.file.Files;
import java.nio.file.Path;

import org.scijava.Context;
import org.scijava.command.CommandService;

/**
 * Starts DiffEdit from nothing but its class path, as Fiji would: writes what {@code Check Installation...} says, and which
 * image the {@code Demo} made.
 */
public final class SiteStart {

	private SiteStart() {}

	public static void main(final String[] args) throws Exception {
		try (Context context = new Context()) {
			final CommandService commands = context.service(CommandService.class);
			final Object report = commands.run("sc.fiji.diffedit.fiji.engine.CheckInstallation", true).get().getOutput("report");
			final Object edited = commands.run("sc.fiji.diffedit.fiji.commands.Demo", true, "sample", "08", "maps", 2, "steps", 5).get().getOutput("result");
			Files.writeString(Path.of(args[0]), report + "\nDemo: " + edited);
		}
	}
}
