package sc.fiji.diffedit.weights;

import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.AdapterForm.Scale;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/**
 * LoHa (Hyeon-Woo et al. 2022): two low-rank pairs, whose products are multiplied number by number and with a scale. With cores
 * (rank, rank, height, width) the matrices are (rank, outputs) and (rank, inputs).
 */
record Hadamard(LayerTensors tensors, Scale scale) implements Difference {

	@Override
	public long rank() {
		return tensors.size(Role.HADA_W1_B, 0);
	}

	@Override
	public long inputs() {
		return tensors.size(Role.HADA_W1_B, 1);
	}

	@Override
	public boolean fits(final long[] shape) {
		return fits(Role.HADA_W1_A, Role.HADA_W1_B, Role.HADA_T1, shape) && fits(Role.HADA_W2_A, Role.HADA_W2_B, Role.HADA_T2, shape);
	}

	private boolean fits(final Role a, final Role b, final Role core, final long[] shape) {
		final long rank = tensors.size(b, 0);
		final boolean whole = tensors.has(core);
		final long rows = whole ? tensors.behind(a, 0) : tensors.size(a, 0);
		final long ranks = whole ? tensors.size(a, 0) : tensors.behind(a, 0);
		final boolean pair = rank > 0 && ranks == rank && rows == shape[0];
		if (!whole) return pair && tensors.behind(b, 0) == LayerTensors.product(shape, 1);
		return pair && tensors.behind(b, 0) == shape[1] && Difference.isCore(tensors.shape(core), rank, rank, shape);
	}

	@Override
	public Tensor difference() {
		return product(Role.HADA_W1_A, Role.HADA_W1_B, Role.HADA_T1).multiply(product(Role.HADA_W2_A, Role.HADA_W2_B, Role.HADA_T2)).multiply(scale.of(rank()));
	}

	private Tensor product(final Role a, final Role b, final Role core) {
		return tensors.has(core) ? Difference.tucker(tensors.get(core), tensors.matrix(a), tensors.matrix(b)) : tensors.matrix(a).matmul(tensors.matrix(b));
	}
}
