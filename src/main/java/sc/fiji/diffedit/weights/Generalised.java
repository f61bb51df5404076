package sc.fiji.diffedit.weights;

import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.AdapterForm.Scale;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/**
 * GLoRA (Chavan et al. 2023) as LyCORIS saves it: besides a low-rank pair {@code b1 b2}, the weight itself times another one,
 * {@code a1 a2} (inputs, inputs), both times a scale.
 */
record Generalised(LayerTensors tensors, Scale scale) implements WeightChange {

	@Override
	public long rank() {
		return tensors.size(Role.A2, 0);
	}

	@Override
	public long inputs() {
		return tensors.size(Role.A2, 1);
	}

	@Override
	public boolean fits(final long[] shape) {
		return fits(Role.A1, Role.A2, shape[1], shape[1]) && fits(Role.B1, Role.B2, shape[0], LayerTensors.product(shape, 1));
	}

	private boolean fits(final Role left, final Role right, final long rows, final long columns) {
		final boolean pair = tensors.size(right, 0) > 0 && tensors.behind(left, 0) == tensors.size(right, 0);
		return pair && tensors.size(left, 0) == rows && tensors.behind(right, 0) == columns;
	}

	@Override
	public Tensor apply(final Tensor weight, final double strength) {
		final long outputs = weight.size(0), inputs = weight.size(1);
		final Tensor byPlace = weight.reshape(outputs, inputs, -1).permute(0, 2, 1);
		final Tensor ofWeight = byPlace.matmul(tensors.matrix(Role.A1)).matmul(tensors.matrix(Role.A2)).permute(0, 2, 1);
		final Tensor beside = tensors.matrix(Role.B1).matmul(tensors.matrix(Role.B2));
		return weight.plus(ofWeight.reshape(weight.shape()).plus(beside.reshape(weight.shape())).multiply(scale.of(rank()) * strength));
	}
}
