package sc.fiji.diffedit.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import sc.fiji.diffedit.models.CLIPTextModel;
import sc.fiji.diffedit.models.CLIPTextModelWithProjection;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.Finite;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.models.TextStates;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.TextualInversion;

/**
 * Prompts for SDXL: the penultimate hidden states of two text encoders side by side, and the second one's pooled output, projected,
 * as {@code text_embeds} (diffusers {@code encode_prompt} in {@code pipeline_stable_diffusion_xl.py}). The refiner has only the
 * second encoder. {@code clipSkip} counts from the penultimate state.
 */
public final class StableDiffusionXLPromptEncoder implements PromptEncoder {

	private final Optional<ClipReader> first;
	private final ClipReader second;
	private final CLIPTextModelWithProjection projection;
	private final boolean forceZerosForEmptyPrompt;
	private final Device device;
	private final Consumer<String> warnings;
	private final PromptOptions options;
	private final int pieces;
	private final List<ClipTokenizer> owned;

	private StableDiffusionXLPromptEncoder(final Optional<ClipReader> first, final ClipReader second,
		final CLIPTextModelWithProjection projection, final boolean forceZerosForEmptyPrompt, final Device device,
		final Consumer<String> warnings, final PromptOptions options, final int pieces, final List<ClipTokenizer> owned)
	{
		this.first = first;
		this.second = second;
		this.projection = projection;
		this.forceZerosForEmptyPrompt = forceZerosForEmptyPrompt;
		this.device = device;
		this.warnings = warnings;
		this.options = options;
		this.pieces = pieces;
		this.owned = owned;
	}

	/**
	 * The encoder of a base model.
	 *
	 * @param forceZerosForEmptyPrompt whether a negative prompt that was not given is zeros; from {@code model_index.json}
	 * @param device of the text encoders and the results
	 * @param warnings receives a message when words of a prompt are truncated
	 */
	public static StableDiffusionXLPromptEncoder base(final ClipTokenizer tokenizer, final CLIPTextModel textEncoder,
		final ClipTokenizer tokenizer2, final CLIPTextModelWithProjection textEncoder2, final boolean forceZerosForEmptyPrompt,
		final Device device, final Consumer<String> warnings)
	{
		return new StableDiffusionXLPromptEncoder(Optional.of(new ClipReader(tokenizer, textEncoder, "text_encoder")),
			new ClipReader(tokenizer2, textEncoder2.text(), "text_encoder_2"), textEncoder2, forceZerosForEmptyPrompt, device, warnings,
			PromptOptions.DEFAULTS, 1, List.of());
	}

	/** The encoder of a refiner: only the second text encoder, which reads the first prompt unless a second one is given. */
	public static StableDiffusionXLPromptEncoder refiner(final ClipTokenizer tokenizer2, final CLIPTextModelWithProjection textEncoder2,
		final boolean forceZerosForEmptyPrompt, final Device device, final Consumer<String> warnings)
	{
		return new StableDiffusionXLPromptEncoder(Optional.empty(), new ClipReader(tokenizer2, textEncoder2.text(), "text_encoder_2"),
			textEncoder2, forceZerosForEmptyPrompt, device, warnings, PromptOptions.DEFAULTS, 1, List.of());
	}

	/** The refiner's encoder that shares the second text encoder and its tokenizer with this one. */
	public StableDiffusionXLPromptEncoder asRefiner(final boolean forceZeros) {
		return new StableDiffusionXLPromptEncoder(Optional.empty(), second, projection, forceZeros, device, warnings, PromptOptions.DEFAULTS, 1, List.of());
	}

	/** Width of the second text encoder's hidden states, the only ones that a refiner uses. */
	public int widthOfSecond() {
		return second.model().config().hiddenSize();
	}

	@Override
	public Conditioning encode(final List<String> prompts, final List<String> prompts2, final int clipSkip) {
		Prompts.check(prompts, prompts2);
		Prompts.checkSkip(clipSkip, mostToSkip());
		final Set<String> warned = new LinkedHashSet<>();
		final int count = pieces(prompts, prompts2);
		try (Scope scope = Scope.open()) {
			final List<Tensor> pooled = new ArrayList<>();
			final List<String> unique = new ArrayList<>();
			final int[] rows = Prompts.unique(prompts2, unique);
			final Tensor states = read(second, unique, count, clipSkip, s -> pooled.add(Finite.result(second.part(), projection.project(s.pooled()))), warned);
			final Tensor own = Prompts.rows(states, rows);
			final Tensor encoderHiddenStates = first.isPresent() ? Tensor.cat(-1, ofFirst(prompts, count, clipSkip, warned), own) : own;
			final Tensor embeds = Prompts.rows(pooled.size() == 1 ? pooled.get(0) : Tensor.cat(pooled, 0), rows);
			warned.forEach(warnings);
			return Conditioning.of(scope.keep(encoderHiddenStates)).with(Conditioning.TEXT_EMBEDS, scope.keep(embeds));
		}
	}

	private Tensor ofFirst(final List<String> prompts, final int count, final int clipSkip, final Set<String> warnings) {
		final List<String> unique = new ArrayList<>();
		final int[] rows = Prompts.unique(prompts, unique);
		return Prompts.rows(read(first.get(), unique, count, clipSkip, s -> {}, warnings), rows);
	}

	private Tensor read(final ClipReader reader, final List<String> prompts, final int count, final int clipSkip,
		final Consumer<TextStates> also, final Set<String> warnings)
	{
		final int state = -clipSkip - 2;
		return reader.read(prompts, options, count, device, new int[] { state }, s -> s.hiddenState(state), also, warnings::add);
	}

	private int mostToSkip() {
		final int layers = second.model().config().numHiddenLayers();
		return Math.min(layers, first.map(reader -> reader.model().config().numHiddenLayers()).orElse(layers)) - 1;
	}

	/** Both encoders must return the same number of tokens. */
	private int pieces(final Collection<String> prompts, final Collection<String> prompts2) {
		final int ofFirst = first.map(reader -> Prompts.pieces(reader, prompts, options)).orElse(1);
		return Math.max(pieces, Math.max(ofFirst, Prompts.pieces(second, prompts2, options)));
	}

	@Override
	public Map<String, Network> networks() {
		final Map<String, Network> networks = new LinkedHashMap<>();
		first.ifPresent(reader -> networks.put(reader.part(), reader.model()));
		networks.put(second.part(), projection);
		return networks;
	}

	@Override
	public boolean zerosForMissing() {
		return forceZerosForEmptyPrompt;
	}

	@Override
	public Conditioning encodeMissing() {
		if (!forceZerosForEmptyPrompt) return encode(List.of(""), 0);
		final long width = second.model().config().hiddenSize() + first.map(reader -> reader.model().config().hiddenSize()).orElse(0);
		try (Scope scope = Scope.open()) {
			final Tensor encoderHiddenStates = zeros(1, (long) pieces * second.tokenizer().maxLength(), width);
			final Tensor embeds = zeros(1, second.model().config().projectionDim());
			return Conditioning.of(scope.keep(encoderHiddenStates)).with(Conditioning.TEXT_EMBEDS, scope.keep(embeds));
		}
	}

	private Tensor zeros(final long... shape) {
		return Tensor.zeros(second.model().dtype(), shape).to(device);
	}

	@Override
	public PromptEncoder with(final PromptOptions other) {
		return new StableDiffusionXLPromptEncoder(first, second, projection, forceZerosForEmptyPrompt, device, warnings, other, 1, List.of());
	}

	@Override
	public PromptEncoder forPrompts(final Collection<String> prompts) {
		return new StableDiffusionXLPromptEncoder(first, second, projection, forceZerosForEmptyPrompt, device, warnings, options,
			pieces(prompts, prompts), List.of());
	}

	@Override
	public int pieces() {
		return pieces;
	}

	@Override
	public List<long[]> words(final String prompt, final String prompt2) {
		final int count = pieces(List.of(prompt), List.of(prompt2));
		final List<long[]> words = new ArrayList<>();
		first.ifPresent(reader -> words.add(reader.words(prompt, options, count)));
		words.add(second.words(prompt2, options, count));
		return words;
	}

	@Override
	public Set<String> cut(final Collection<String> prompts) {
		final int count = pieces(prompts, prompts);
		final Set<String> cut = first.map(reader -> Prompts.cut(reader, prompts, options, count)).orElseGet(LinkedHashSet::new);
		cut.addAll(Prompts.cut(second, prompts, options, count));
		return cut;
	}

	/** The token must have been trained for each text encoder of this model. */
	@Override
	public PromptEncoder with(final TextualInversion inversion) {
		final ClipReader other = second.with(inversion);
		final List<ClipTokenizer> own = new ArrayList<>(List.of(other.tokenizer()));
		try {
			final Optional<ClipReader> others = first.map(reader -> reader.with(inversion));
			others.ifPresent(reader -> own.add(reader.tokenizer()));
			return new StableDiffusionXLPromptEncoder(others, other, projection, forceZerosForEmptyPrompt, device, warnings, options, pieces, own);
		}
		catch (final RuntimeException e) {
			other.tokenizer().close();
			throw e;
		}
	}

	@Override
	public void close() {
		owned.forEach(ClipTokenizer::close);
	}
}
