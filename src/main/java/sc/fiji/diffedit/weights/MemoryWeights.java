package sc.fiji.diffedit.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** Named tensors that are in memory already. They stay the caller's and must live as long as this is used. */
public class MemoryWeights implements Weights {

	private final String source;
	private final Map<String, Tensor> tensors;

	/** @param source how messages name these weights */
	public MemoryWeights(final String source, final Map<String, Tensor> tensors) {
		this.source = source;
		this.tensors = new LinkedHashMap<>(tensors);
	}

	@Override
	public Set<String> names() {
		return Collections.unmodifiableSet(tensors.keySet());
	}

	@Override
	public long[] shape(final String name) {
		return tensor(name).shape();
	}

	@Override
	public DType dtype(final String name) {
		return tensor(name).dtype();
	}

	/** Another handle on the same storage, so that closing it leaves the original alone. */
	@Override
	public Tensor get(final String name) {
		final Tensor tensor = tensor(name);
		return tensor.reshape(tensor.shape());
	}

	@Override
	public String source() {
		return source;
	}

	private Tensor tensor(final String name) {
		final Tensor tensor = tensors.get(name);
		if (tensor == null) throw new DiffEditException(source + " has no tensor '" + name + "'.");
		return tensor;
	}
}
