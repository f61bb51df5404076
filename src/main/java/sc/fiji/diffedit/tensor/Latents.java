package sc.fiji.diffedit.tensor;

import java.util.Arrays;
import java.util.List;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/**
 * Numbers in the latent space of a model, in plain Java: {@code count} latents of {@code channels} planes, row by row.
 *
 * @param count how many latents, such as the images of a batch or the steps of an inversion
 * @param channels latent channels of the model's autoencoder
 * @param height rows: pixels divided by the autoencoder's factor
 * @param width columns
 * @param values {@code values[((n * channels + c) * height + y) * width + x]}; the array is not copied
 */
public record Latents(int count, int channels, int height, int width, float[] values) {

	public Latents {
		if (count < 1 || channels < 1 || height < 1 || width < 1 || values.length != (long) count * channels * height * width) {
			throw new DiffEditException("Latents of " + count + " x " + channels + " x " + height + " x " + width + " need "
				+ Counted.of((long) count * channels * height * width, "value") + "; there are " + values.length + ".");
		}
	}

	/**
	 * Copies a tensor of shape (count, channels, height, width).
	 *
	 * @throws DiffEditException if it holds NaN or infinity
	 */
	public static Latents of(final Tensor tensor) {
		final long[] shape = tensor.shape();
		if (shape.length != 4) throw new IllegalArgumentException("latents have four axes");
		if (!tensor.isFinite()) {
			throw new DiffEditException("The latents contain NaN or infinity after a step of the scheduler; lower the guidance scale, choose another scheduler, "
				+ "or take a more precise type such as float32.");
		}
		return new Latents((int) shape[0], (int) shape[1], (int) shape[2], (int) shape[3], tensor.toFloatArray());
	}

	/** Latents of one size, one after another. */
	public static Latents cat(final List<Latents> several) {
		final Latents first = several.get(0);
		final int size = first.channels * first.height * first.width;
		int count = 0;
		for (final Latents latents : several) count += latents.count;
		final float[] values = new float[count * size];
		int at = 0;
		for (final Latents latents : several) {
			System.arraycopy(latents.values, 0, values, at, latents.values.length);
			at += latents.values.length;
		}
		return new Latents(count, first.channels, first.height, first.width, values);
	}

	/** The latents at an index, copied. */
	public Latents get(final int index) {
		final int size = channels * height * width;
		return new Latents(1, channels, height, width, Arrays.copyOfRange(values, index * size, (index + 1) * size));
	}

	/** A tensor of 32-bit floats in the innermost scope, shape (count, channels, height, width). */
	public Tensor toTensor() {
		return Tensor.of(values, count, channels, height, width);
	}
}
