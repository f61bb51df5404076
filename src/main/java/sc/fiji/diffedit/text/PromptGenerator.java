package sc.fiji.diffedit.text;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.T5Config;
import sc.fiji.diffedit.models.T5ForConditionalGeneration;
import sc.fiji.diffedit.models.TextDecoder;
import sc.fiji.diffedit.models.TextGeneration;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.ModelFolder;

/**
 * Writes prompts with T5. The mean embedding of many prompts describes a concept better than a single prompt; diffusers' guide to
 * DiffEdit uses such means as source and target. A seed gives the samples that transformers draws after
 * {@code torch.manual_seed(seed)} on the CPU.
 */
public final class PromptGenerator implements AutoCloseable {

	private final Resources opened;
	private final Tokenizer tokenizer;
	private final T5ForConditionalGeneration model;
	private final Device device;

	/**
	 * A generator with components that are owned and closed by the caller.
	 *
	 * @param device of the model
	 */
	public PromptGenerator(final Tokenizer tokenizer, final T5ForConditionalGeneration model, final Device device) {
		this(new Resources(), tokenizer, model, device);
	}

	private PromptGenerator(final Resources opened, final Tokenizer tokenizer, final T5ForConditionalGeneration model, final Device device) {
		this.opened = opened;
		this.tokenizer = tokenizer;
		this.model = model;
		this.device = device;
	}

	/**
	 * Opens the folder of a T5 model, with {@code config.json}, weights and the tokenizer's files. Weights are loaded at first use.
	 * To be closed by the caller.
	 *
	 * @param dtype data type to compute in; float16, in which larger models overflow, is replaced by bfloat16
	 * @param device where to compute
	 * @throws sc.fiji.diffedit.DiffEditException if a part is missing, damaged or of another kind
	 */
	public static PromptGenerator open(final Path folder, final DType dtype, final Device device) {
		return Resources.with(opened -> {
			final ModelFolder files = opened.keep(ModelFolder.open(folder));
			final T5Config config = config(files);
			final Tokenizer tokenizer = opened.keep(T5Tokenizer.read(files.root()));
			return new PromptGenerator(opened, tokenizer,
				opened.keep(new T5ForConditionalGeneration(config, files.weights(ModelFolder.WHOLE), type(dtype), device)), device);
		});
	}

	/** @throws sc.fiji.diffedit.DiffEditException if the folder holds a model of another kind */
	public static T5Config config(final ModelFolder files) {
		final Config config = Resources.config(files, "t5");
		final T5Config t5 = T5Config.of(config);
		Resources.tellUnread(config, Resources.WRITER_KEYS);
		return t5;
	}

	/** The data type used when the given one is requested. */
	public static DType type(final DType computed) {
		return computed == DType.FLOAT16 ? DType.BFLOAT16 : computed;
	}

	/** Suggests prompts. */
	public List<String> suggest(final SuggestionRequest request) {
		return suggest(request, made -> {});
	}

	/**
	 * Suggests prompts.
	 *
	 * @param progress receives the number of tokens after each; may throw {@code CancelledException}
	 * @return as many as requested; some may be equal
	 */
	public List<String> suggest(final SuggestionRequest request, final IntConsumer progress) {
		final T5Config config = model.config();
		final TextGeneration generation = new TextGeneration(config.eosTokenId(), config.padTokenId(), request.maxNewTokens(), progress);
		final long[][] start = new long[request.count()][1];
		for (final long[] row : start) row[0] = config.decoderStartTokenId();
		try (Scope scope = Scope.open(); TextDecoder decoder = read(request.instruction())) {
			decoder.select(new int[request.count()]);
			final long[][] ids = generation.sample(decoder, start, request.sampling(), Generator.of(request.seed()));
			return Arrays.stream(ids).map(tokenizer::decode).map(String::trim).toList();
		}
	}

	private TextDecoder read(final String instruction) {
		final long[] ids = tokenizer.encode(instruction);
		final Tensor tokens = Tensor.of(ids, 1, ids.length).to(device);
		final long[] ones = new long[ids.length];
		Arrays.fill(ones, 1);
		final Tensor mask = Tensor.of(ones, 1, ids.length).to(device);
		return model.decoder(model.encode(tokens, mask), mask);
	}

	/** Frees what {@link #open} opened. */
	@Override
	public void close() {
		opened.close();
	}
}
