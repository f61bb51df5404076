package sc.fiji.diffedit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Weights;

/** Weights whose names have lost a prefix, where they had it. */
public final class WithoutPrefix implements Weights {

	private final Weights weights;
	private final Map<String, String> names = new LinkedHashMap<>();

	public WithoutPrefix(final Weights weights, final String prefix) {
		this.weights = weights;
		for (final String name : weights.names()) names.put(name.startsWith(prefix) ? name.substring(prefix.length()) : name, name);
	}

	@Override
	public Set<String> names() {
		return names.keySet();
	}

	@Override
	public long[] shape(final String name) {
		return weights.shape(names.get(name));
	}

	@Override
	public DType dtype(final String name) {
		return weights.dtype(names.get(name));
	}

	@Override
	public Tensor get(final String name) {
		return weights.get(names.get(name));
	}

	@Override
	public String source() {
		return weights.source();
	}
}
