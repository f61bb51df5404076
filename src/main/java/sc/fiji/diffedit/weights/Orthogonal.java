package sc.fiji.diffedit.weights;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/**
 * OFT (Qiu et al. 2023) as kohya's scripts and LyCORIS (Diag-OFT) save it, and BOFT (Liu et al. 2024) as LyCORIS does: the outputs are
 * turned by rotations of blocks of them, {@code R = (I + Q) (I - Q)^-1} with {@code Q = B - B^T} (Cayley's formula), and then perhaps
 * rescaled. OFT has blocks (count, size, size) and turns by the transpose of R; BOFT has (stages, count, size, size), and each
 * stage turns outputs that lie twice as far apart as those of the stage before. In both, strength moves R towards the identity, and
 * alpha times the number of outputs, where it is not 0, is the largest norm that all Q together have.
 */
record Orthogonal(LayerTensors tensors) implements WeightChange {

	private static final Role BLOCKS = Role.OFT_BLOCKS;

	static boolean isButterfly(final LayerTensors tensors) {
		return tensors.shape(BLOCKS).length == 4;
	}

	/** The size of a block. */
	@Override
	public long rank() {
		return tensors.size(BLOCKS, tensors.shape(BLOCKS).length - 1);
	}

	@Override
	public long inputs() {
		return 0;
	}

	@Override
	public boolean fits(final long[] shape) {
		final long[] blocks = tensors.shape(BLOCKS);
		final int last = blocks.length - 1;
		if (last != 2 && last != 3 || blocks[last] != blocks[last - 1] || !LayerTensors.multiply(blocks[last - 2], blocks[last], shape[0])) return false;
		final long[] rescale = tensors.shape(Role.RESCALE);
		if (tensors.has(Role.RESCALE) && LayerTensors.product(rescale, 0) != shape[0]) return false;
		return last == 2 || blocks[last] % 2 == 0 && reaches(blocks[0], blocks[last], shape[0]);
	}

	/** Whether the last stage still finds pairs within the outputs. */
	private static boolean reaches(final long stages, final long size, final long outputs) {
		return stages > 0 && stages < 31 && outputs % (size << stages - 1) == 0;
	}

	@Override
	public Tensor apply(final Tensor weight, final double strength) {
		final long outputs = weight.size(0);
		final Tensor rotations = rotations(outputs, strength);
		final Tensor rows = weight.reshape(outputs, -1);
		final Tensor turned = isButterfly(tensors) ? butterfly(rotations, rows) : turn(rotations.permute(0, 2, 1), rows);
		return (tensors.has(Role.RESCALE) ? turned.multiply(tensors.get(Role.RESCALE).reshape(outputs, 1)) : turned).reshape(weight.shape());
	}

	/** (..., size, size), moved towards the identity by the strength. */
	private Tensor rotations(final long outputs, final double strength) {
		final Tensor blocks = tensors.get(BLOCKS);
		final Tensor differences = blocks.minus(transposed(blocks));
		if (!differences.isFinite()) throw new DiffEditException(tensors.source() + " has '" + tensors.name(BLOCKS) + "' with numbers that are not finite; download or copy it again.");
		final Tensor skew = constrained(differences, tensors.number(Role.ALPHA, 0) * outputs);
		final Tensor identity = identity((int) rank());
		final Tensor rotations = identity.plus(skew).matmul(identity.minus(skew).inverse());
		return strength == 1 ? rotations : rotations.multiply(strength).plus(identity.multiply(1 - strength));
	}

	private static Tensor transposed(final Tensor blocks) {
		return blocks.shape().length == 3 ? blocks.permute(0, 2, 1) : blocks.permute(0, 1, 3, 2);
	}

	private static Tensor constrained(final Tensor skew, final double most) {
		if (most <= 0) return skew;
		final double norm = Math.sqrt(skew.reshape(-1).square().sum(false, 0).toFloat());
		return norm > most ? skew.multiply(most / norm) : skew;
	}

	/** (size, size). */
	static Tensor identity(final int size) {
		final float[] values = new float[size * size];
		for (int i = 0; i < size; i++) values[i * size + i] = 1;
		return Tensor.of(values, size, size);
	}

	/** Each block of rows times its rotation. */
	private static Tensor turn(final Tensor rotations, final Tensor rows) {
		return rotations.matmul(rows.reshape(rotations.size(0), rotations.size(1), -1)).reshape(rows.shape());
	}

	/** In stage i, rows that lie {@code 2^i x size / 2} apart come beside each other, are turned, and go back. */
	private static Tensor butterfly(final Tensor rotations, final Tensor rows) {
		Tensor turned = rows;
		for (int stage = 0; stage < rotations.size(0); stage++) {
			final long apart = (rotations.size(2) / 2) << stage, columns = rows.size(1);
			final Tensor beside = turned.reshape(-1, 2, apart, columns).permute(0, 2, 1, 3).reshape(rows.shape());
			turned = turn(rotations.get(stage), beside).reshape(-1, apart, 2, columns).permute(0, 2, 1, 3).reshape(rows.shape());
		}
		return turned;
	}
}
