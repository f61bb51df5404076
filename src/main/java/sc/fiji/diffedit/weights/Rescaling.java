package sc.fiji.diffedit.weights;

import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/** IA3 (Liu et al. 2022) as LyCORIS saves it: the weights of each output, or of each input, grow by a share of themselves. */
record Rescaling(LayerTensors tensors) implements WeightChange {

	@Override
	public long rank() {
		return 0;
	}

	@Override
	public long inputs() {
		return 0;
	}

	@Override
	public boolean fits(final long[] shape) {
		final long count = LayerTensors.product(tensors.shape(Role.IA3), 0);
		return (count == shape[0] || count == shape[1]) && count == shape[onInputs() ? 1 : 0];
	}

	private boolean onInputs() {
		return tensors.number(Role.ON_INPUT, 0) != 0;
	}

	@Override
	public Tensor apply(final Tensor weight, final double strength) {
		final Tensor factors = tensors.get(Role.IA3).multiply(strength).plus(1).reshape(onInputs() ? new long[] { 1, -1, 1 } : new long[] { -1, 1, 1 });
		return weight.reshape(weight.size(0), weight.size(1), -1).multiply(factors).reshape(weight.shape());
	}
}
