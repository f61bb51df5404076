package sc.fiji.diffedit.fiji.commands;

import java.nio.file.Path;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.FileLists;
import sc.fiji.diffedit.hub.ModelPlaces;
import sc.fiji.diffedit.service.Adapters;

/** The LoRAs of a form: a file, or a text file that lists several with their scales. */
final class Loras {

	private static final AdapterFiles FILES = new AdapterFiles("LoRA", () -> ModelPlaces.ofSettings().loras());

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
		final Path path = FILES.named(file.strip());
		return (FileLists.isList(path) ? listed(path) : Adapters.NONE.withLora(path, 1)).scaled(scale);
	}

	private static Adapters listed(final Path list) {
		Adapters adapters = Adapters.NONE;
		for (final String line : FILES.lines(list)) {
			final int blank = scaleBegins(line);
			final Path lora = FILES.listed(list, line.substring(0, blank).strip());
			if (adapters.loras().containsKey(lora)) throw FILES.twice(list, lora);
			adapters = adapters.withLora(lora, blank == line.length() ? 1 : Double.parseDouble(line.substring(blank)));
		}
		return adapters;
	}

	/** Where the number at a line's end begins, if it ends with one: paths may have blanks of their own. */
	private static int scaleBegins(final String line) {
		final String last = line.substring(line.replace('\t', ' ').lastIndexOf(' ') + 1);
		final boolean number = last.length() < line.length() && last.matches("[-+]?([0-9]{1,9}(\\.[0-9]*)?|\\.[0-9]+)");
		return number ? line.length() - last.length() : line.length();
	}
}
