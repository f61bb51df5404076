package sc.fiji.diffedit.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

import com.google.gson.JsonElement;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.Mode;
import sc.fiji.diffedit.pipelines.RequestPreset;
import sc.fiji.diffedit.service.RequestPresets;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/**
 * Pictures with edits whose correct results are known, and their settings: what {@code samples.json} says, as
 * {@code scripts/train_demo_model.py samples} writes it.
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

	/** Reads the pictures and masks of a set of samples. */
	public interface Images {

		/** @throws DiffEditException if there is no such picture, or it is damaged */
		Picture picture(String name);

		/** @throws DiffEditException if there is no such mask, or it is damaged */
		Mask mask(String name);
	}

	/** The samples that ship inside the plugin. */
	public static Samples bundled() {
		return of(json("the embedded samples", () -> resource("samples.json")), new Images() {

			@Override
			public Picture picture(final String name) {
				return read(name, PngFiles::readPicture);
			}

			@Override
			public Mask mask(final String name) {
				return read(name, PngFiles::readMask);
			}
		});
	}

	private static InputStream resource(final String name) throws IOException {
		final InputStream in = Samples.class.getResourceAsStream(BUNDLED + name);
		if (in == null) throw new IOException("there is no " + name);
		return in;
	}

	private static <T> T read(final String name, final BiFunction<InputStream, String, T> reader) {
		try (InputStream in = resource(name)) {
			return reader.apply(in, name);
		}
		catch (final IOException e) {
			throw new DiffEditException("The embedded samples lack " + name + " (" + e.getMessage() + "); install the plugin anew.", e);
		}
	}

	/** A file's bytes. */
	@FunctionalInterface
	public interface Source {

		InputStream open() throws IOException;
	}

	/**
	 * Reads {@code samples.json}.
	 *
	 * @param where it is, for messages
	 * @throws DiffEditException if it cannot be read
	 */
	public static Config json(final String where, final Source source) {
		final String name = "samples.json of " + where;
		try (InputStream in = source.open()) {
			return new Config(name, JsonText.object(name, new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8)));
		}
		catch (final IOException e) {
			throw new DiffEditException(name + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	/**
	 * The samples of a list.
	 *
	 * @param json as {@code samples.json}: a list {@code samples} of objects with {@code file}, {@code mask}, {@code source_prompt}
	 *          and {@code target_prompt}, and if they are known {@code target}, {@code group_mask} and {@code what}
	 * @throws DiffEditException if it lists none, or what it lists cannot be read
	 */
	public static Samples of(final Config json, final Images images) {
		final List<Sample> samples = new ArrayList<>();
		if (!json.isList("samples")) throw new DiffEditException(json.source() + " has no list 'samples'; the file is damaged.");
		for (final JsonElement sample : json.json().getAsJsonArray("samples")) {
			if (!sample.isJsonObject()) throw new DiffEditException(json.source() + " has a sample that is not an object; the file is damaged.");
			samples.add(new Entry(new Config(json.source(), sample.getAsJsonObject()), images).sample());
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

	private static Settings settings(final Config mask, final Config edit) {
		return new Settings(mask.getInt("num_maps_per_mask", 10), mask.getDouble("mask_encode_strength", 0.5),
			mask.getDouble("mask_thresholding_ratio", 3), mask.getInt("num_inference_steps", 50), mask.getDouble("guidance_scale", 7.5),
			edit.getInt("steps", 50), edit.getDouble("strength", 0.8), edit.getDouble("guidance", 7.5), edit.getDouble("inversion_guidance", 1), RequestPresets.named(RequestPresets.STANDARD));
	}

	/** One sample of a list. */
	private record Entry(Config json, Images images) {

		Sample sample() {
			final String file = file("file");
			final Picture picture = images.picture(file);
			final Mask truth = fitting(images.mask(file("mask")), "mask", picture);
			final Optional<Picture> target = json.has("target") ? Optional.of(images.picture(file("target"))) : Optional.empty();
			target.ifPresent(wanted -> requireSize(wanted.width(), wanted.height(), "target", picture));
			final Sample.Expected expected = new Sample.Expected(json.getDouble("expected_iou", Double.NaN),
				json.getBoolean("expected_edit_success", false), json.getDouble("expected_outside_psnr", Double.NaN));
			return new Sample(file.replaceFirst("\\.[A-Za-z]+$", ""), picture, truth,
				json.has("group_mask") ? fitting(images.mask(file("group_mask")), "group_mask", picture) : truth,
				target, prompt("source_prompt"), prompt("target_prompt"), change(), expected);
		}

		private Sample.Change change() {
			final String what = json.getString("what", "colour");
			if (!List.of("colour", "kind").contains(what)) throw new DiffEditException(json.source() + " has the change '" + what + "'; write colour or kind.");
			return what.equals("kind") ? Sample.Change.KIND : Sample.Change.COLOUR;
		}

		private String prompt(final String key) {
			if (json.has(key)) return json.getString(key, "");
			throw new DiffEditException(json.source() + " has no " + key + " for " + json.getString("file", "") + "; write what is in the picture, and what should be there.");
		}

		private String file(final String key) {
			final String name = json.getString(key, "");
			final boolean isInside = !name.isBlank() && !name.matches("[/\\\\].*|.*:.*") && !List.of(name.split("[/\\\\]")).contains("..");
			if (!isInside) throw new DiffEditException(json.source() + " names the file '" + name + "' as " + key + "; name a file in the same folder or below it.");
			return name;
		}

		private Mask fitting(final Mask mask, final String key, final Picture picture) {
			requireSize(mask.width(), mask.height(), key, picture);
			return mask;
		}

		private void requireSize(final int width, final int height, final String key, final Picture picture) {
			if (width == picture.width() && height == picture.height()) return;
			throw new DiffEditException(json.source() + ": " + json.getString(key, "") + " has " + width + " x " + height + " pixels, but " + json.getString("file", "") + " has "
				+ picture.width() + " x " + picture.height() + "; they must be the same.");
		}
	}
}
