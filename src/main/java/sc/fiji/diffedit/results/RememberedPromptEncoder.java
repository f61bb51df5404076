package sc.fiji.diffedit.results;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.results.ResultStore.Kind;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Numbers;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.text.PromptEncoder;
import sc.fiji.diffedit.text.PromptOptions;
import sc.fiji.diffedit.weights.TextualInversion;

/** A prompt encoder that caches the embeddings of prompts, by the options with which they were encoded. */
public final class RememberedPromptEncoder implements PromptEncoder {

	private final PromptEncoder inner;
	private final PromptOptions options;
	private final NetworkResults results;
	private final Device device;

	/**
	 * @param inner reads prompts with {@link PromptOptions#DEFAULTS}; its textual inversions are part of the identity of the results
	 * @param device of the embeddings
	 */
	public RememberedPromptEncoder(final PromptEncoder inner, final NetworkResults results, final Device device) {
		this(inner, PromptOptions.DEFAULTS, results, device);
	}

	private RememberedPromptEncoder(final PromptEncoder inner, final PromptOptions options, final NetworkResults results, final Device device) {
		this.inner = inner;
		this.options = options;
		this.results = results;
		this.device = device;
	}

	@Override
	public Conditioning encode(final List<String> prompts, final List<String> prompts2, final int clipSkip) {
		final CallDigest key = results.call(Kind.ENCODED_PROMPT).with(options.toString()).with(inner.pieces()).with(clipSkip);
		for (final List<String> texts : List.of(prompts, prompts2)) {
			key.with(texts.size());
			texts.forEach(key::with);
		}
		final List<Tensor> encoded = results.get(key.hex(), Kind.ENCODED_PROMPT, "\"" + String.join("\", \"", prompts) + "\"", device,
			() -> {}, () -> read(prompts, prompts2, clipSkip));
		final Conditioning conditioning = Conditioning.of(encoded.get(0));
		return encoded.size() == 1 ? conditioning : conditioning.with(Conditioning.TEXT_EMBEDS, encoded.get(1));
	}

	/** The words and, where there is one, the pooled embedding. */
	private List<Numbers> read(final List<String> prompts, final List<String> prompts2, final int clipSkip) {
		try (Scope scope = Scope.open()) {
			final Conditioning encoded = inner.encode(prompts, prompts2, clipSkip);
			return Stream.concat(Stream.of(encoded.encoderHiddenStates()), encoded.added().values().stream()).map(Numbers::of).toList();
		}
	}

	@Override
	public Map<String, Network> networks() {
		return inner.networks();
	}

	@Override
	public boolean zerosForMissing() {
		return inner.zerosForMissing();
	}

	@Override
	public Conditioning encodeMissing() {
		return inner.encodeMissing();
	}

	@Override
	public PromptEncoder with(final PromptOptions other) {
		return new RememberedPromptEncoder(inner.with(other), other, results, device);
	}

	@Override
	public PromptEncoder forPrompts(final Collection<String> prompts) {
		return new RememberedPromptEncoder(inner.forPrompts(prompts), options, results, device);
	}

	@Override
	public int pieces() {
		return inner.pieces();
	}

	@Override
	public List<long[]> words(final String prompt, final String prompt2) {
		return inner.words(prompt, prompt2);
	}

	@Override
	public Set<String> cut(final Collection<String> prompts) {
		return inner.cut(prompts);
	}

	/** Caches nothing: the identity of the results does not contain this token. */
	@Override
	public PromptEncoder with(final TextualInversion inversion) {
		return inner.with(inversion);
	}

	@Override
	public void close() {
		inner.close();
	}
}
