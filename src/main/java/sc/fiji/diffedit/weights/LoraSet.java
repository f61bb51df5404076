package sc.fiji.diffedit.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.KnownNames;
import sc.fiji.diffedit.weights.AdaptedWeights.Active;
import sc.fiji.diffedit.weights.AdaptedWeights.Added;

/**
 * The adapters of a model: loaded by name, active with scales of their own, fused or beside the weights, removed, all
 * without reloading the model. The same words as in diffusers: {@code set_adapters}, {@code fuse_lora},
 * {@code cross_attention_kwargs["scale"]}. Whoever owns the networks says how the changed ones let go of what they have
 * loaded.
 */
public final class LoraSet implements AutoCloseable {

	/** A loaded adapter with the layers it fits. */
	private record Loaded(Lora lora, Map<String, Lora.Changes> changes) {}

	private final Map<String, AdaptedWeights> networks;
	private final Consumer<String> evict;
	private final Map<String, Loaded> loaded = new LinkedHashMap<>();
	private final Map<String, Double> scales = new LinkedHashMap<>();
	private double callScale = 1;
	private double fusedScale;

	/**
	 * @param networks weights of the networks by part name ({@code unet}, {@code text_encoder}, {@code text_encoder_2})
	 * @param evict takes the name of a network whose loaded tensors are out of date
	 */
	public LoraSet(final Map<String, AdaptedWeights> networks, final Consumer<String> evict) {
		this.networks = Map.copyOf(networks);
		this.evict = evict;
	}

	/**
	 * Adds an adapter and makes it active with scale 1. The set closes it when it is removed.
	 *
	 * @param warnings takes one sentence with the names of what fits nothing, if there are any
	 * @throws DiffEditException if the name is taken or the adapter was made for another family; nothing has changed then
	 */
	public void load(final String name, final Lora lora, final Consumer<String> warnings) {
		if (loaded.containsKey(name)) throw new DiffEditException("There is an adapter '" + name + "' already; remove it first or choose another name.");
		final Map<String, Weights> bases = new HashMap<>();
		networks.forEach((network, weights) -> bases.put(network, weights.base()));
		final Set<String> unmatched = new TreeSet<>();
		loaded.put(name, new Loaded(lora, lora.fit(bases, unmatched)));
		scales.put(name, 1.0);
		apply();
		lora.guess().ifPresent(warnings);
		if (!unmatched.isEmpty()) warnings.accept(lora.name() + " has " + Counted.of(unmatched.size(), "tensor") + " without a place in this model, left out ("
			+ KnownNames.some(unmatched) + "); its effect differs from what it was trained for.");
	}

	/** Names of the loaded adapters. */
	public Set<String> names() {
		return new LinkedHashSet<>(loaded.keySet());
	}

	/** The active adapters and their scales. */
	public Map<String, Double> scales() {
		return new LinkedHashMap<>(scales);
	}

	/**
	 * Makes some adapters active, each with its scale, and all others inactive.
	 *
	 * @throws DiffEditException if one of them is not loaded
	 */
	public void setAdapters(final Map<String, Double> active) {
		active.forEach(this::check);
		if (active.equals(scales)) return;
		scales.clear();
		scales.putAll(active);
		apply();
	}

	private void check(final String name, final double scale) {
		if (!loaded.containsKey(name)) throw new DiffEditException("There is no adapter '" + name + "'; loaded are: " + String.join(", ", loaded.keySet()) + ".");
		if (!Double.isFinite(scale)) throw new DiffEditException("The scale of adapter '" + name + "' is " + scale + "; give a number such as 0.8.");
	}

	/** A factor on all scales, for one call: {@code cross_attention_kwargs["scale"]}. Fused adapters keep theirs. */
	public void setCallScale(final double scale) {
		if (!Double.isFinite(scale)) throw new DiffEditException("The scale of the adapters is " + scale + "; give a number such as 0.8.");
		if (scale == callScale) return;
		callScale = scale;
		if (!isFused()) apply();
	}

	/** Adds the active adapters to the weights as they are loaded, so that they cost nothing in a call. */
	public void fuse(final double scale) {
		fusedScale = scale;
		apply();
	}

	/** Takes the adapters out of the weights again; the original numbers come back from the file, bit for bit. */
	public void unfuse() {
		if (!isFused()) return;
		fusedScale = 0;
		apply();
	}

	public boolean isFused() {
		return fusedScale != 0;
	}

	/** Removes an adapter and closes its file. */
	public void remove(final String name) {
		final Loaded adapter = loaded.remove(name);
		if (adapter == null) return;
		scales.remove(name);
		apply();
		adapter.lora().close();
	}

	private void apply() {
		networks.forEach((network, weights) -> {
			final Map<String, List<Active>> active = new HashMap<>();
			final Map<String, List<Added>> added = new HashMap<>();
			collect(network, active, added);
			if (active.isEmpty() && added.isEmpty() && !weights.isChanged()) return;
			weights.set(active, added, isFused());
			evict.accept(network);
		});
	}

	/** An adapter of scale 0 does nothing; the magnitude of a DoRA would act all the same. */
	private void collect(final String network, final Map<String, List<Active>> active, final Map<String, List<Added>> added) {
		final double common = isFused() ? fusedScale : callScale;
		scales.forEach((name, scale) -> {
			if (scale * common == 0) return;
			final Lora.Changes changes = loaded.get(name).changes().getOrDefault(network, new Lora.Changes());
			changes.layers().forEach((layer, change) -> active.computeIfAbsent(layer, key -> new ArrayList<>()).add(new Active(change, scale * common)));
			changes.additions().forEach((tensor, one) -> added.computeIfAbsent(tensor, key -> new ArrayList<>()).add(new Added(one, one.scale() * scale * common)));
		});
	}

	/** Removes all adapters. */
	@Override
	public void close() {
		scales.clear();
		apply();
		loaded.values().forEach(adapter -> adapter.lora().close());
		loaded.clear();
	}
}
