package sc.fiji.diffedit.tensor;

/**
 * A tensor's numbers in plain Java, to be kept or carried around without native memory. Types of up to 32 bits come back
 * exactly as they were, always in row-major order: what is computed from the copy has the same bits wherever the copy has
 * been in between.
 *
 * @param values in row-major order; the array is not copied
 * @param dtype floating-point type of the tensor
 * @param shape of the tensor
 */
public record Numbers(float[] values, DType dtype, long... shape) {

	/** Copies a tensor of floating-point numbers from any device. */
	public static Numbers of(final Tensor tensor) {
		return new Numbers(tensor.toFloatArray(), tensor.dtype(), tensor.shape());
	}

	/** A new tensor of the same type in the innermost scope, on a device. */
	public Tensor toTensor(final Device device) {
		return Tensor.of(values, shape).to(dtype).to(device);
	}

	/** Whether none is NaN or infinite. */
	public boolean areFinite() {
		for (final float value : values) {
			if (!Float.isFinite(value)) return false;
		}
		return true;
	}

	/** Size in memory. */
	public long bytes() {
		return (long) Float.BYTES * values.length;
	}
}
