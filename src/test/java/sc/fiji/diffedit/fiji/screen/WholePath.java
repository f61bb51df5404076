package sc.fiji.diffedit.fiji.screen;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * From the start of ImageJ or Fiji to a mask, a corrected mask and an edited image, with mouse and keyboard alone: once by forms, once by the
 * DiffEdit window. It knows nothing of DiffEdit but what stands on the screen, so it runs in any Fiji into which DiffEdit was
 * installed; {@code scripts/verify-long --screen} does so. Arguments: the program's main class, an image, a folder for pictures of each step, and {@code forms} or {@code window}.
 */
public final class WholePath {

	private WholePath() {}

	/** Fiji changes ImageJ's classes when it starts, so none of them may be touched before. */
	public static void main(final String[] args) throws Exception {
		Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
		final Steps steps = new Steps(Files.createDirectories(Path.of(args[2])), args[3]);
		final Path image = Path.of(args[1]).toAbsolutePath();
		if (args[3].equals("forms")) new PathByForms(steps).walk(image);
		else new PathByWindow(steps).walk(image);
		System.exit(0);
	}
}
