package sc.fiji.diffedit.service;

import java.util.Map;
import java.util.function.Function;

import sc.fiji.diffedit.memory.Activations;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.models.BlipConfig;
import sc.fiji.diffedit.models.T5Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.Captioner;
import sc.fiji.diffedit.text.PromptGenerator;
import sc.fiji.diffedit.text.SuggestionRequest;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.Weights;

/** The expected memory of captioners and prompt generators, from their configs and file headers. */
final class WriterMemory {

	private static final String CAPTIONER = "captioner", GENERATOR = "prompt generator";
	/** Minimum average number of letters per token. */
	private static final int LETTERS = 3;

	private WriterMemory() {}

	/** Encoding the image, and decoding as many captions as there are beams. */
	static MemoryEstimate of(final LoadOptions captioner, final CaptionRequest request) {
		return estimate(captioner, CAPTIONER, captioner.dtype(), folder -> {
			final BlipConfig config = Captioner.config(folder);
			final int bytes = captioner.dtype().bytes();
			final long image = Activations.ofTransformer(config.vision().hiddenSize(), config.vision().intermediateSize(), 1, config.vision().tokens(), bytes);
			return Math.max(image, Activations.ofTextDecoder(config.text().numHiddenLayers(), config.text().hiddenSize(), request.numBeams(), config.vision().tokens(),
				tokens(request.beginning()) + request.maxNewTokens(), config.text().vocabSize(), bytes));
		});
	}

	/** All prompts are generated in one batch. */
	static MemoryEstimate of(final LoadOptions generator, final SuggestionRequest request) {
		final DType dtype = PromptGenerator.type(generator.dtype());
		return estimate(generator, GENERATOR, dtype, folder -> {
			final T5Config config = PromptGenerator.config(folder);
			return Activations.ofTextDecoder(config.numDecoderLayers(), (long) config.numHeads() * config.dKv(), request.count(), tokens(request.instruction()),
				1 + request.maxNewTokens(), config.vocabSize(), dtype.bytes());
		});
	}

	private static int tokens(final String text) {
		return 1 + text.length() / LETTERS;
	}

	private static MemoryEstimate estimate(final LoadOptions options, final String stage, final DType dtype, final Function<ModelFolder, Long> activations) {
		try (ModelFolder folder = ModelFolder.open(Writers.folder(options))) {
			final long bytes = activations.apply(folder);
			final Weights weights = folder.weights(ModelFolder.WHOLE);
			final boolean made = weights.names().stream().findFirst().map(name -> weights.dtype(name) != dtype).orElse(false);
			return new MemoryEstimate(made ? weights.byteCount(dtype) : 0, Map.of(stage, bytes));
		}
	}
}
