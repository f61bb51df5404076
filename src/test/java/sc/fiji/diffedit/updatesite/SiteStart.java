package sc.fiji.diffedit.updatesite;

import java.nio.file.Files;
import java.nio.file.Path;

import org.scijava.Context;
import org.scijava.command.CommandService;

/** Starts DiffEdit from nothing but its class path, as Fiji would, and writes what {@code Check Installation...} says. */
public final class SiteStart {

	private SiteStart() {}

	public static void main(final String[] args) throws Exception {
		try (Context context = new Context()) {
			final Object report = context.service(CommandService.class).run("sc.fiji.diffedit.fiji.engine.CheckInstallation", true).get()
				.getOutput("report");
			Files.writeString(Path.of(args[0]), String.valueOf(report));
		}
	}
}
