package sc.fiji.diffedit.weights;

import java.util.Optional;

import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.AdapterForm.Scale;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/**
 * LoRA (Hu et al. 2021), for convolutions also LoCon: the product of {@code up} (outputs, rank) and {@code down} (rank, inputs x height
 * x width), times a scale. With {@code mid} (rank, rank, height, width), {@code down} is (rank, inputs).
 *
 * @param scale from the rank to alpha over it, or to what the file has in its place
 */
record LowRank(LayerTensors tensors, Scale scale) implements Difference {

	@Override
	public long rank() {
		return tensors.size(Role.DOWN, 0);
	}

	@Override
	public long inputs() {
		return tensors.size(Role.DOWN, 1);
	}

	@Override
	public boolean fits(final long[] shape) {
		final boolean pair = rank() > 0 && rank() == tensors.size(Role.UP, 1) && tensors.behind(Role.UP, 1) == 1 && tensors.size(Role.UP, 0) == shape[0];
		final long columns = tensors.behind(Role.DOWN, 0);
		if (!tensors.has(Role.MID)) return pair && columns == LayerTensors.product(shape, 1);
		return pair && columns == shape[1] && Difference.isCore(tensors.shape(Role.MID), rank(), rank(), shape);
	}

	/** (rank, inputs x height x width). */
	Tensor down() {
		return tensors.has(Role.MID) ? Difference.onInputs(tensors.get(Role.MID), tensors.matrix(Role.DOWN)) : tensors.matrix(Role.DOWN);
	}

	/** (outputs, rank), with the scale in it. */
	Tensor up() {
		return tensors.matrix(Role.UP).multiply(scale.of(rank()));
	}

	@Override
	public Tensor difference() {
		return up().matmul(down());
	}

	@Override
	public Optional<LowRank> besideWeight() {
		return Optional.of(this);
	}
}
