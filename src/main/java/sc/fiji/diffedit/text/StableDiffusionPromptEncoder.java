package sc.fiji.diffedit.text;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import sc.fiji.diffedit.models.CLIPTextModel;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.TextStates;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Prompts for SD 1.x and 2.x: one tokenizer and one text encoder, whose last hidden state is what the UNet sees (diffusers
 * {@code encode_prompt} in {@code pipeline_stable_diffusion.py}). With {@code clipSkip} an earlier hidden state goes
 * through the final norm in its place.
 */
public final class StableDiffusionPromptEncoder implements PromptEncoder {

	private final Tokenizer tokenizer;
	private final CLIPTextModel textEncoder;
	private final Device device;
	private final Consumer<String> warnings;

	/**
	 * @param device where the text encoder works and results lie
	 * @param warnings takes a sentence when words of a prompt do not fit
	 */
	public StableDiffusionPromptEncoder(final Tokenizer tokenizer, final CLIPTextModel textEncoder, final Device device,
		final Consumer<String> warnings)
	{
		this.tokenizer = tokenizer;
		this.textEncoder = textEncoder;
		this.device = device;
		this.warnings = warnings;
	}

	@Override
	public Conditioning encode(final List<String> prompts, final List<String> prompts2, final int clipSkip) {
		Prompts.check(prompts, prompts2);
		Prompts.checkSkip(clipSkip, textEncoder.config().numHiddenLayers());
		final List<String> unique = new ArrayList<>();
		final int[] rows = Prompts.unique(prompts, unique);
		final Set<String> told = new LinkedHashSet<>();
		try (Scope scope = Scope.open()) {
			final Tensor states = Prompts.inParts(unique, some -> states(Prompts.ids(tokenizer, some, device, told::add), clipSkip));
			final Tensor words = scope.keep(Prompts.rows(states, rows));
			told.forEach(warnings);
			return Conditioning.of(words);
		}
	}

	private Tensor states(final Tensor ids, final int clipSkip) {
		if (clipSkip == 0) return textEncoder.forward(ids).lastHiddenState();
		final TextStates states = textEncoder.forward(ids, -clipSkip - 1);
		return textEncoder.finalLayerNorm(states.hiddenState(-clipSkip - 1));
	}

	@Override
	public boolean zerosForMissing() {
		return false;
	}

	@Override
	public Conditioning encodeMissing() {
		return encode(List.of(""), 0);
	}
}
