package sc.fiji.diffedit.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Weights kept in 8 bits: whole numbers from -127 to 127 with a 32-bit scale for each output channel, the largest number of the channel over 127, as in
 * {@code int8wo} of torchao ({@code TorchAoConfig} in diffusers). The numbers are made again for each call of a block, in the type it computes in.
 */
final class Int8Weights {

	private static final String SCALE = "_scale";

	private static final class Holder {

		static final Kernels KERNELS = Kernels.load("int8");
	}

	private Int8Weights() {}

	/** Puts a weight's whole numbers and scales in its place; a bias and other single rows stay as they are. */
	static void keep(final Map<String, Tensor> tensors, final String name) {
		final Tensor weight = tensors.get(name);
		if (weight == null || weight.shape().length < 2) return;
		final Tensor scale = Holder.KERNELS.call("scale", weight);
		tensors.put(name, Holder.KERNELS.call("codes", weight, scale));
		tensors.put(name + SCALE, scale);
	}

	/** All of these tensors as numbers of a type, in the innermost scope; empty if none is kept so. */
	static Optional<Map<String, Tensor>> numbers(final Map<String, Tensor> tensors, final DType dtype) {
		final List<String> scales = tensors.keySet().stream().filter(name -> name.endsWith(SCALE) && tensors.containsKey(weight(name))).toList();
		if (scales.isEmpty()) return Optional.empty();
		final Map<String, Tensor> numbers = new LinkedHashMap<>(tensors);
		for (final String scale : scales) {
			numbers.put(weight(scale), Holder.KERNELS.call("numbers", tensors.get(weight(scale)), numbers.remove(scale), dtype.torchCode()));
		}
		return Optional.of(numbers);
	}

	private static String weight(final String scale) {
		return scale.substring(0, scale.length() - SCALE.length());
	}
}
