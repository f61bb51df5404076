package sc.fiji.diffedit.weights;

import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/**
 * DoRA (Liu et al. 2024) around a difference: the sum of weight and difference is given the length that a magnitude names, per output or,
 * as LyCORIS also has it, per input.
 * <p>
 * The two programs that train them differ at strengths other than 1. PEFT, and diffusers with it, knows pairs per output only and
 * scales the difference; LyCORIS scales what the magnitude does to the sum. Each adapter is treated as by the program that reads it.
 */
record Magnitude(Difference difference, LayerTensors tensors) implements WeightChange {

	/** As in LyCORIS: what is nothing has no direction and stays nothing. */
	private static final double EPSILON = 1.1920929e-7;

	@Override
	public long rank() {
		return difference.rank();
	}

	@Override
	public long inputs() {
		return difference.inputs();
	}

	@Override
	public boolean fits(final long[] shape) {
		return difference.fits(shape) && LayerTensors.product(tensors.shape(Role.MAGNITUDE), 0) == shape[overInputs() ? 1 : 0];
	}

	/** LyCORIS and kohya have a magnitude [1, inputs, ...] or [outputs, 1, ...]; PEFT's, under a name of its own, is always of the outputs. */
	private boolean overInputs() {
		return tensors.name(Role.MAGNITUDE).endsWith(".dora_scale") && tensors.shape(Role.MAGNITUDE).length > 1 && tensors.size(Role.MAGNITUDE, 0) == 1;
	}

	@Override
	public Tensor apply(final Tensor weight, final double strength) {
		final boolean asPeft = difference.besideWeight().isPresent() && !overInputs();
		final Tensor sum = difference.apply(weight, asPeft ? strength : 1).reshape(weight.size(0), weight.size(1), -1);
		final Tensor length = (overInputs() ? sum.square().sum(true, 0, 2) : sum.square().sum(true, 1, 2)).sqrt().plus(EPSILON);
		final Tensor factors = tensors.get(Role.MAGNITUDE).reshape(length.shape()).div(length);
		return sum.multiply(asPeft || strength == 1 ? factors : factors.minus(1).multiply(strength).plus(1)).reshape(weight.shape());
	}
}
