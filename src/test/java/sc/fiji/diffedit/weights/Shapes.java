package sc.fiji.diffedit.weights;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** Names and shapes of a checkpoint without numbers, as a network's constructor looks at them. */
public abstract class Shapes implements Weights {

	private final Map<String, long[]> shapes = new LinkedHashMap<>();

	protected final void tensor(final String name, final long... shape) {
		shapes.put(name, shape);
	}

	/** A weight of that shape and a bias for its outputs. */
	protected final void layer(final String name, final long... shape) {
		tensor(name + ".weight", shape);
		tensor(name + ".bias", shape[0]);
	}

	@Override
	public Set<String> names() {
		return shapes.keySet();
	}

	@Override
	public long[] shape(final String name) {
		return shapes.get(name).clone();
	}

	@Override
	public DType dtype(final String name) {
		return DType.FLOAT32;
	}

	@Override
	public Tensor get(final String name) {
		throw new UnsupportedOperationException("there are no numbers");
	}

	@Override
	public String source() {
		return "shapes";
	}
}
