package sc.fiji.diffedit.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.google.gson.JsonElement;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.Mode;
import sc.fiji.diffedit.pipelines.RequestPreset;
import sc.fiji.diffedit.service.RequestPresets;

/**
 * Pictures with edits whose correct results are known, and their settings: a folder with {@code samples.json},
 * as {@code scripts/train_demo_model.py samples} writes it.
 *
 * @param settings how masks and edits are made
 * @param list the samples, in the order of the file
 */
public record Samples(Settings settings, List<Sample> list) {

	private static final String BUNDLED = "/sc/fiji/diffedit/demo/samples/";
	/** Of samples.json: thousands of samples. */
	private static final int MOST_BYTES = 1 << 24;

	/**
	 * Settings of a set of samples, by the names of diffusers.
	 *
	 * @param numMapsPerMask noisy copies per mask
	 * @param maskEncodeStrength noise put on the image for the mask
	 * @param maskThresholdingRatio threshold of diffusers' masks, in halves of the mean
	 * @param maskSteps steps of the noise schedule for the mask
	 * @param maskGuidance guidance for the mask
	 * @param editSteps steps of inversion and edit
	 * @param strength how far towards noise the inversion of diffusers goes
	 * @param guidance guidance of the edit
	 * @param inversionGuidance guidance of the inversion
	 * @param preset what is otherwise
	 */
	public record Settings(int numMapsPerMask, double maskEncodeStrength, double maskThresholdingRatio, int maskSteps,
		double maskGuidance, int editSteps, double strength, double guidance, double inversionGuidance, RequestPreset preset)
	{

		/** The strength of edits: in parity mode that of diffusers. */
		double strength(final Mode mode) {
			return mode == Mode.PARITY ? strength : EditRequest.DEFAULTS.inpaintStrength();
		}

		/** The same with another preset. */
		public Settings with(final RequestPreset other) {
			return new Settings(numMapsPerMask, maskEncodeStrength, maskThresholdingRatio, maskSteps, maskGuidance, editSteps, strength, guidance, inversionGuidance, other);
		}
	}

	/** Where the files of a set of samples come from. */
	@FunctionalInterface
	private interface Source {

		InputStream open(String name) throws IOException;
	}

	/** The samples that ship inside the plugin. */
	public static Samples bundled() {
		return read("the embedded samples", name -> {
			final InputStream in = Samples.class.getResourceAsStream(BUNDLED + name);
			if (in == null) throw new IOException("there is no " + name);
			return in;
		});
	}

	/** The samples of a folder. */
	public static Samples in(final Path folder) {
		if (!Files.isRegularFile(folder.resolve("samples.json"))) {
			throw new DiffEditException("There is no samples.json in " + folder + "; name a folder of samples.");
		}
		return read(folder.toString(), name -> Files.newInputStream(folder.resolve(name)));
	}

	private static Samples read(final String where, final Source source) {
		final Config json = json(where, source);
		final List<Sample> samples = new ArrayList<>();
		if (!json.isList("samples")) throw new DiffEditException(json.source() + " has no list 'samples'; the file is damaged.");
		for (final JsonElement sample : json.json().getAsJsonArray("samples")) {
			if (!sample.isJsonObject()) throw new DiffEditException(json.source() + " has a sample that is not an object; the file is damaged.");
			samples.add(sample(new Config(json.source(), sample.getAsJsonObject()), source));
		}
		if (samples.isEmpty()) throw new DiffEditException(json.source() + " lists no samples; name another folder.");
		return new Samples(settings(json.getConfig("mask_settings"), json.getConfig("edit_settings")), List.copyOf(samples));
	}

	/**
	 * The first samples.
	 *
	 * @param most how many; all, if there are fewer
	 * @throws DiffEditException if that is less than one
	 */
	public Samples first(final int most) {
		if (most < 1) throw new DiffEditException(most + " samples cannot be measured; take 1 or more.");
		return new Samples(settings, list.subList(0, Math.min(most, list.size())));
	}

	private static Config json(final String where, final Source source) {
		final String name = "samples.json of " + where;
		try (InputStream in = source.open("samples.json")) {
			return new Config(name, JsonText.object(name, new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8)));
		}
		catch (final IOException e) {
			throw new DiffEditException(name + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	private static Settings settings(final Config mask, final Config edit) {
		return new Settings(mask.getInt("num_maps_per_mask", 10), mask.getDouble("mask_encode_strength", 0.5),
			mask.getDouble("mask_thresholding_ratio", 3), mask.getInt("num_inference_steps", 50), mask.getDouble("guidance_scale", 7.5),
			edit.getInt("steps", 50), edit.getDouble("strength", 0.8), edit.getDouble("guidance", 7.5), edit.getDouble("inversion_guidance", 1), RequestPresets.named(RequestPresets.STANDARD));
	}

	private static Sample sample(final Config json, final Source source) {
		final String file = json.getString("file", "");
		final Sample.Change change = json.getString("what", "").equals("kind") ? Sample.Change.KIND : Sample.Change.COLOUR;
		final Sample.Expected expected = new Sample.Expected(json.getDouble("expected_iou", Double.NaN),
			json.getBoolean("expected_edit_success", false), json.getDouble("expected_outside_psnr", Double.NaN));
		return new Sample(file.replaceFirst("\\.[a-z]+$", ""),
			open(json, "file", source, PngFiles::readPicture), open(json, "mask", source, PngFiles::readMask),
			open(json, "group_mask", source, PngFiles::readMask), open(json, "target", source, PngFiles::readPicture),
			json.getString("source_prompt", ""), json.getString("target_prompt", ""), change, expected);
	}

	/** Reads an image file. */
	@FunctionalInterface
	private interface Reader<T> {

		T read(InputStream in, String name);
	}

	private static <T> T open(final Config json, final String key, final Source source, final Reader<T> reader) {
		final String name = json.getString(key, "");
		if (!name.matches("[\\w-][\\w. -]*")) {
			throw new DiffEditException(json.source() + " names the file '" + name + "' as " + key + "; plain names in the same folder are allowed.");
		}
		try (InputStream in = source.open(name)) {
			return reader.read(in, name);
		}
		catch (final IOException e) {
			throw new DiffEditException(json.source() + " names " + name + ", which cannot be read (" + e.getMessage() + ").", e);
		}
	}
}
