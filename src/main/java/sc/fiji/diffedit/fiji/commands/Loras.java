package sc.fiji.diffedit.fiji.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.service.Adapters;

/** What a form says about LoRAs: a file, or a text file that lists several with their scales. */
final class Loras {

	static final String LABEL = "LoRA", SCALE_LABEL = "LoRA scale";
	static final String DESCRIPTION = "A LoRA file, or a .txt file with a path and a scale per line; empty for none.";
	static final String SCALE_DESCRIPTION = "How much the LoRA counts: 1 is its own strength. Scales in a list are multiplied by it.";

	/** Longest list that is read, in bytes: a list is a handful of lines. */
	private static final long MOST_BYTES = 100_000;

	private Loras() {}

	/**
	 * The LoRAs of a form.
	 *
	 * @param file path of a LoRA file or of a list that ends with {@code .txt}; empty for none
	 * @param scale what all scales are multiplied by
	 * @throws DiffEditException if a file is not there, is listed twice, or a scale is no finite number
	 */
	static Adapters of(final String file, final double scale) {
		if (file == null || file.isBlank()) return Adapters.NONE;
		if (!Double.isFinite(scale)) throw new DiffEditException("loraScale is " + scale + "; write a number such as 0.8.");
		final Path path = existing(Path.of(""), file.strip());
		final boolean list = path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".txt");
		return (list ? listed(path) : Adapters.NONE.withLora(path, 1)).scaled(scale);
	}

	private static Adapters listed(final Path list) {
		Adapters adapters = Adapters.NONE;
		for (final String line : read(list).lines().map(String::strip).toList()) {
			if (line.isEmpty() || line.startsWith("#")) continue;
			final int blank = scaleBegins(line);
			final Path lora = existing(list.toAbsolutePath().getParent(), line.substring(0, blank).strip());
			if (adapters.loras().containsKey(lora)) throw new DiffEditException(list + " names " + lora + " twice; keep one of the lines.");
			adapters = adapters.withLora(lora, blank == line.length() ? 1 : Double.parseDouble(line.substring(blank)));
		}
		if (adapters.loras().isEmpty()) throw new DiffEditException(list + " lists no LoRA; write a path and a scale per line.");
		return adapters;
	}

	/** Where the number at a line's end begins, if it ends with one: paths may have blanks of their own. */
	private static int scaleBegins(final String line) {
		final String last = line.substring(line.replace('\t', ' ').lastIndexOf(' ') + 1);
		final boolean number = last.length() < line.length() && last.matches("[-+]?([0-9]{1,9}(\\.[0-9]*)?|\\.[0-9]+)");
		return number ? line.length() - last.length() : line.length();
	}

	private static String read(final Path list) {
		try {
			if (Files.size(list) > MOST_BYTES) {
				throw new DiffEditException(list + " has " + Files.size(list) + " bytes, too many for a list of LoRAs; write a path and a scale per line.");
			}
			return Files.readString(list, StandardCharsets.UTF_8);
		}
		catch (final IOException e) {
			throw new DiffEditException(list + " cannot be read as a list of LoRAs (" + e.getMessage() + "); save it as text in UTF-8.", e);
		}
	}

	private static Path existing(final Path folder, final String file) {
		try {
			final Path path = folder.resolve(file);
			if (Files.isRegularFile(path)) return path;
		}
		catch (final InvalidPathException e) {
			throw new DiffEditException("\"" + file + "\" is not the path of a file; give the path of a LoRA.", e);
		}
		throw new DiffEditException("There is no LoRA file " + file + "; give the path of a file.");
	}
}
