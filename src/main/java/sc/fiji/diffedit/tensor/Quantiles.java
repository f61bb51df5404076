package sc.fiji.diffedit.tensor;

/** Quantiles of many numbers without sorting: a pass over them for the first, and one for each. The last answer is remembered. */
public final class Quantiles {

	private static final int BINS = 1 << 16;

	private final float[] values;
	/** How many numbers have which upper bits. */
	private final int[] counts = new int[BINS];
	private double lastPart = Double.NaN;
	private double last;

	/** @param values at least one, no NaN; not copied, so nobody may change them */
	public Quantiles(final float[] values) {
		this.values = values;
		for (final float value : values) counts[ordered(value) >>> 16]++;
	}

	/**
	 * The quantile with linear interpolation between neighbours, as {@code numpy.quantile}.
	 *
	 * @param part in [0, 1]
	 */
	public synchronized double at(final double part) {
		if (part != lastPart) last = find(part);
		lastPart = part;
		return last;
	}

	private double find(final double part) {
		final double place = part * (values.length - 1);
		final int below = (int) place;
		final int[] lower = within(bin(counts, below));
		final double low = number(lower, below);
		if (place == below) return low;
		final boolean isNear = bin(counts, below + 1) == bin(counts, below);
		return low + (place - below) * (number(isNear ? lower : within(bin(counts, below + 1)), below + 1) - low);
	}

	/** How many numbers have which lower bits, of those with these upper ones. */
	private int[] within(final int upper) {
		final int[] within = new int[BINS];
		for (final float value : values) {
			final int bits = ordered(value);
			if (bits >>> 16 == upper) within[bits & BINS - 1]++;
		}
		return within;
	}

	/** The number that stands at this place once all are sorted. @param within of its upper bits */
	private float number(final int[] within, final int place) {
		final int upper = bin(counts, place);
		int before = 0;
		for (int i = 0; i < upper; i++) before += counts[i];
		return number(upper << 16 | bin(within, place - before));
	}

	private static int bin(final int[] counts, final int place) {
		int bin = 0;
		for (int left = place; left >= counts[bin]; bin++) left -= counts[bin];
		return bin;
	}

	/** The bits of a number, such that larger numbers have larger bits (unsigned). */
	private static int ordered(final float value) {
		final int bits = Float.floatToRawIntBits(value);
		return bits ^ (bits >> 31 | Integer.MIN_VALUE);
	}

	private static float number(final int ordered) {
		return Float.intBitsToFloat(ordered ^ (ordered >= 0 ? -1 : Integer.MIN_VALUE));
	}
}
