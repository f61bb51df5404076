package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;

/** Where a heat map is cut into inside and outside. Implementations are values: they can be compared and kept. */
public interface Threshold {

	/** Names of thresholds in forms and macros. */
	String TOP = "Top", RATIO = "Ratio", QUANTILE = "Quantile", FIXED = "Fixed";

	/**
	 * A threshold by its name.
	 *
	 * @param level the number of all kinds but {@link Ratio}
	 * @param ratio the number of that
	 * @throws DiffEditException if there is none of this name, or the number does not suit it
	 */
	static Threshold named(final String word, final double level, final double ratio) {
		if (word.equalsIgnoreCase(TOP)) return new Top(level);
		if (word.equalsIgnoreCase(RATIO)) return new Ratio(ratio);
		if (word.equalsIgnoreCase(QUANTILE)) return new Quantile(level);
		if (word.equalsIgnoreCase(FIXED)) return new Fixed(level);
		throw new DiffEditException("threshold is \"" + word + "\"; choose one of " + String.join(", ", TOP, RATIO, QUANTILE, FIXED) + ", or in Fiji a method of ImageJ such as Otsu.");
	}

	/** Whether a threshold of this name has a level. */
	static boolean hasLevel(final String word) {
		return word.equalsIgnoreCase(TOP) || word.equalsIgnoreCase(QUANTILE) || word.equalsIgnoreCase(FIXED);
	}

	/** Inside is where the map exceeds this. */
	double cut(DifferenceMap map);

	/** Its number: a ratio, a part or a value; NaN where it has none. */
	default double number() {
		return Double.NaN;
	}

	/** A threshold of the same kind that cuts a map at a value; of a fixed one where there is none of the same kind. */
	default Threshold through(final double cut, final DifferenceMap map) {
		return new Fixed(cut);
	}

	/** The inside of a map; empty where the map is 0 everywhere. */
	default Mask mask(final DifferenceMap map) {
		final double cut = cut(map);
		final float[] inside = new float[map.values().length];
		for (int i = 0; i < inside.length; i++) inside[i] = map.values()[i] > cut ? 1 : 0;
		return new Mask(map.width(), map.height(), inside);
	}

	/**
	 * Half of a ratio times the mean of the map: diffusers' {@code mask_thresholding_ratio}.
	 *
	 * @param ratio above 0; 3.0 is usual
	 */
	record Ratio(double ratio) implements Threshold {

		/** @throws DiffEditException if there is no mask at this ratio */
		public Ratio {
			Checks.thresholdingRatio(ratio);
		}

		@Override
		public double number() {
			return ratio;
		}

		@Override
		public double cut(final DifferenceMap map) {
			return ratio / 2 * map.mean();
		}

		@Override
		public Threshold through(final double cut, final DifferenceMap map) {
			return map.mean() > 0 ? new Ratio(Math.max(Double.MIN_NORMAL, 2 * cut / map.mean())) : this;
		}

		@Override
		public Mask mask(final DifferenceMap map) {
			return map.above(ratio);
		}
	}

	/**
	 * A part of the map's top, which is its 99th percentile. It does not depend on how large the rest of the image is.
	 *
	 * @param part of the top, above 0
	 */
	record Top(double part) implements Threshold {

		/** Found on other pictures than those of the project's evaluation. */
		public static final Top USUAL = new Top(0.52);
		/** Which part of the map's values lies below what counts as its top: single peaks shall not decide. */
		private static final double PERCENTILE = 0.99;

		/** @throws DiffEditException if there is no mask at this part */
		public Top {
			if (!(part > 0) || Double.isInfinite(part)) {
				throw new DiffEditException("The threshold is to be " + part + " of the heat map's top; it must be above 0 (0.52 is usual).");
			}
		}

		@Override
		public double number() {
			return part;
		}

		@Override
		public double cut(final DifferenceMap map) {
			return part * map.quantile(PERCENTILE);
		}

		@Override
		public Threshold through(final double cut, final DifferenceMap map) {
			final double top = map.quantile(PERCENTILE);
			return top > 0 ? new Top(Math.max(Double.MIN_NORMAL, cut / top)) : this;
		}
	}

	/**
	 * A quantile of the map: the part of the image that is to be outside.
	 *
	 * @param part in [0, 1]
	 */
	record Quantile(double part) implements Threshold {

		/** @throws DiffEditException if it is no part */
		public Quantile {
			Checks.between("The quantile of the threshold", part, 0, 1);
		}

		@Override
		public double number() {
			return part;
		}

		@Override
		public double cut(final DifferenceMap map) {
			return map.quantile(part);
		}

		@Override
		public Threshold through(final double cut, final DifferenceMap map) {
			int below = 0;
			for (final float value : map.values()) if (value <= cut) below++;
			return new Quantile((double) below / map.values().length);
		}
	}

	/**
	 * A value of the map, so that masks of several images can be compared.
	 *
	 * @param value finite; the mean of maps of several strengths is 1, or 2 with the likelihood
	 */
	record Fixed(double value) implements Threshold {

		/** @throws DiffEditException if it is no number */
		public Fixed {
			Checks.finite("The threshold", value);
		}

		@Override
		public double number() {
			return value;
		}

		@Override
		public double cut(final DifferenceMap map) {
			return value;
		}
	}
}
