package sc.fiji.diffedit.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import sc.fiji.diffedit.models.CLIPTextModel;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.models.TextStates;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.TextualInversion;

/**
 * Prompts for SD 1.x and 2.x: one tokenizer and one text encoder, whose last hidden state is passed to the UNet (diffusers
 * {@code encode_prompt} in {@code pipeline_stable_diffusion.py}). With {@code clipSkip} an earlier hidden state is passed through
 * the final layer norm instead.
 */
public final class StableDiffusionPromptEncoder implements PromptEncoder {

	private final ClipReader reader;
	private final Device device;
	private final Consumer<String> warnings;
	private final PromptOptions options;
	private final int pieces;
	private final boolean ownsTokenizer;

	/**
	 * @param device of the text encoder and the results
	 * @param warnings receives a message when words of a prompt are truncated
	 */
	public StableDiffusionPromptEncoder(final ClipTokenizer tokenizer, final CLIPTextModel textEncoder, final Device device,
		final Consumer<String> warnings)
	{
		this(new ClipReader(tokenizer, textEncoder, "text_encoder"), device, warnings, PromptOptions.DEFAULTS, 1, false);
	}

	private StableDiffusionPromptEncoder(final ClipReader reader, final Device device, final Consumer<String> warnings,
		final PromptOptions options, final int pieces, final boolean ownsTokenizer)
	{
		this.reader = reader;
		this.device = device;
		this.warnings = warnings;
		this.options = options;
		this.pieces = pieces;
		this.ownsTokenizer = ownsTokenizer;
	}

	@Override
	public Conditioning encode(final List<String> prompts, final List<String> prompts2, final int clipSkip) {
		Prompts.check(prompts, prompts2);
		Prompts.checkSkip(clipSkip, reader.model().config().numHiddenLayers());
		final List<String> unique = new ArrayList<>();
		final int[] rows = Prompts.unique(prompts, unique);
		final Set<String> warned = new LinkedHashSet<>();
		try (Scope scope = Scope.open()) {
			final int count = Math.max(pieces, Prompts.pieces(reader, unique, options));
			final int[] keep = clipSkip == 0 ? new int[0] : new int[] { -clipSkip - 1 };
			final Tensor states = reader.read(unique, options, count, device, keep, s -> state(s, clipSkip), s -> {}, warned::add);
			final Tensor encoderHiddenStates = scope.keep(Prompts.rows(states, rows));
			warned.forEach(warnings);
			return Conditioning.of(encoderHiddenStates);
		}
	}

	private Tensor state(final TextStates states, final int clipSkip) {
		return clipSkip == 0 ? states.lastHiddenState() : reader.model().finalLayerNorm(states.hiddenState(-clipSkip - 1));
	}

	@Override
	public Map<String, Network> networks() {
		return Map.of(reader.part(), reader.model());
	}

	@Override
	public boolean zerosForMissing() {
		return false;
	}

	@Override
	public Conditioning encodeMissing() {
		return encode(List.of(""), 0);
	}

	@Override
	public PromptEncoder with(final PromptOptions other) {
		return new StableDiffusionPromptEncoder(reader, device, warnings, other, 1, false);
	}

	@Override
	public PromptEncoder forPrompts(final Collection<String> prompts) {
		return new StableDiffusionPromptEncoder(reader, device, warnings, options, Prompts.pieces(reader, prompts, options), false);
	}

	@Override
	public int pieces() {
		return pieces;
	}

	@Override
	public List<long[]> words(final String prompt, final String prompt2) {
		return List.of(reader.words(prompt, options, Math.max(pieces, Prompts.pieces(reader, List.of(prompt), options))));
	}

	@Override
	public Set<String> cut(final Collection<String> prompts) {
		final int count = Math.max(pieces, Prompts.pieces(reader, prompts, options));
		return Prompts.cut(reader, prompts, options, count);
	}

	@Override
	public PromptEncoder with(final TextualInversion inversion) {
		return new StableDiffusionPromptEncoder(reader.with(inversion), device, warnings, options, pieces, true);
	}

	@Override
	public void close() {
		if (ownsTokenizer) reader.tokenizer().close();
	}
}
