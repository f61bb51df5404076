package sc.fiji.diffedit.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Weights of a network with adapters. Not fused, a layer's own weight stays where it is (on the mapped file) and the small pair
 * of a LoRA goes beside it as {@link #extras}; fused, the changed weight takes the weight's place when a layer is loaded. Adapters
 * that are no such pair ({@link WeightChange#besideWeight}) are always fused. Several add up what each makes of the weight alone. No
 * more than one layer is changed at a time, and nothing changes in layers that are loaded already: whoever changes adapters evicts
 * them, see {@link LoraSet}.
 */
public final class AdaptedWeights implements Weights {

	private static final String WEIGHT = ".weight", BIAS = ".bias";

	/** One adapter at work on one layer. */
	record Active(WeightChange change, double strength) {}

	/** One adapter's tensor that is added to one of the network, times a strength. */
	record Added(Lora.Addition addition, double strength) {}

	private final Weights base;
	private Map<String, List<Active>> layers = Map.of();
	private Map<String, List<Added>> additions = Map.of();
	private boolean fused;

	public AdaptedWeights(final Weights base) {
		this.base = base;
	}

	/** The weights without adapters. */
	public Weights base() {
		return base;
	}

	void set(final Map<String, List<Active>> active, final Map<String, List<Added>> added, final boolean fuse) {
		layers = Map.copyOf(active);
		additions = Map.copyOf(added);
		fused = fuse;
	}

	/** Whether adapters change anything. */
	public boolean isChanged() {
		return !layers.isEmpty() || !additions.isEmpty();
	}

	@Override
	public Set<String> names() {
		return base.names();
	}

	@Override
	public long[] shape(final String name) {
		return base.shape(name);
	}

	/** 32 bits for what is changed: the 8 or 16 bits of the file would lose a small change again. */
	@Override
	public DType dtype(final String name) {
		return isChanged(name) ? DType.FLOAT32 : base.dtype(name);
	}

	@Override
	public String source() {
		return base.source();
	}

	@Override
	public Tensor get(final String name) {
		if (!isChanged(name)) return base.get(name);
		try (Scope scope = Scope.open()) {
			final Tensor weight = base.get(name).to(DType.FLOAT32);
			final Sum sum = new Sum(weight);
			final List<Active> active = active(name);
			if (isFused(active)) active.forEach(one -> sum.add(() -> changed(one, name, weight).minus(weight)));
			for (final Added one : additions.getOrDefault(name, List.of())) {
				sum.add(() -> one.addition().file().get(one.addition().tensor()).to(DType.FLOAT32).multiply(one.strength()));
			}
			return scope.keep(sum.value);
		}
	}

	private static Tensor changed(final Active one, final String name, final Tensor tensor) {
		return name.endsWith(WEIGHT) ? one.change().apply(tensor, one.strength()) : one.change().applyToBias(tensor, one.strength());
	}

	/** A sum of which only the value so far is in memory. */
	private static final class Sum {

		private final Tensor first;
		private Tensor value;

		Sum(final Tensor first) {
			this.first = first;
			this.value = first;
		}

		void add(final Supplier<Tensor> difference) {
			final Tensor before = value;
			try (Scope scope = Scope.open()) {
				value = scope.keep(before.plus(difference.get()));
			}
			if (before != first) before.close();
		}
	}

	private boolean isChanged(final String name) {
		return additions.containsKey(name) || isFused(active(name));
	}

	/** The adapters at work on the layer whose weight, or whose bias if they change it, has this name. */
	private List<Active> active(final String name) {
		if (name.endsWith(WEIGHT)) return layers.getOrDefault(name.substring(0, name.length() - WEIGHT.length()), List.of());
		if (!name.endsWith(BIAS)) return List.of();
		return layers.getOrDefault(name.substring(0, name.length() - BIAS.length()), List.of()).stream().filter(one -> one.change().changesBias()).toList();
	}

	/** A layer that adapters change itself is no longer what is stored. */
	@Override
	public Optional<QuantisedTensor> quantised(final String name) {
		return isChanged(name) ? Optional.empty() : base.quantised(name);
	}

	/** The pair of a layer, as {@code lora_down} and {@code lora_up}, all adapters in one and their scales inside; none when fused. */
	@Override
	public Map<String, Tensor> extras(final String layer) {
		final List<Active> active = layers.getOrDefault(layer, List.of());
		if (active.isEmpty() || isFused(active)) return Map.of();
		final long[] shape = base.shape(layer + WEIGHT);
		try (Scope scope = Scope.open()) {
			final List<Tensor> downs = new ArrayList<>();
			final List<Tensor> ups = new ArrayList<>();
			for (final Active one : active) {
				final LowRank pair = one.change().besideWeight().orElseThrow();
				downs.add(pair.down().reshape(withFirst(-1, shape)));
				ups.add(pair.up().multiply(one.strength()).reshape(shape.length == 2 ? new long[] { shape[0], -1 } : new long[] { shape[0], -1, 1, 1 }));
			}
			final Map<String, Tensor> pair = new LinkedHashMap<>();
			pair.put("lora_down", scope.keep(downs.size() == 1 ? downs.get(0) : Tensor.cat(downs, 0)));
			pair.put("lora_up", scope.keep(ups.size() == 1 ? ups.get(0) : Tensor.cat(ups, 1)));
			return pair;
		}
	}

	private boolean isFused(final List<Active> active) {
		return !active.isEmpty() && (fused || active.stream().anyMatch(one -> one.change().besideWeight().isEmpty()));
	}

	private static long[] withFirst(final long first, final long[] shape) {
		final long[] changed = shape.clone();
		changed[0] = first;
		return changed;
	}
}
