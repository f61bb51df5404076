package sc.fiji.diffedit.fiji;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import sc.fiji.diffedit.DiffEditException;

/** Text files that name one file per line, as several LoRAs are given. */
public final class FileLists {

	/** Longest list that is read, in bytes: a list is a handful of lines. */
	private static final long MOST_BYTES = 100_000;

	private FileLists() {}

	/** Whether a file is a list, by its name. */
	public static boolean isList(final Path file) {
		return file.toString().toLowerCase(Locale.ROOT).endsWith(".txt");
	}

	/**
	 * The lines of a list that are neither empty nor comments after {@code #}.
	 *
	 * @param what a line names, for sentences: {@code LoRA}
	 * @throws DiffEditException if it is too long, no text in UTF-8, or lists nothing
	 */
	public static List<String> lines(final Path list, final String what) {
		try {
			if (Files.size(list) > MOST_BYTES) {
				throw new DiffEditException(list + " has " + Files.size(list) + " bytes, too many for a list of files; write a " + what + " per line.");
			}
			final List<String> lines = Files.readString(list, StandardCharsets.UTF_8).lines().map(String::strip)
				.filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
			if (lines.isEmpty()) throw new DiffEditException(list + " lists no " + what + "; write a path per line.");
			return lines;
		}
		catch (final IOException e) {
			throw new DiffEditException(list + " cannot be read as a list of files (" + e.getMessage() + "); save it as text in UTF-8.", e);
		}
	}
}
