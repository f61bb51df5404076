package sc.fiji.diffedit.fiji;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.SmallFile;

/** Text files that name one file per line, as several LoRAs are given. */
public final class FileLists {

	/** A list is a handful of lines. */
	private static final int MOST_BYTES = 100_000;

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
		final SmallFile file = new SmallFile("a list of files", MOST_BYTES, "write a text file in UTF-8 with a " + what + " per line");
		final List<String> lines = file.read(list).lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
		if (lines.isEmpty()) throw new DiffEditException(list + " lists no " + what + "; write a path per line.");
		return lines;
	}
}
