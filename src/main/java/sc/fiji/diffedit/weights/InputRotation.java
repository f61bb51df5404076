package sc.fiji.diffedit.weights;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/**
 * OFT (Qiu et al. 2023) as PEFT has it since 0.16: the inputs are turned by rotations of blocks of them, {@code R = (I - Q) (I + Q)^-1}
 * (Cayley's formula) or the first terms of its series. Of each skew-symmetric Q, the file has the numbers above the diagonal, row by row:
 * {@code oft_R.weight} (blocks, size (size - 1) / 2). Inputs of convolutions count with height and width. Strength moves R towards the
 * identity, where PEFT has none.
 */
record InputRotation(LayerTensors tensors, PeftConfig config) implements WeightChange {

	private static final Role BLOCKS = Role.OFT_R;

	/** The size of a block; 0 where its numbers are those of no block. */
	@Override
	public long rank() {
		final long numbers = tensors.size(BLOCKS, 1);
		final long size = Math.round((1 + Math.sqrt(1 + 8.0 * numbers)) / 2);
		return numbers > 0 && LayerTensors.multiply(size, size - 1, 2 * numbers) ? size : 0;
	}

	@Override
	public long inputs() {
		return 0;
	}

	@Override
	public boolean fits(final long[] shape) {
		final long inputs = LayerTensors.product(shape, 1), blocks = tensors.size(BLOCKS, 0);
		if (tensors.shape(BLOCKS).length != 2 || rank() == 0 || inputs % rank() != 0) return false;
		return config.isShared() ? blocks == 1 : blocks == inputs / rank();
	}

	@Override
	public Tensor apply(final Tensor weight, final double strength) {
		final long outputs = weight.size(0);
		final Tensor rotations = rotations();
		final Tensor moved = strength == 1 ? rotations : rotations.multiply(strength).plus(Orthogonal.identity((int) rank()).multiply(1 - strength));
		final Tensor byBlock = weight.reshape(outputs, -1, rank()).permute(1, 0, 2);
		return byBlock.matmul(moved.permute(0, 2, 1)).permute(1, 0, 2).reshape(weight.shape());
	}

	/** (blocks, size, size); one block if it is shared. */
	private Tensor rotations() {
		final Tensor skew = bounded(skew());
		final Tensor identity = Orthogonal.identity((int) rank());
		final int terms = config.cayleyTerms();
		if (terms == 0) return identity.minus(skew).matmul(identity.plus(skew).inverse());
		Tensor sum = identity.plus(skew.multiply(terms > 1 ? 2 : 0));
		if (terms < 3) return sum;
		Tensor power = skew;
		for (int i = 2; i <= Math.max(2, terms - 2); i++) {
			power = power.matmul(skew);
			sum = sum.plus(power.multiply(2));
		}
		return sum.plus(power.matmul(skew));
	}

	private Tensor skew() {
		final float[] above = tensors.get(BLOCKS).toFloatArray();
		final int size = (int) rank(), blocks = (int) tensors.size(BLOCKS, 0);
		final float[] full = new float[blocks * size * size];
		int next = 0;
		for (int block = 0; block < blocks; block++) {
			for (int row = 0; row < size; row++) {
				for (int column = row + 1; column < size; column++) {
					full[(block * size + row) * size + column] = above[next];
					full[(block * size + column) * size + row] = -above[next++];
				}
			}
		}
		final Tensor skew = Tensor.of(full, blocks, size, size);
		if (!skew.isFinite()) throw new DiffEditException(tensors.source() + " has '" + tensors.name(BLOCKS) + "' with numbers that are not finite; download or copy it again.");
		return skew;
	}

	/** COFT: each block's numbers are shortened to a norm that the number of blocks shares. */
	private Tensor bounded(final Tensor skew) {
		if (config.bound() <= 0) return skew;
		final double most = config.bound() / Math.sqrt(skew.size(0));
		final float[] norms = skew.square().sum(false, 1, 2).sqrt().toFloatArray();
		for (int i = 0; i < norms.length; i++) norms[i] = norms[i] > most ? (float) (most / norms[i]) : 1;
		return skew.multiply(Tensor.of(norms, norms.length, 1, 1));
	}
}
