package sc.fiji.diffedit.tensor;

import java.util.Arrays;
import java.util.List;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/**
 * Where an edit may change the image: a plane of values in [0, 1], row by row, at any resolution (that of the latents or
 * that of the image). 1 is inside, 0 is outside, values between are a soft edge.
 *
 * @param width at least 1
 * @param height at least 1
 * @param values {@code values[y * width + x]}; the array is not copied
 */
public record Mask(int width, int height, float[] values) {

	public Mask {
		if (width < 1 || height < 1 || values.length != (long) width * height) {
			throw new DiffEditException("A mask of " + width + " x " + height + " needs " + Counted.of((long) width * height, "value")
				+ " and at least one; it has " + values.length + ".");
		}
		for (final float value : values) {
			if (!(value >= 0 && value <= 1)) {
				throw new DiffEditException("The mask holds " + value + "; mask values lie between 0 (keep) and 1 (edit).");
			}
		}
	}

	/** A mask of one value everywhere. */
	public static Mask filled(final int width, final int height, final float value) {
		final float[] values = new float[width * height];
		Arrays.fill(values, value);
		return new Mask(width, height, values);
	}

	/** The largest value of each pixel. @param masks one or more, all of one size */
	public static Mask together(final List<Mask> masks) {
		final Mask first = masks.get(0);
		final float[] values = first.values.clone();
		for (final Mask mask : masks) {
			for (int i = 0; i < values.length; i++) values[i] = Math.max(values[i], mask.values[i]);
		}
		return new Mask(first.width, first.height, values);
	}

	public boolean isInside(final int x, final int y) {
		return values[y * width + x] >= 0.5f;
	}

	public boolean isEmpty() {
		for (final float value : values) if (value > 0) return false;
		return true;
	}

	/** The part of the plane that lies inside, in [0, 1]. */
	public double area() {
		int inside = 0;
		for (final float value : values) if (value >= 0.5f) inside++;
		return (double) inside / values.length;
	}

	/** 1 where a value is at least one half, else 0, as diffusers' {@code preprocess_mask}. */
	public Mask binary() {
		final float[] binary = new float[values.length];
		for (int i = 0; i < binary.length; i++) binary[i] = values[i] >= 0.5f ? 1 : 0;
		return new Mask(width, height, binary);
	}

	/** 1 wherever the mask is not 0. */
	public Mask touched() {
		final float[] touched = new float[values.length];
		for (int i = 0; i < touched.length; i++) touched[i] = values[i] > 0 ? 1 : 0;
		return new Mask(width, height, touched);
	}

	public Mask inverted() {
		final float[] inverted = new float[values.length];
		for (int i = 0; i < inverted.length; i++) inverted[i] = 1 - values[i];
		return new Mask(width, height, inverted);
	}

	/** The same mask at another resolution, each pixel taken from the nearest one. */
	public Mask resized(final int newWidth, final int newHeight) {
		final int[] columns = new int[newWidth];
		for (int x = 0; x < newWidth; x++) columns[x] = (int) ((x + 0.5) * width / newWidth);
		final float[] resized = new float[newWidth * newHeight];
		for (int y = 0; y < newHeight; y++) {
			final int row = (int) ((y + 0.5) * height / newHeight) * width, start = y * newWidth;
			for (int x = 0; x < newWidth; x++) resized[start + x] = values[row + columns[x]];
		}
		return new Mask(newWidth, newHeight, resized);
	}
}
