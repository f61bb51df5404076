package sc.fiji.diffedit.weights;

import java.util.Optional;

import sc.fiji.diffedit.tensor.Tensor;

/**
 * What an adapter does to the weight of one layer, in one of the {@linkplain AdapterForm forms}. It holds names and shapes; numbers are
 * read when it is applied, in 32 bits whatever the file has, and one layer at a time.
 */
interface WeightChange {

	/** The rank of its matrices, or the length of what stands for it; 0 if there is none. */
	long rank();

	/** How many inputs the layer has, as far as the change itself tells; 0 if it does not. */
	long inputs();

	/**
	 * Whether it changes a weight of this shape. Nothing native sees tensors that do not fit.
	 *
	 * @param shape of the weight: (outputs, inputs) or (outputs, inputs, height, width)
	 */
	boolean fits(long[] shape);

	/**
	 * The changed weight.
	 *
	 * @param weight in 32 bits
	 * @param strength 1 as it was trained
	 * @return the same shape
	 */
	Tensor apply(Tensor weight, double strength);

	/** Whether it also changes a layer's bias. */
	default boolean changesBias() {
		return false;
	}

	/**
	 * The changed bias of a layer that has one, if {@link #changesBias()}.
	 *
	 * @param bias (outputs), in 32 bits
	 * @param strength 1 as it was trained
	 */
	default Tensor applyToBias(final Tensor bias, final double strength) {
		return bias;
	}

	/** Itself, if it can be computed beside the weight, in the layer's own kernel. */
	default Optional<LowRank> besideWeight() {
		return Optional.empty();
	}
}
