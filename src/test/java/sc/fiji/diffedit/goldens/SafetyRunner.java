package sc.fiji.diffedit.goldens;

import java.util.ArrayList;
import java.util.List;

import com.google.gson.JsonElement;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.CLIPImageProcessor;
import sc.fiji.diffedit.models.StableDiffusionSafetyChecker;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.ModelFolder;

/** Kind {@code safety}: pictures to pixel values, embeddings, nearness to concepts, flags, and what is shown. */
final class SafetyRunner implements GoldenRunner {

	@Override
	public void run(final GoldenCase golden, final Comparison comparison) {
		final Config config = Config.read(golden.model().resolve("feature_extractor/preprocessor_config.json"));
		final List<Picture> pictures = new ArrayList<>();
		for (final JsonElement image : golden.json().getAsJsonArray("images")) pictures.add(BlipRunner.picture(((GoldenCase.Png) golden.value(image)).file()));
		try (ModelFolder folder = ModelFolder.open(golden.model().resolve("safety_checker"));
			StableDiffusionSafetyChecker checker = new StableDiffusionSafetyChecker(folder.config(ModelFolder.WHOLE), folder.weights(ModelFolder.WHOLE), DType.FLOAT32))
		{
			final Tensor pixels = CLIPImageProcessor.of(config).preprocess(pictures);
			comparison.tensor("out.pixel_values", pixels);
			final Tensor embeds = checker.imageEmbeds(pixels);
			comparison.tensor("out.image_embeds", embeds);
			comparison.tensor("out.concept_cosines", checker.conceptCosines(embeds));
			comparison.tensor("out.special_care_cosines", checker.specialCareCosines(embeds));
			shown(golden, comparison, checker.flags(pixels));
		}
	}

	/** Flagged images are zeros, others as they came. */
	private static void shown(final GoldenCase golden, final Comparison comparison, final boolean[] flags) {
		final long[] numbers = new long[flags.length];
		final List<Tensor> shown = new ArrayList<>();
		for (int i = 0; i < flags.length; i++) {
			numbers[i] = flags[i] ? 1 : 0;
			final Tensor image = golden.tensor("in.images").slice(0, i, i + 1);
			shown.add(flags[i] ? image.multiply(0) : image);
		}
		comparison.wholeNumbers("out.flags", numbers);
		comparison.tensor("out.images", Tensor.cat(shown, 0));
	}
}
