package sc.fiji.diffedit.goldens;

import java.util.stream.IntStream;

import sc.fiji.diffedit.memory.ModelMemory;
import sc.fiji.diffedit.models.CLIPTextConfig;
import sc.fiji.diffedit.models.CLIPTextModel;
import sc.fiji.diffedit.models.CLIPTextModelWithProjection;
import sc.fiji.diffedit.models.TextStates;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** Kind {@code text_encoder}: token numbers to every hidden state, the pooled output and what {@code clip_skip} gives. */
final class TextEncoderRunner implements GoldenRunner {

	@Override
	public void run(final GoldenCase golden, final Comparison comparison) {
		try (GoldenPart part = GoldenPart.of(golden)) {
			final CLIPTextConfig config = CLIPTextConfig.of(part.config());
			if (golden.text("class").equals("CLIPTextModel")) plain(golden, part, config, comparison);
			else withProjection(golden, part, config, comparison);
		}
	}

	private static void plain(final GoldenCase golden, final GoldenPart part, final CLIPTextConfig config, final Comparison comparison) {
		try (CLIPTextModel text = new CLIPTextModel(config, part.weights(), DType.FLOAT32);
			ModelMemory memory = LayerwiseCasting.place(golden, "text_encoder", text))
		{
			final TextStates states = states(golden, text, comparison);
			comparison.tensor("out.pooler_output", states.pooled());
			for (int skip = 1; skip <= config.numHiddenLayers(); skip++) {
				final Tensor earlier = states.hiddenState(config.numHiddenLayers() - skip);
				comparison.tensor("out.clip_skip." + skip, text.finalLayerNorm(earlier));
			}
		}
	}

	private static void withProjection(final GoldenCase golden, final GoldenPart part, final CLIPTextConfig config, final Comparison comparison) {
		try (CLIPTextModelWithProjection both = new CLIPTextModelWithProjection(config, part.weights(), DType.FLOAT32)) {
			final TextStates states = states(golden, both.text(), comparison);
			comparison.tensor("out.text_embeds", both.project(states.pooled()));
		}
	}

	private static TextStates states(final GoldenCase golden, final CLIPTextModel text, final Comparison comparison) {
		final int layers = text.config().numHiddenLayers();
		final TextStates states = text.forward(golden.tensor("in.input_ids"), IntStream.rangeClosed(0, layers).toArray());
		comparison.tensor("out.last_hidden_state", states.lastHiddenState());
		for (int i = 0; i <= layers; i++) comparison.tensor("out.hidden_states." + i, states.hiddenState(i));
		return states;
	}
}
