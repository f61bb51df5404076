package sc.fiji.diffedit.text;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import sc.fiji.diffedit.models.CLIPTextModel;
import sc.fiji.diffedit.models.CLIPTextModelWithProjection;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.TextStates;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Prompts for SDXL: the penultimate hidden states of two text encoders side by side, and the second one's pooled output,
 * projected, as {@code text_embeds} (diffusers {@code encode_prompt} in {@code pipeline_stable_diffusion_xl.py}). The
 * refiner has the second encoder alone. {@code clipSkip} counts from the penultimate state.
 */
public final class StableDiffusionXLPromptEncoder implements PromptEncoder {

	/** A tokenizer and its text encoder. */
	private record Reader(Tokenizer tokenizer, CLIPTextModel model) {}

	private final Optional<Reader> first;
	private final Reader second;
	private final CLIPTextModelWithProjection projection;
	private final boolean forceZerosForEmptyPrompt;
	private final Device device;
	private final Consumer<String> warnings;

	private StableDiffusionXLPromptEncoder(final Optional<Reader> first, final Tokenizer tokenizer2,
		final CLIPTextModelWithProjection textEncoder2, final boolean forceZerosForEmptyPrompt, final Device device,
		final Consumer<String> warnings)
	{
		this.first = first;
		this.second = new Reader(tokenizer2, textEncoder2.text());
		this.projection = textEncoder2;
		this.forceZerosForEmptyPrompt = forceZerosForEmptyPrompt;
		this.device = device;
		this.warnings = warnings;
	}

	/**
	 * The base model's form.
	 *
	 * @param forceZerosForEmptyPrompt whether a negative prompt that was not given is zeros; from {@code model_index.json}
	 * @param device where the text encoders work and results lie
	 * @param warnings takes a sentence when words of a prompt do not fit
	 */
	public static StableDiffusionXLPromptEncoder base(final Tokenizer tokenizer, final CLIPTextModel textEncoder,
		final Tokenizer tokenizer2, final CLIPTextModelWithProjection textEncoder2, final boolean forceZerosForEmptyPrompt,
		final Device device, final Consumer<String> warnings)
	{
		return new StableDiffusionXLPromptEncoder(Optional.of(new Reader(tokenizer, textEncoder)), tokenizer2, textEncoder2,
			forceZerosForEmptyPrompt, device, warnings);
	}

	/** The refiner's form: the second encoder alone, which reads the first prompt unless another one is given. */
	public static StableDiffusionXLPromptEncoder refiner(final Tokenizer tokenizer2, final CLIPTextModelWithProjection textEncoder2,
		final boolean forceZerosForEmptyPrompt, final Device device, final Consumer<String> warnings)
	{
		return new StableDiffusionXLPromptEncoder(Optional.empty(), tokenizer2, textEncoder2, forceZerosForEmptyPrompt, device, warnings);
	}

	@Override
	public Conditioning encode(final List<String> prompts, final List<String> prompts2, final int clipSkip) {
		Prompts.check(prompts, prompts2);
		Prompts.checkSkip(clipSkip, mostToSkip());
		final Set<String> told = new LinkedHashSet<>();
		try (Scope scope = Scope.open()) {
			final List<String> unique = new ArrayList<>();
			final int[] rows = Prompts.unique(prompts2, unique);
			final List<Tensor> pooled = new ArrayList<>();
			final Tensor states2 = Prompts.inParts(unique, some -> {
				final TextStates states = read(second, some, clipSkip, told);
				pooled.add(projection.project(states.pooled()));
				return states.hiddenState(-clipSkip - 2);
			});
			final Tensor second = Prompts.rows(states2, rows);
			final Tensor words = first.isPresent() ? Tensor.cat(-1, ofFirst(prompts, clipSkip, told), second) : second;
			final Tensor embeds = Prompts.rows(pooled.size() == 1 ? pooled.get(0) : Tensor.cat(pooled, 0), rows);
			told.forEach(warnings);
			return Conditioning.of(scope.keep(words)).with(Conditioning.TEXT_EMBEDS, scope.keep(embeds));
		}
	}

	private Tensor ofFirst(final List<String> prompts, final int clipSkip, final Set<String> told) {
		final List<String> unique = new ArrayList<>();
		final int[] rows = Prompts.unique(prompts, unique);
		final Tensor states = Prompts.inParts(unique, some -> read(first.get(), some, clipSkip, told).hiddenState(-clipSkip - 2));
		return Prompts.rows(states, rows);
	}

	private TextStates read(final Reader reader, final List<String> prompts, final int clipSkip, final Set<String> told) {
		return reader.model().forward(Prompts.ids(reader.tokenizer(), prompts, device, told::add), -clipSkip - 2);
	}

	private int mostToSkip() {
		final int layers = second.model().config().numHiddenLayers();
		return Math.min(layers, first.map(reader -> reader.model().config().numHiddenLayers()).orElse(layers)) - 1;
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
			final Tensor words = zeros(1, second.tokenizer().maxLength(), width);
			final Tensor embeds = zeros(1, second.model().config().projectionDim());
			return Conditioning.of(scope.keep(words)).with(Conditioning.TEXT_EMBEDS, scope.keep(embeds));
		}
	}

	private Tensor zeros(final long... shape) {
		return Tensor.zeros(second.model().dtype(), shape).to(device);
	}
}
