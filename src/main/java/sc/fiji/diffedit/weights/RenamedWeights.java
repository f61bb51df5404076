package sc.fiji.diffedit.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** The same tensors under other names. */
public final class RenamedWeights implements WeightsView {

	private final Weights weights;
	private final Map<String, String> storedNames = new LinkedHashMap<>();

	/** @param rename from a name in {@code weights} to the name here; null leaves the tensor out */
	public RenamedWeights(final Weights weights, final UnaryOperator<String> rename) {
		this.weights = weights;
		for (final String stored : weights.names()) {
			final String name = rename.apply(stored);
			final String other = name == null ? null : storedNames.put(name, stored);
			if (other != null) throw new DiffEditException(weights.source() + " holds '" + stored + "' and '" + other + "', two names of one tensor.");
		}
	}

	@Override
	public Weights stored() {
		return weights;
	}

	@Override
	public Set<String> storedNames() {
		return Set.copyOf(storedNames.values());
	}

	@Override
	public Set<String> names() {
		return Collections.unmodifiableSet(storedNames.keySet());
	}

	@Override
	public long[] shape(final String name) {
		return weights.shape(stored(name));
	}

	@Override
	public DType dtype(final String name) {
		return weights.dtype(stored(name));
	}

	@Override
	public Tensor get(final String name) {
		return weights.get(stored(name));
	}

	@Override
	public Optional<QuantisedTensor> quantised(final String name) {
		return weights.quantised(stored(name));
	}

	@Override
	public String source() {
		return weights.source();
	}

	private String stored(final String name) {
		final String stored = storedNames.get(name);
		if (stored == null) throw new DiffEditException(weights.source() + " has no tensor '" + name + "'.");
		return stored;
	}
}
