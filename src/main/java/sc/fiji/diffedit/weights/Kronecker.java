package sc.fiji.diffedit.weights;

import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.AdapterForm.Scale;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/**
 * LoKr (Yeh et al. 2024): the Kronecker product of {@code w1} (a, c) and {@code w2} (b, d, height, width), a weight of a x b outputs and
 * c x d inputs. Each of both may be a low-rank pair, the second also with a core.
 *
 * @param scale from the rank to alpha over it, and 1 for rank 0
 */
record Kronecker(LayerTensors tensors, Scale scale) implements Difference {

	/** The rank of the pairs; 0 where both matrices are whole, so that alpha says nothing. */
	@Override
	public long rank() {
		return tensors.has(Role.LOKR_W1_B) ? tensors.size(Role.LOKR_W1_B, 0) : tensors.size(Role.LOKR_W2_B, 0);
	}

	@Override
	public long inputs() {
		final long first = tensors.size(tensors.has(Role.LOKR_W1) ? Role.LOKR_W1 : Role.LOKR_W1_B, 1);
		return first * tensors.size(tensors.has(Role.LOKR_W2) ? Role.LOKR_W2 : Role.LOKR_W2_B, 1);
	}

	@Override
	public boolean fits(final long[] shape) {
		final long[] first = first(), second = second(shape);
		return LayerTensors.multiply(first[0], second[0], shape[0]) && LayerTensors.multiply(first[1], second[1], LayerTensors.product(shape, 1));
	}

	/** Rows and columns of {@code w1}; zeros if its tensors do not go together. */
	private long[] first() {
		if (tensors.has(Role.LOKR_W1)) return matrix(Role.LOKR_W1);
		return pair(Role.LOKR_W1_A, Role.LOKR_W1_B);
	}

	/** Rows and columns of {@code w2}, the columns with height and width. */
	private long[] second(final long[] weight) {
		if (tensors.has(Role.LOKR_W2)) return isOfKernel(tensors.shape(Role.LOKR_W2), weight) ? matrix(Role.LOKR_W2) : new long[2];
		if (!tensors.has(Role.LOKR_T2)) return pair(Role.LOKR_W2_A, Role.LOKR_W2_B);
		final long[] a = matrix(Role.LOKR_W2_A), b = matrix(Role.LOKR_W2_B);
		final boolean fits = Difference.isCore(tensors.shape(Role.LOKR_T2), a[0], b[0], weight) && a[0] == b[0];
		return fits ? new long[] { a[1], b[1] * LayerTensors.product(weight, 2) } : new long[2];
	}

	/** Whether a tensor of more than two axes has the weight's height and width. */
	private static boolean isOfKernel(final long[] shape, final long[] weight) {
		return shape.length == 2 || Difference.hasKernel(shape, weight);
	}

	private long[] matrix(final Role role) {
		return new long[] { tensors.size(role, 0), tensors.behind(role, 0) };
	}

	private long[] pair(final Role a, final Role b) {
		final long[] left = matrix(a), right = matrix(b);
		return left[1] == right[0] && left[1] > 0 ? new long[] { left[0], right[1] } : new long[2];
	}

	@Override
	public Tensor difference() {
		final Tensor w1 = tensors.has(Role.LOKR_W1) ? tensors.matrix(Role.LOKR_W1) : tensors.matrix(Role.LOKR_W1_A).matmul(tensors.matrix(Role.LOKR_W1_B));
		final Tensor w2 = second();
		final long a = w1.size(0), c = w1.size(1), b = w2.size(0);
		return w1.multiply(scale.of(rank())).reshape(a, 1, c, 1).multiply(w2.reshape(1, b, 1, -1)).reshape(a * b, -1);
	}

	/** (b, d x height x width). */
	private Tensor second() {
		if (tensors.has(Role.LOKR_W2)) return tensors.matrix(Role.LOKR_W2);
		final Tensor a = tensors.matrix(Role.LOKR_W2_A), b = tensors.matrix(Role.LOKR_W2_B);
		return tensors.has(Role.LOKR_T2) ? Difference.tucker(tensors.get(Role.LOKR_T2), a, b) : a.matmul(b);
	}
}
