package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import com.google.gson.JsonParser;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Raster;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.ModelFolder;

/** The safety checker and what it looks at, against diffusers and transformers: golden H_safety. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class StableDiffusionSafetyCheckerTest {

	private final GoldenCase golden = new GoldenCase("H_safety");

	private static StableDiffusionSafetyChecker load(final ModelFolder folder) {
		return new StableDiffusionSafetyChecker(folder.config(ModelFolder.WHOLE), folder.weights(ModelFolder.WHOLE), DType.FLOAT32);
	}

	private static CLIPImageProcessor processor() {
		return CLIPImageProcessor.of(Config.read(GoldenCase.model("safety/feature_extractor").resolve("preprocessor_config.json")));
	}

	private List<Picture> pictures() {
		final List<Picture> pictures = new ArrayList<>();
		for (int i = 0; i < 4; i++) pictures.add(golden.picture("image_" + i + ".png"));
		return pictures;
	}

	@Test
	void seesWhatDiffusersSees() {
		try (ModelFolder folder = ModelFolder.open(GoldenCase.model("safety/safety_checker")); StableDiffusionSafetyChecker checker = load(folder)) {
			final Tensor pixels = processor().preprocess(pictures());
			golden.check("out.pixel_values", pixels);
			final Tensor embeds = checker.imageEmbeds(pixels);
			golden.check("out.image_embeds", embeds);
			golden.check("out.concept_cosines", checker.conceptCosines(embeds));
			golden.check("out.special_care_cosines", checker.specialCareCosines(embeds));
			assertArrayEquals(golden.tensor("out.flags").toLongArray(), numbers(checker.flags(pixels)));
		}
	}

	@Test
	void flaggedPicturesAreBlack() {
		try (ModelFolder folder = ModelFolder.open(GoldenCase.model("safety/safety_checker")); StableDiffusionSafetyChecker checker = load(folder)) {
			final List<Picture> pictures = pictures();
			final SafetyFilter.Checked checked = new SafetyFilter(checker, processor()).check(pictures);
			final long[] flags = golden.tensor("out.flags").toLongArray();
			assertArrayEquals(flags, numbers(checked.flagged()));
			for (int i = 0; i < flags.length; i++) {
				if (flags[i] == 0) assertSame(pictures.get(i), checked.pictures().get(i));
				else assertArrayEquals(new float[pictures.get(i).values().length], checked.pictures().get(i).values());
			}
		}
	}

	private static long[] numbers(final boolean[] flags) {
		final long[] numbers = new long[flags.length];
		for (int i = 0; i < flags.length; i++) numbers[i] = flags[i] ? 1 : 0;
		return numbers;
	}

	@Test
	void imagesOfAnotherSizeAreTold() {
		try (ModelFolder folder = ModelFolder.open(GoldenCase.model("safety/safety_checker")); StableDiffusionSafetyChecker checker = load(folder)) {
			assertThrows(DiffEditException.class, () -> checker.flags(Tensor.zeros(DType.FLOAT32, 1, 3, 16, 32)));
		}
	}

	@Test
	void sizesMayBeWrittenInThreeWays() {
		final Map<String, int[]> sizes = new HashMap<>();
		sizes.put("{\"size\": 24, \"crop_size\": 16}", new int[] { 16, 16 });
		sizes.put("{\"size\": {\"shortest_edge\": 24}, \"do_center_crop\": false}", new int[] { 24, 36 });
		sizes.put("{\"size\": {\"height\": 20, \"width\": 30}, \"crop_size\": {\"height\": 40, \"width\": 10}}", new int[] { 40, 10 });
		sizes.put("{\"do_resize\": false, \"do_center_crop\": false}", new int[] { 40, 60 });
		final Picture picture = Raster.black(60, 40, 3).toPicture();
		sizes.forEach((json, size) -> {
			final Config config = new Config("test", JsonParser.parseString(json).getAsJsonObject());
			final Tensor pixels = CLIPImageProcessor.of(config).preprocess(List.of(picture));
			assertArrayEquals(new long[] { 1, 3, size[0], size[1] }, pixels.shape(), json);
		});
	}

	@Test
	void badConfigsAreTold() {
		for (final String json : List.of("{\"size\": -3}", "{\"size\": {\"longest_edge\": 3}}", "{\"resample\": 9}", "{\"image_std\": [1, 0, 1]}",
			"{\"image_mean\": [1]}"))
		{
			final Config config = new Config("test", JsonParser.parseString(json).getAsJsonObject());
			assertThrows(DiffEditException.class, () -> CLIPImageProcessor.of(config), json);
		}
	}
}
