package sc.fiji.diffedit.tensor;

import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;

/**
 * Named tensors as one argument of a kernel ({@code Dict[str, Tensor]} there). The native dictionary keeps its tensors
 * alive, so whoever evicts a tensor closes the dictionary too.
 */
public final class Parameters implements AutoCloseable {

	private final Map<String, Tensor> tensors;
	private IValue dict;

	/** @param tensors by the names that the kernel uses; they stay the caller's */
	public Parameters(final Map<String, Tensor> tensors) {
		this.tensors = new LinkedHashMap<>(tensors);
	}

	/** The tensors by name. */
	public Map<String, Tensor> tensors() {
		return Map.copyOf(tensors);
	}

	IValue dict() {
		if (dict == null) {
			final Map<String, PtNDArray> arrays = new LinkedHashMap<>();
			tensors.forEach((name, tensor) -> arrays.put(name, tensor.array()));
			dict = IValue.stringMapFrom(arrays);
		}
		return dict;
	}

	/** Frees the dictionary, not the tensors. A later call of a kernel makes it anew. */
	@Override
	public void close() {
		if (dict != null) dict.close();
		dict = null;
	}
}
