package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Quantiles;

/**
 * How strongly two prompts disagree about the noise, place by place: what that is, the {@link MaskSource} says. The mask is a
 * {@link Threshold} on it, so another threshold costs next to nothing: what thresholds want to know of the values is found once.
 */
public final class DifferenceMap {

	private final int width;
	private final int height;
	private final float[] values;
	/** NaN until they are asked for, as the quantiles are null. */
	private volatile float mean = Float.NaN, largest = Float.NaN;
	private volatile Quantiles quantiles;

	/**
	 * @param width in latent pixels; after a {@link MaskRefinement} in pixels of the image
	 * @param height in the same
	 * @param values {@code values[y * width + x]}, finite, 0 or more, but refined ones also a little below; not copied, so nobody may change them
	 */
	public DifferenceMap(final int width, final int height, final float[] values) {
		for (final float value : values) {
			if (Float.isFinite(value)) continue;
			throw new DiffEditException("The difference map of the prompts contains NaN or infinity, so no mask can be computed; "
				+ "lower the guidance scale or take a more precise type such as float32.");
		}
		this.width = width;
		this.height = height;
		this.values = values;
	}

	public int width() {
		return width;
	}

	public int height() {
		return height;
	}

	/** Row by row; the array is not copied. */
	public float[] values() {
		return values;
	}

	/** The map under a Gaussian. @param sigma in pixels of the map, above 0 */
	DifferenceMap smoothed(final double sigma) {
		return new DifferenceMap(width, height, new Smoothing(sigma).of(values, width, height));
	}

	/** Mean of the map, as a 32-bit float. */
	public float mean() {
		if (Float.isNaN(mean)) {
			double sum = 0;
			for (final float value : values) sum += value;
			mean = (float) (sum / values.length);
		}
		return mean;
	}

	/** The largest value; 0 if none is above. */
	public float largest() {
		if (Float.isNaN(largest)) largest = largest(values);
		return largest;
	}

	/** The largest of some values; 0 if none is above. */
	public static float largest(final float[] values) {
		float most = 0;
		for (final float value : values) {
			if (value > most) most = value;
		}
		return most;
	}

	/** A quantile of the values. @param part in [0, 1] */
	double quantile(final double part) {
		if (quantiles == null) quantiles = new Quantiles(values);
		return quantiles.at(part);
	}

	/**
	 * The mask by diffusers' arithmetic: clamp at {@code ratio * mean}, scale to [0, 1], cut at one half; so a pixel is
	 * inside where the map exceeds {@code ratio / 2 * mean}.
	 *
	 * @param mean the mean to compare with; that of this map, or of a whole batch in parity mode
	 */
	Mask above(final double ratio, final float mean) {
		final float clampMagnitude = mean * (float) ratio;
		final float[] inside = new float[values.length];
		for (int i = 0; i < inside.length; i++) {
			final float scaled = Math.min(values[i], clampMagnitude) / clampMagnitude;
			inside[i] = scaled <= 0.5f ? 0 : 1;               // 0/0 counts as inside, as in diffusers
		}
		return new Mask(width, height, inside);
	}

	/** The mask at a thresholding ratio; empty where the prompts agree everywhere. */
	public Mask above(final double ratio) {
		final float mean = mean();
		return mean > 0 ? above(ratio, mean) : Mask.filled(width, height, 0);
	}
}
