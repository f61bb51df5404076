package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.hub.Whole;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.text.PromptEncoder;
import sc.fiji.diffedit.weights.AdaptedWeights;
import sc.fiji.diffedit.weights.Lora;
import sc.fiji.diffedit.weights.LoraSet;
import sc.fiji.diffedit.weights.TextualInversion;
import sc.fiji.diffedit.weights.Weights;

/**
 * The networks of a model that accept adapters, and the model with each borrower's adapters applied. Adapter files are opened at
 * first use and stay open as long as the model; each call changes only what differs from the previous one.
 */
final class AdaptedModel implements AutoCloseable {

	private final Map<String, AdaptedWeights> weights = new LinkedHashMap<>();
	private final Map<String, Network> networks = new LinkedHashMap<>();
	private LoraSet loras;
	/** What the user should know of each LoRA, by its name in {@link #loras}. */
	private final Map<String, List<String>> notices = new HashMap<>();
	private Map<Path, String> textualInversions = Map.of();
	private Adapters present = Adapters.NONE;
	/** Stamps of the files, taken when they were read. */
	private final Map<Path, FileStamps> stamps = new HashMap<>();
	/** Each adds one token to its predecessor; the last has all of them. */
	private List<PromptEncoder> encoders = List.of();

	/** The weights of a network, to which adapters can be added. */
	Weights adaptable(final String part, final Weights base) {
		final AdaptedWeights adapted = new AdaptedWeights(base);
		weights.put(part, adapted);
		return adapted;
	}

	/** Registers the network that was built from {@link #adaptable} weights. */
	<T extends Network> T built(final String part, final T network) {
		networks.put(part, network);
		return network;
	}

	/** The model with these adapters; must be called on the device's thread. If an adapter is rejected, the model is left unchanged. */
	DiffusionModel with(final Adapters adapters, final DiffusionModel model) {
		if (loras == null) loras = new LoraSet(weights, part -> networks.get(part).blocks().forEach(Block::evict));
		final Map<String, Double> scales = new LinkedHashMap<>();
		for (final Map.Entry<Path, Double> lora : adapters.loras().entrySet()) {
			final String name = lora.getKey().toAbsolutePath().toString();
			if (hasChanged(lora.getKey())) loras.remove(name);
			if (!loras.names().contains(name)) load(name, lora.getKey());
			scales.put(name, lora.getValue());
			notices.get(name).forEach(Notices::warn);
		}
		final DiffusionModel adapted = teach(adapters.textualInversions(), model);
		loras.setAdapters(scales);
		if (adapters.fused() && !scales.isEmpty()) loras.fuse(1);
		else loras.unfuse();
		present = adapters;
		return adapted;
	}

	/** The adapters that were applied last. */
	Adapters present() {
		return present;
	}

	/** Everything about the current LoRAs that can change the networks' outputs. */
	String loras() {
		final StringBuilder identity = new StringBuilder("\n");
		present.loras().forEach((file, scale) -> identity.append("lora ").append(stamps.get(file.toAbsolutePath())).append(scale).append('\n'));
		return identity.append(present.fused()).append('\n').toString();
	}

	/** The same for the current textual inversions. */
	String textualInversions() {
		final StringBuilder identity = new StringBuilder();
		present.textualInversions().forEach((file, token) -> identity.append("word ").append(stamps.get(file.toAbsolutePath())).append(token).append('\n'));
		return identity.toString();
	}

	private void stamp(final Path file) {
		final FileStamps now = FileStamps.of(List.of(file), true);
		Whole.requireNamed(now.files());
		stamps.put(file.toAbsolutePath(), now);
	}

	/** Whether a file that was read has been replaced since. */
	private boolean hasChanged(final Path file) {
		final FileStamps read = stamps.get(file.toAbsolutePath());
		return read != null && read.changed().isPresent();
	}

	/** @throws ChangedFiles if the file of a current adapter has changed since it was read */
	void check(final String model) {
		for (final Path file : present.loras().keySet()) stamps.get(file.toAbsolutePath()).check(model);
	}

	private void load(final String name, final Path file) {
		final Lora lora = Lora.open(file);
		try {
			stamp(file);
			final List<String> sentences = new ArrayList<>();
			loras.load(name, lora, sentences::add);
			notices.put(name, sentences);
		}
		catch (final RuntimeException e) {
			lora.close();
			throw e;
		}
	}

	private DiffusionModel teach(final Map<Path, String> requested, final DiffusionModel model) {
		if (!requested.equals(textualInversions) || requested.keySet().stream().anyMatch(this::hasChanged)) {
			final List<PromptEncoder> chain = new ArrayList<>();
			try {
				for (final Map.Entry<Path, String> word : requested.entrySet()) {
					for (final TextualInversion each : words(word)) {
						final PromptEncoder last = chain.isEmpty() ? model.promptEncoder() : chain.get(chain.size() - 1);
						chain.add(last.with(each));
					}
					stamp(word.getKey());
				}
			}
			catch (final RuntimeException e) {
				chain.forEach(PromptEncoder::close);
				throw e;
			}
			clear();
			encoders = chain;
			textualInversions = requested;
		}
		return encoders.isEmpty() ? model : model.withPromptEncoder(encoders.get(encoders.size() - 1));
	}

	private static List<TextualInversion> words(final Map.Entry<Path, String> requested) {
		if (requested.getValue().isEmpty()) return TextualInversion.readAll(requested.getKey());
		return List.of(TextualInversion.read(requested.getKey(), Optional.of(requested.getValue())));
	}

	private void clear() {
		encoders.forEach(PromptEncoder::close);
		encoders = List.of();
		textualInversions = Map.of();
	}

	@Override
	public void close() {
		clear();
		if (loras != null) loras.close();
	}
}
