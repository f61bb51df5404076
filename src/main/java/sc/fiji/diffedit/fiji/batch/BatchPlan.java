package sc.fiji.diffedit.fiji.batch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.scijava.module.ModuleItem;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;

/**
 * What a batch is asked for, and the rows that come of it: each row of the table for each image that it names, or for each image of
 * the folder where the table has no column {@code image}.
 *
 * @param verb for rows whose table has no column {@code operation}
 * @param folder where images are looked for
 * @param files which of them, such as <code>*.{tif,png}</code> or <code>**&#47;*.tif</code>
 * @param table settings of their own for rows
 * @param common settings for all rows, by names of inputs as they are written
 * @param output the folder for outputs
 * @param names pattern of the outputs' names
 */
public record BatchPlan(Verb verb, ImageFolder folder, String files, Optional<SettingsTable> table, Map<String, String> common, String output, String names) {

	/** The columns that are no settings. */
	public static final String OPERATION = "operation", OUTPUT = "output";
	public static final String ALL_IMAGES = "*.{tif,tiff,png,jpg,jpeg}";

	private static final int MOST_ROWS = 1_000_000;

	/** A plan without a table, for all images of a folder. */
	public static BatchPlan of(final Verb verb, final Path folder, final Path output) {
		return of(verb, ImageFolder.of(folder), output.toString());
	}

	/** The same for a folder anywhere. */
	public static BatchPlan of(final Verb verb, final ImageFolder folder, final String output) {
		return new BatchPlan(verb, folder, ALL_IMAGES, Optional.empty(), Map.of(), output, OutputNames.DEFAULT);
	}

	public BatchPlan withFiles(final String pattern) {
		return new BatchPlan(verb, folder, pattern.isBlank() ? ALL_IMAGES : pattern.strip(), table, common, output, names);
	}

	public BatchPlan withTable(final SettingsTable rows) {
		return new BatchPlan(verb, folder, files, Optional.of(rows), common, output, names);
	}

	public BatchPlan withCommon(final Map<String, String> settings) {
		return new BatchPlan(verb, folder, files, table, Map.copyOf(settings), output, names);
	}

	public BatchPlan withNames(final String pattern) {
		return new BatchPlan(verb, folder, files, table, common, output, pattern.isBlank() ? OutputNames.DEFAULT : pattern.strip());
	}

	/**
	 * All rows, in the order of the table and then of the images' names.
	 *
	 * @throws DiffEditException if a setting is unknown, two rows would write the same file, or there is no image at all
	 */
	public List<BatchRow> rows() {
		// what is written must not be taken for images that are still to do
		if (folder.isAt(output)) throw new DiffEditException("The outputs would lie among the images in " + folder + "; choose another folder for them.");
		final SettingsTable lines = table.orElseGet(SettingsTable::none);
		final Map<String, BatchRow> rows = new LinkedHashMap<>();
		for (int i = 0; i < lines.rows().size(); i++) {
			for (final BatchRow row : rows(lines.rows().get(i), i + 1, rows.size())) {
				final BatchRow other = rows.putIfAbsent(row.output().toLowerCase(java.util.Locale.ROOT), row);
				if (other != null) throw twice(other, row);
				if (rows.size() > MOST_ROWS) throw new DiffEditException("These are more than " + MOST_ROWS + " images; take fewer at once.");
			}
		}
		return List.copyOf(rows.values());
	}

	private DiffEditException twice(final BatchRow one, final BatchRow other) {
		return new DiffEditException("Rows " + one.number() + " and " + other.number() + " would both write " + other.output()
			+ "; tell their names apart, such as by {file}, {row} or {target} in '" + names + "'.");
	}

	private List<BatchRow> rows(final Map<String, String> line, final int number, final int before) {
		final RowTexts texts = RowTexts.of(line, verb, common);
		final String pattern = texts.output().orElse(names);
		final List<BatchRow> rows = new ArrayList<>();
		for (final Optional<String> image : images(texts)) {
			final TreeMap<String, String> settings = new TreeMap<>(texts.settings());
			final Map<String, String> places = places(texts.verb(), number, image, settings);
			image.ifPresent(file -> settings.put(Verb.IMAGE, file));
			for (final ModuleItem<?> input : texts.verb().inputs()) {
				if (input.getType() == ImagePlus.class && !input.getName().equals(Verb.IMAGE)) settings.computeIfPresent(input.getName(), (name, path) -> folder.resolve(filled(path, places)));
			}
			final String name = OutputNames.of(pattern, places, texts.verb().makesText() ? "txt" : "tif");
			rows.add(new BatchRow(before + rows.size() + 1, texts.verb(), settings, name));
		}
		return rows;
	}

	/** The images of a line; a file that is missing is one that fails alone. */
	private List<Optional<String>> images(final RowTexts texts) {
		if (!texts.verb().takesImage()) return List.of(Optional.empty());
		final String wanted = texts.image().orElse(files);
		if (texts.image().isPresent() && !ImagePattern.isPattern(wanted)) return List.of(Optional.of(folder.resolve(wanted)));
		final List<String> found = folder.find(new ImagePattern(wanted), output);
		if (found.isEmpty()) throw new DiffEditException("There is no file " + wanted + " in " + folder + "; choose another folder or pattern (**/*.tif looks into folders within too).");
		return found.stream().map(Optional::of).toList();
	}

	/** The path of a mask that belongs to an image may have places; paths have all kinds of letters, so only these are replaced. */
	private static String filled(final String path, final Map<String, String> places) {
		String filled = path;
		for (final String key : List.of("name", "file", "folder", "row")) filled = filled.replace("{" + key + "}", places.get(key));
		return filled;
	}

	private Map<String, String> places(final Verb operation, final int number, final Optional<String> image, final Map<String, String> settings) {
		final Map<String, String> places = new LinkedHashMap<>();
		final String file = image.map(folder::name).orElse(operation.word());
		places.put("name", file.lastIndexOf('.') > 0 ? file.substring(0, file.lastIndexOf('.')) : file);
		places.put("file", file);
		places.put("folder", image.map(folder::below).orElse(""));
		places.put("row", String.valueOf(number));
		places.put("verb", operation.word());
		final Map<String, String> others = new HashMap<>(settings);
		others.keySet().removeAll(places.keySet());
		places.putAll(new TreeMap<>(others));
		return places;
	}
}
