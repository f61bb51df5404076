package sc.fiji.diffedit.weights;

import java.util.Arrays;

import sc.fiji.diffedit.tensor.Tensor;

/** A change that is added to the weight, whatever that is. */
interface Difference extends WeightChange {

	/**
	 * What is added at strength 1.
	 *
	 * @return as many numbers as the weight has, in its order
	 */
	Tensor difference();

	@Override
	default Tensor apply(final Tensor weight, final double strength) {
		return weight.plus(difference().reshape(weight.shape()).multiply(strength));
	}

	/**
	 * A weight from a core and a matrix on each of its first two axes (Tucker's decomposition).
	 *
	 * @param core (i, j, height, width)
	 * @param left (i, outputs)
	 * @param right (j, inputs)
	 * @return (outputs, inputs x height x width)
	 */
	static Tensor tucker(final Tensor core, final Tensor left, final Tensor right) {
		return left.permute(1, 0).matmul(onInputs(core, right));
	}

	/** A core with a matrix on its second axis only; (i, inputs x height x width). */
	static Tensor onInputs(final Tensor core, final Tensor right) {
		final long i = core.size(0), j = core.size(1);
		final Tensor places = core.reshape(i, j, -1).permute(0, 2, 1);
		return places.matmul(right).permute(0, 2, 1).reshape(i, -1);
	}

	/** Whether a core has the kernel of a convolution and these lengths of its first two axes. */
	static boolean isCore(final long[] core, final long first, final long second, final long[] weight) {
		return weight.length > 2 && hasKernel(core, weight) && core[0] == first && core[1] == second;
	}

	/** Whether a tensor has as many axes as the weight, and from the third on their lengths. */
	static boolean hasKernel(final long[] shape, final long[] weight) {
		return shape.length == weight.length && Arrays.equals(shape, 2, shape.length, weight, 2, weight.length);
	}
}
