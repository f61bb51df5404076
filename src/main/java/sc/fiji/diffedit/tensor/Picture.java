package sc.fiji.diffedit.tensor;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/**
 * An image as the networks see it, in plain Java: values in [0, 1], channel by channel, row by row
 * ({@code values[(channel * height + y) * width + x]}).
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param channels 3 (red, green, blue) for every Stable Diffusion model
 * @param values finite numbers; the array is not copied
 */
public record Picture(int width, int height, int channels, float[] values) {

	public Picture {
		if (width < 1 || height < 1) {
			throw new DiffEditException("The image is " + width + " x " + height + " pixels; it needs at least one pixel.");
		}
		if (values.length != (long) width * height * channels) {
			throw new DiffEditException("The image has " + Counted.of(values.length, "value") + ", but " + Counted.of(channels, "channel") + " of "
				+ width + " x " + height + " pixels need " + (long) width * height * channels + ".");
		}
		for (final float value : values) {
			if (!Float.isFinite(value)) {
				throw new DiffEditException("The image holds " + value + "; replace NaN and infinite pixels first.");
			}
		}
	}

	/** A picture of pixels 0xRRGGBB, row by row. */
	public static Picture ofRgb(final int width, final int height, final int[] rgb) {
		final int plane = width * height;
		final float[] values = new float[3 * plane];
		for (int i = 0; i < plane; i++) {
			values[i] = (rgb[i] >> 16 & 255) / 255f;
			values[plane + i] = (rgb[i] >> 8 & 255) / 255f;
			values[2 * plane + i] = (rgb[i] & 255) / 255f;
		}
		return new Picture(width, height, 3, values);
	}

	/** The pixels as 0xRRGGBB, rounded as in diffusers ({@code round(255 v)}, half to even). Needs 3 channels. */
	public int[] toRgb() {
		final int plane = width * height;
		final int[] rgb = new int[plane];
		for (int i = 0; i < plane; i++) {
			rgb[i] = level(values[i]) << 16 | level(values[plane + i]) << 8 | level(values[2 * plane + i]);
		}
		return rgb;
	}

	private static int level(final float value) {
		return (int) Math.rint(Math.min(1, Math.max(0, value)) * 255f);
	}

	public float get(final int channel, final int x, final int y) {
		return values[(channel * height + y) * width + x];
	}
}
