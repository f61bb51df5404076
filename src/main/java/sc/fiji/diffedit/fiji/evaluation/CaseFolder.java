package sc.fiji.diffedit.fiji.evaluation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import ij.ImagePlus;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.UserPath;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.fiji.ImageView;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.ViewSettings;
import sc.fiji.diffedit.fiji.batch.ImageFiles;
import sc.fiji.diffedit.fiji.batch.SettingsTable;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/**
 * A folder of pictures of any format that ImageJ opens, with reference masks and descriptions: {@code samples.json}, or a table
 * {@code samples.csv} that spreadsheets write. Pictures are seen as the model sees them, at their own size.
 */
public final class CaseFolder {

	private static final String JSON = "samples.json", CSV = "samples.csv";
	/** Columns of the table, and what they are called in samples.json. */
	private static final Map<String, String> KEYS = Map.of("image", "file", "mask", "mask", "source", "source_prompt", "target", "target_prompt", "expected", "target", "group", "group_mask",
		"change", "what");
	private static final List<String> NEEDED = List.of("image", "mask", "source", "target");

	private CaseFolder() {}

	/** @throws DiffEditException if the folder has no list, or something that it lists is missing or damaged; the sentence says which */
	public static Samples read(final Path folder) {
		if (Files.isRegularFile(folder.resolve(JSON))) return Samples.of(Samples.json(folder.toString(), () -> Files.newInputStream(folder.resolve(JSON))), new Below(folder));
		if (Files.isRegularFile(folder.resolve(CSV))) return Samples.of(table(folder.resolve(CSV)), new Below(folder));
		throw new DiffEditException("There is neither " + JSON + " nor " + CSV + " in " + folder + "; write a table with the columns " + String.join(", ", NEEDED) + " there.");
	}

	private static Config table(final Path file) {
		final SettingsTable table = SettingsTable.read(file);
		for (final String column : table.columns()) {
			if (!KEYS.containsKey(key(column))) throw new DiffEditException(file + " has the column '" + column + "'; there are image, mask, source, target, expected, group and change.");
		}
		final JsonArray samples = new JsonArray();
		for (final Map<String, String> row : table.rows()) {
			final JsonObject sample = new JsonObject();
			row.forEach((column, cell) -> sample.addProperty(KEYS.get(key(column)), cell));
			for (final String column : NEEDED) {
				if (!sample.has(KEYS.get(column))) throw new DiffEditException(file + " has no " + column + " in row " + (samples.size() + 1) + "; each row needs " + String.join(", ", NEEDED) + ".");
			}
			samples.add(sample);
		}
		final JsonObject json = new JsonObject();
		json.add("samples", samples);
		return new Config(file.toString(), json);
	}

	private static String key(final String column) {
		return column.strip().toLowerCase(Locale.ROOT);
	}

	/** Files below a folder. */
	private record Below(Path folder) implements Samples.Images {

		@Override
		public Picture picture(final String name) {
			return ImageView.of(open(name, true), ViewSettings.DEFAULT).picture();
		}

		@Override
		public Mask mask(final String name) {
			final ImagePlus image = open(name, false);
			return Masks.ofPlane(image, 1, image.getWidth(), image.getHeight());
		}

		private ImagePlus open(final String name, final boolean withChannels) {
			final ImagePlus image = ImageFiles.open(folder.resolve(UserPath.of(name)));
			final int planes = image.getStackSize() / (withChannels ? image.getNChannels() : 1);
			if (planes > 1) throw new DiffEditException(name + " has " + Counted.of(planes, "plane") + ", of which one alone can be measured; save that one as an image of its own.");
			return image;
		}
	}
}
