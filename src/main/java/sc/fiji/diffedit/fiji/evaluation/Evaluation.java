package sc.fiji.diffedit.fiji.evaluation;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.demo.PngFiles;
import sc.fiji.diffedit.demo.Samples;

/** What was measured: as tables, as JSON, and as files with pictures. */
public final class Evaluation {

	private final List<String> lines;
	private final Map<String, Object> json;
	private final List<String> unexpected;
	private final Map<String, TextTable> tables;
	private final DotPlot plot;
	private final WorstSheet worst;

	private Evaluation(final Map<String, Object> json, final EditEvaluation edits) {
		this(edits.lines(), json, edits.unexpected(), Map.of("means.csv", edits.means(), "each.csv", edits.each()), edits.plot(), edits.worst());
		json.put("edits", edits.json());
	}

	private Evaluation(final Map<String, Object> json, final MaskEvaluation masks) {
		this(masks.lines(), json, List.of(), Map.of("means.csv", masks.means()), masks.plot(), masks.worst());
		json.put("masks", masks.json());
	}

	private Evaluation(final List<String> lines, final Map<String, Object> json, final List<String> unexpected, final Map<String, TextTable> tables, final DotPlot plot, final WorstSheet worst) {
		this.lines = lines;
		this.json = json;
		this.unexpected = unexpected;
		this.tables = tables;
		this.plot = plot;
		this.worst = worst;
	}

	/**
	 * Measures all ways to make masks.
	 *
	 * @param model its name or folder
	 * @param samples pictures with known masks
	 * @param progress hears what is done next
	 */
	public static Evaluation ofMasks(final String model, final Samples samples, final Consumer<String> progress) {
		try (Workbench bench = new Workbench(model, false)) {
			return new Evaluation(head(model, samples), new MaskEvaluation(bench, samples.list(), progress));
		}
	}

	/**
	 * Measures whole edits.
	 *
	 * @param model its name or folder
	 * @param samples pictures with known masks, and mostly known results
	 * @param methods one or more; all are compared with the first
	 * @param axes values of settings, by the keys of presets; each method is measured with each
	 * @param checks whether the model is asked what it makes of each edit
	 * @param progress hears what is done next
	 */
	public static Evaluation ofEdits(final String model, final Samples samples, final List<Method> methods, final Map<String, List<?>> axes, final boolean checks, final Consumer<String> progress) {
		final List<Setup> setups = Setup.all(methods, samples.settings(), axes);
		try (Workbench bench = new Workbench(model, checks)) {
			return new Evaluation(head(model, samples), new EditEvaluation(bench, setups, samples.list(), progress));
		}
	}

	/** @throws sc.fiji.diffedit.DiffEditException if a method cannot be measured with a value of a setting */
	public static void requireWays(final Samples samples, final List<Method> methods, final Map<String, List<?>> axes) {
		for (final Setup setup : Setup.all(methods, samples.settings(), axes)) setup.requests(samples.list().get(0));
	}

	private static Map<String, Object> head(final String model, final Samples samples) {
		final Map<String, Object> json = new LinkedHashMap<>();
		json.put("model", model);
		json.put("samples", samples.list().size());
		return json;
	}

	public List<String> lines() {
		return lines;
	}

	/** The same, and each sample. */
	public Map<String, Object> json() {
		return json;
	}

	/** Masks of {@link Method#PARITY} that are not those that their samples expect. */
	public List<String> unexpected() {
		return unexpected;
	}

	/**
	 * Writes the tables as CSV, all of it as {@code evaluation.json}, the means as {@code plot.png}, and the ten worst results as
	 * {@code worst.png}.
	 *
	 * @param folder need not exist
	 * @throws sc.fiji.diffedit.DiffEditException if it cannot be written
	 */
	public void save(final Path folder) {
		WholeFile.write(folder.resolve("evaluation.json"), JsonText.pretty(json) + "\n");
		tables.forEach((name, table) -> WholeFile.write(folder.resolve(name), String.join("\n", table.csv()) + "\n"));
		PngFiles.write(plot.image(), folder.resolve("plot.png"));
		PngFiles.write(worst.image(), folder.resolve("worst.png"));
	}
}
