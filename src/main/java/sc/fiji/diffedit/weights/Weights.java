package sc.fiji.diffedit.weights;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Named tensors from a file, a set of shards, an old single-file checkpoint or memory. Names are those of diffusers
 * ({@code down_blocks.0.resnets.0.conv1.weight}), whatever the file calls them. Looking at names, shapes and types
 * touches no numbers.
 */
public interface Weights {

	/** The names of all tensors. */
	Set<String> names();

	/** Shape of the tensor of a name. */
	long[] shape(String name);

	/**
	 * Length of an axis of the tensor of a name, for those who read sizes off shapes that may be anything.
	 *
	 * @throws DiffEditException if it has no such axis
	 */
	default long size(final String name, final int axis) {
		final long[] shape = shape(name);
		if (axis < shape.length) return shape[axis];
		throw new DiffEditException(source() + " has '" + name + "' with " + shape.length + " axes, where at least " + (axis + 1)
			+ " are needed; the file is damaged or of another kind.");
	}

	/** Element type of the tensor of a name, as stored. */
	DType dtype(String name);

	/**
	 * Makes a tensor in the innermost scope, on the CPU, in its stored type, without a copy where the source allows.
	 *
	 * @throws DiffEditException if there is no tensor of that name
	 */
	Tensor get(String name);

	/** A tensor in the quantised blocks in which it is stored; empty where its numbers are plain, or are not stored as they are here. */
	default Optional<QuantisedTensor> quantised(final String name) {
		return Optional.empty();
	}

	default boolean has(final String name) {
		return names().contains(name);
	}

	/**
	 * Tensors that go with a layer besides its own parameters, by the last part of their names, in the innermost scope: the
	 * low-rank pair of an adapter ({@code lora_down}, {@code lora_up}).
	 */
	default Map<String, Tensor> extras(final String layer) {
		return Map.of();
	}

	/** Bytes of all tensors when those of floating point have a given type. */
	default long byteCount(final DType floats) {
		long bytes = 0;
		for (final String name : names()) bytes += QuantisedTensor.count(shape(name)) * (dtype(name).isFloatingPoint() ? floats : dtype(name)).bytes();
		return bytes;
	}

	/** Bytes of all tensors as they are stored: plain, or in quantised blocks. */
	default long storedByteCount() {
		return names().stream().mapToLong(name -> quantised(name).map(QuantisedTensor::byteCount).orElseGet(() -> QuantisedTensor.count(shape(name)) * dtype(name).bytes())).sum();
	}

	/** Whether a tensor is stored in quantised blocks. */
	default boolean isQuantised() {
		return names().stream().anyMatch(name -> quantised(name).isPresent());
	}

	/** Where these weights come from, for messages: {@code unet/diffusion_pytorch_model.safetensors}. */
	String source();
}
