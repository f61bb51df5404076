package sc.fiji.diffedit.goldens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.pipelines.OutputType;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.text.PromptOptions;

/** Adapters and models from all kinds of files, through the service: prompts to embeddings as in goldens F and G. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class AdaptersTest {

	private static final GoldenTree TREE = new GoldenTree(GoldenTree.SHIPPED);

	@ParameterizedTest
	@ValueSource(strings = { "F_ti_sd1_two", "F_ti_sdxl", "F_lora_sdxl_kohya_sgm", "G_single_sd1_fp16_ckpt", "G_single_sdxl_fp16", "G_bin_sd1", "G_variant_sd1" })
	void promptsAreReadAsDiffusersReadsThem(final String name) {
		try (GoldenCase golden = TREE.open(name); ModelStore models = new ModelStore()) {
			final ModelArguments arguments = new ModelArguments(golden);
			try (ModelLease lease = models.borrow(arguments.options())) {
				lease.setAdapters(arguments.adapters());
				final PromptOptions parity = PromptOptions.DEFAULTS.withParity(true);
				final JsonObject call = golden.json().getAsJsonObject("args");
				final Comparison comparison = new Comparison(golden);
				lease.call(model -> {
					final List<String> texts = List.of(call.get("negative_prompt").getAsString(), call.get("prompt").getAsString());
					comparison.tensor("unet.0.encoder_hidden_states", model.promptEncoder().with(parity).encode(texts, 0).encoderHiddenStates());
					return null;
				});
				assertEquals(List.of(), comparison.wrong());
			}
		}
	}

	/** Two borrowers of one model, one with a LoRA: each has its own. */
	@Test
	void borrowersDoNotSeeEachOthersAdapters() {
		final Path adapters = TREE.model("adapters");
		final LoadOptions options = LoadOptions.of(TREE.model("sd1").toString()).withDevice("cpu");
		try (ModelStore models = new ModelStore(); ModelLease plain = models.borrow(options); ModelLease adapted = models.borrow(options)) {
			final float[] first = run(plain, "a <thing>");
			adapted.setAdapters(Adapters.NONE.withLora(adapters.resolve("sd1_kohya.safetensors"), 0.8).withTextualInversion(adapters.resolve("ti_one.safetensors")));
			final float[] second = run(adapted, "a <thing>");
			assertTrue(difference(first, second) > 1e-3);
			assertArrayEquals(first, run(plain, "a <thing>"));
			assertArrayEquals(second, run(adapted, "a <thing>"));
			adapted.setAdapters(adapted.adapters().withFused(true));
			assertTrue(difference(second, run(adapted, "a <thing>")) < 1e-3);
			adapted.setAdapters(Adapters.NONE.withLora(adapters.resolve("sdxl_peft.safetensors"), 1));
			assertTrue(assertThrows(DiffEditException.class, () -> run(adapted, "a <thing>")).getMessage().contains("another family"));
			adapted.setAdapters(Adapters.NONE.withTextualInversion(adapters.resolve("ti_one.safetensors"), "car</w>"));
			assertTrue(assertThrows(DiffEditException.class, () -> run(adapted, "a <thing>")).getMessage().contains("already"));
			adapted.setAdapters(Adapters.NONE);
			assertArrayEquals(first, run(adapted, "a <thing>"));
		}
	}

	private static float[] run(final ModelLease lease, final String prompt) {
		final TextToImageRequest request = TextToImageRequest.of(prompt).withNegative(List.of(Prompt.of(""))).withWidth(64).withHeight(64).withNumInferenceSteps(2)
			.withOutput(OutputType.LATENT).withSeed(3);
		return lease.textToImage(request, StepListener.NONE).latents().values();
	}

	private static double difference(final float[] one, final float[] other) {
		double worst = 0;
		for (int i = 0; i < one.length; i++) worst = Math.max(worst, Math.abs(one[i] - other[i]));
		return worst;
	}
}
