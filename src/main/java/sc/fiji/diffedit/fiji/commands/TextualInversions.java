package sc.fiji.diffedit.fiji.commands;

import java.nio.file.Path;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.FileLists;
import sc.fiji.diffedit.hub.ModelPlaces;
import sc.fiji.diffedit.service.Adapters;

/** The textual inversions of a form: a file, or a text file that lists several. */
final class TextualInversions {

	private static final AdapterFiles FILES = new AdapterFiles("textual inversion", () -> ModelPlaces.ofSettings().textualInversions());

	private TextualInversions() {}

	/**
	 * Adds the textual inversions of a form.
	 *
	 * @param file path of a file with a textual inversion or of a list that ends with {@code .txt}; empty for none
	 * @throws DiffEditException if a file is not there or is listed twice
	 */
	static Adapters add(final String file, final Adapters adapters) {
		if (file == null || file.isBlank()) return adapters;
		final Path path = FILES.named(file.strip());
		if (!FileLists.isList(path)) return adapters.withTextualInversion(path);
		Adapters more = adapters;
		for (final String line : FILES.lines(path)) more = listed(path, line, more);
		return more;
	}

	/** A line is a path, or a path and a word: paths may have blanks of their own. */
	private static Adapters listed(final Path list, final String line, final Adapters adapters) {
		final int blank = line.replace('\t', ' ').lastIndexOf(' ');
		final boolean whole = blank < 0 || FILES.find(list.toAbsolutePath().getParent(), line).isPresent();
		final Path word = FILES.listed(list, whole ? line : line.substring(0, blank).strip());
		if (adapters.textualInversions().containsKey(word)) throw FILES.twice(list, word);
		return whole ? adapters.withTextualInversion(word) : adapters.withTextualInversion(word, line.substring(blank + 1));
	}
}
