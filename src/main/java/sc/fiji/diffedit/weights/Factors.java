package sc.fiji.diffedit.weights;

import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/** IA3 (Liu et al. 2022) as PEFT has it: factors of a layer's outputs, its bias among them, or of its inputs, as PEFT's config says. */
record Factors(LayerTensors tensors, PeftConfig config) implements WeightChange {

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
		return LayerTensors.product(tensors.shape(Role.IA3_L), 0) == shape[ofInputs() ? 1 : 0];
	}

	private boolean ofInputs() {
		return config.isFeedforward(tensors.nameInPeft());
	}

	private Tensor factors(final double strength) {
		return tensors.get(Role.IA3_L).reshape(-1).minus(1).multiply(strength).plus(1);
	}

	@Override
	public Tensor apply(final Tensor weight, final double strength) {
		final Tensor factors = factors(strength).reshape(ofInputs() ? new long[] { 1, -1, 1 } : new long[] { -1, 1, 1 });
		return weight.reshape(weight.size(0), weight.size(1), -1).multiply(factors).reshape(weight.shape());
	}

	@Override
	public boolean changesBias() {
		return !ofInputs();
	}

	@Override
	public Tensor applyToBias(final Tensor bias, final double strength) {
		return bias.multiply(factors(strength));
	}
}
