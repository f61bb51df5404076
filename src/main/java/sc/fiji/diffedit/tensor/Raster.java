package sc.fiji.diffedit.tensor;

import java.util.Arrays;
import java.util.function.UnaryOperator;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/**
 * An 8-bit image and what Pillow does to one, with the same numbers: diffusers brings images to size, blurs masks and
 * pastes results in 8 bits, so the same pixels need the same arithmetic.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param values unsigned bytes {@code values[(channel * height + y) * width + x]}; the array is not copied
 */
public record Raster(int width, int height, int channels, byte[] values) {

	private static final int BLUR_PASSES = 3;
	private static final int BLUR_BITS = 24;

	public Raster {
		if (width < 1 || height < 1 || values.length != (long) width * height * channels) {
			throw new DiffEditException("An image of " + width + " x " + height + " pixels and " + Counted.of(channels, "channel") + " needs "
				+ (long) width * height * channels + " bytes and at least one; it has " + values.length + ".");
		}
	}

	/** Values in [0, 1] become the nearest of 256 levels. */
	public static Raster of(final Picture picture) {
		return new Raster(picture.width(), picture.height(), picture.channels(), levels(picture.values()));
	}

	/** Values in [0, 1] become the nearest of 256 levels. */
	public static Raster of(final Mask mask) {
		return new Raster(mask.width(), mask.height(), 1, levels(mask.values()));
	}

	private static byte[] levels(final float[] values) {
		final byte[] levels = new byte[values.length];
		for (int i = 0; i < levels.length; i++) levels[i] = (byte) Math.rint(Math.min(1, Math.max(0, values[i])) * 255f);
		return levels;
	}

	public Picture toPicture() {
		return new Picture(width, height, channels, numbers(values));
	}

	/** The first channel as a mask. */
	public Mask toMask() {
		return new Mask(width, height, numbers(Arrays.copyOf(values, width * height)));
	}

	private static float[] numbers(final byte[] levels) {
		final float[] numbers = new float[levels.length];
		for (int i = 0; i < numbers.length; i++) numbers[i] = (levels[i] & 255) / 255f;
		return numbers;
	}

	/** The level at a place, 0 to 255. */
	public int get(final int channel, final int x, final int y) {
		return values[(channel * height + y) * width + x] & 255;
	}

	// -- size --

	/** {@code Image.resize((width, height), resample)}. */
	public Raster resized(final int newWidth, final int newHeight, final Resampling resampling) {
		return resized(newWidth, newHeight, resampling, 0, 0, width, height);
	}

	/** {@code Image.resize((width, height), resample, box=(x1, y1, x2, y2))}; the box may be empty. */
	public Raster resized(final int newWidth, final int newHeight, final Resampling resampling, final double x1, final double y1,
		final double x2, final double y2)
	{
		return eachPlane(newWidth, newHeight, plane -> resampling.resize(plane, width, height, newWidth, newHeight, x1, y1, x2, y2));
	}

	/** {@code Image.crop}; what lies outside is black. */
	public Raster cropped(final Region region) {
		return black(region.width(), region.height(), channels).withPasted(this, -region.x1(), -region.y1());
	}

	/** An image of zeros. */
	public static Raster black(final int width, final int height, final int channels) {
		return new Raster(width, height, channels, new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)]);
	}

	/** {@code Image.paste(other, (left, top))}: another image on this one; what sticks out is cut. */
	public Raster withPasted(final Raster other, final int left, final int top) {
		if (other.channels != channels) throw new IllegalArgumentException(other.channels + " channels do not fit into " + channels);
		final byte[] result = values.clone();
		final int from = Math.max(0, left);
		final int length = Math.min(width, left + other.width) - from;
		if (length <= 0) return this;
		for (int c = 0; c < channels; c++) {
			for (int y = Math.max(0, top); y < Math.min(height, top + other.height); y++) {
				System.arraycopy(other.values, (c * other.height + y - top) * other.width + from - left, result, (c * height + y) * width + from, length);
			}
		}
		return new Raster(width, height, channels, result);
	}

	private Raster eachPlane(final int newWidth, final int newHeight, final UnaryOperator<byte[]> operation) {
		final int plane = Math.multiplyExact(newWidth, newHeight);
		final byte[] result = new byte[Math.multiplyExact(plane, channels)];
		for (int c = 0; c < channels; c++) {
			final byte[] own = Arrays.copyOfRange(values, c * width * height, (c + 1) * width * height);
			System.arraycopy(operation.apply(own), 0, result, c * plane, plane);
		}
		return new Raster(newWidth, newHeight, channels, result);
	}

	// -- levels --

	/** {@code ImageFilter.GaussianBlur(radius)}: three box blurs along each axis (Gwosdek et al. 2011). */
	public Raster blurred(final double radius) {
		if (!(radius >= 0)) throw new DiffEditException("The blur radius is " + radius + "; it must not be below 0.");
		if (radius == 0) return this;
		final float box = boxRadius((float) radius);
		return eachPlane(width, height, plane -> {
			byte[] blurred = plane;
			for (int i = 0; i < BLUR_PASSES; i++) blurred = boxBlur(blurred, width, height, 1, width, box);
			for (int i = 0; i < BLUR_PASSES; i++) blurred = boxBlur(blurred, height, width, width, 1, box);
			return blurred;
		});
	}

	/** Radius of the box that gives the variance of a Gaussian in three passes; the fraction is the weight of the outermost pixels. */
	private static float boxRadius(final float radius) {
		final float variance = radius * radius / BLUR_PASSES;
		final float length = (float) Math.sqrt(12.0 * variance + 1.0);
		final float whole = (float) Math.floor((length - 1.0) / 2.0);
		final float fraction = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
		return whole + fraction / (6 * (variance - (whole + 1) * (whole + 1)));
	}

	/** One pass over {@code lines} lines; pixels beyond the ends are those at the ends. */
	private static byte[] boxBlur(final byte[] plane, final int length, final int lines, final int step, final int lineStep, final float box) {
		final int radius = (int) box;
		final long inner = (long) ((1 << BLUR_BITS) / (box * 2 + 1));
		final long outer = ((1 << BLUR_BITS) - (radius * 2L + 1) * inner) / 2;
		final byte[] result = new byte[plane.length];
		for (int line = 0; line < lines; line++) {
			final int start = line * lineStep;
			long sum = 0;
			for (int i = -radius; i <= radius; i++) sum += at(plane, start, step, length, i);
			for (int i = 0; i < length; i++) {
				final int far = at(plane, start, step, length, i - radius - 1) + at(plane, start, step, length, i + radius + 1);
				result[start + i * step] = (byte) (sum * inner + far * outer + (1 << BLUR_BITS - 1) >> BLUR_BITS);
				sum += at(plane, start, step, length, i + radius + 1) - at(plane, start, step, length, i - radius);
			}
		}
		return result;
	}

	private static int at(final byte[] plane, final int start, final int step, final int length, final int index) {
		return plane[start + Math.max(0, Math.min(length - 1, index)) * step] & 255;
	}

	/**
	 * This image over another one of the same size, where it is kept: diffusers' {@code apply_overlay}, which is Pillow's
	 * paste into premultiplied colours followed by {@code alpha_composite}.
	 *
	 * @param keep one channel; 255 shows this image, 0 the other
	 */
	public Raster over(final Raster other, final Raster keep) {
		if (other.width != width || other.height != height || keep.width != width || keep.height != height || other.channels != channels) {
			throw new DiffEditException("Images of " + width + " x " + height + " and " + other.width + " x " + other.height + " and a mask of "
				+ keep.width + " x " + keep.height + " do not lie on one another; bring them to one size.");
		}
		final byte[] result = other.values.clone();
		for (int i = 0; i < result.length; i++) {
			final int alpha = keep.values[i % (width * height)] & 255;
			if (alpha > 0) result[i] = (byte) composite(unmultiplied(values[i] & 255, alpha), other.values[i] & 255, alpha);
		}
		return new Raster(width, height, channels, result);
	}

	/** A level through premultiplied colours and back, rounded both times. */
	private static int unmultiplied(final int level, final int alpha) {
		final int rounded = level * alpha + 128;
		final int premultiplied = (rounded >> 8) + rounded >> 8;
		return Math.min(255, 255 * premultiplied / alpha);
	}

	/** Over an opaque level, with 7 bits below the point. */
	private static int composite(final int upper, final int lower, final int alpha) {
		final int sum = (upper * alpha + lower * (255 - alpha) << 7) + (0x80 << 7);
		return (sum >> 8) + sum >> 8 >> 7;
	}
}
