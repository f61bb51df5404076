package sc.fiji.diffedit.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Weights of a network with low-rank adapters. Not fused, a layer's own weight stays where it is (on the mapped file) and
 * the small pair goes beside it as {@link #extras}; fused, the sum takes the weight's place when a layer is loaded. Adapters
 * with a magnitude (DoRA) are always fused. Nothing changes in layers that are loaded already: whoever changes adapters
 * evicts them, see {@link LoraSet}.
 */
public final class AdaptedWeights implements Weights {

	private static final String WEIGHT = ".weight";

	/** One adapter at work on one layer; {@code strength} holds everything that its product is multiplied with. */
	record Active(Lora.Layer layer, double strength) {}

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

	@Override
	public DType dtype(final String name) {
		return base.dtype(name);
	}

	@Override
	public String source() {
		return base.source();
	}

	@Override
	public Tensor get(final String name) {
		final List<Active> active = active(name);
		final List<Added> added = additions.getOrDefault(name, List.of());
		final boolean fuses = !active.isEmpty() && isFused(active);
		if (!fuses && added.isEmpty()) return base.get(name);
		try (Scope scope = Scope.open()) {
			final Tensor stored = base.get(name);
			Tensor sum = fuses ? fuse(stored, active) : stored.to(DType.FLOAT32);
			for (final Added one : added) sum = sum.plus(one.addition().file().get(one.addition().tensor()).to(DType.FLOAT32).multiply(one.strength()));
			return scope.keep(sum.to(stored.dtype()));
		}
	}

	private List<Active> active(final String name) {
		return name.endsWith(WEIGHT) ? layers.getOrDefault(name.substring(0, name.length() - WEIGHT.length()), List.of()) : List.of();
	}

	/** A layer that adapters change itself is no longer what is stored. */
	@Override
	public Optional<QuantisedTensor> quantised(final String name) {
		final List<Active> active = active(name);
		return !active.isEmpty() && isFused(active) || additions.containsKey(name) ? Optional.empty() : base.quantised(name);
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
				downs.add(floats(one, one.layer().down()).reshape(withFirst(-1, shape)));
				ups.add(up(one).reshape(shape.length == 2 ? new long[] { shape[0], -1 } : new long[] { shape[0], -1, 1, 1 }));
			}
			final Map<String, Tensor> pair = new LinkedHashMap<>();
			pair.put("lora_down", scope.keep(downs.size() == 1 ? downs.get(0) : Tensor.cat(downs, 0)));
			pair.put("lora_up", scope.keep(ups.size() == 1 ? ups.get(0) : Tensor.cat(ups, 1)));
			return pair;
		}
	}

	private boolean isFused(final List<Active> active) {
		return fused || active.stream().anyMatch(one -> one.layer().magnitude().isPresent());
	}

	private static long[] withFirst(final long first, final long[] shape) {
		final long[] changed = shape.clone();
		changed[0] = first;
		return changed;
	}

	private static Tensor floats(final Active one, final String tensor) {
		return one.layer().file().get(tensor).to(DType.FLOAT32);
	}

	private static Tensor up(final Active one) {
		return floats(one, one.layer().up()).multiply(one.strength());
	}

	/** Sums in 32 bits, whatever the weight is stored in. */
	private static Tensor fuse(final Tensor stored, final List<Active> active) {
		final long rows = stored.size(0);
		final Tensor weight = stored.to(DType.FLOAT32).reshape(rows, -1);
		Tensor sum = weight;
		for (final Active one : active) {
			final Tensor product = up(one).reshape(rows, -1).matmul(floats(one, one.layer().down()).reshape(floats(one, one.layer().down()).size(0), -1));
			sum = one.layer().magnitude().isEmpty() ? sum.plus(product) : sum.plus(withMagnitude(one, weight.plus(product), stored.size(1)).minus(weight));
		}
		return sum.reshape(stored.shape());
	}

	/** DoRA: each output's weights, or each input's, get the length that the magnitude names. */
	private static Tensor withMagnitude(final Active one, final Tensor weight, final long inputs) {
		if (one.layer().overInputs()) {
			final Tensor byInput = weight.reshape(weight.size(0), inputs, -1);
			final Tensor length = byInput.square().sum(true, 0, 2).sqrt();
			return byInput.multiply(floats(one, one.layer().magnitude().orElseThrow()).reshape(1, -1, 1).div(length)).reshape(weight.shape());
		}
		final Tensor length = weight.square().sum(true, 1).sqrt();
		return weight.multiply(floats(one, one.layer().magnitude().orElseThrow()).reshape(-1, 1).div(length));
	}
}
