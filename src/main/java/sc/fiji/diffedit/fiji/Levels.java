package sc.fiji.diffedit.fiji;

/**
 * Which pixel values a network sees as dark and as bright, and the exact way back.
 *
 * @param dark the value shown as 0
 * @param bright the value shown as 1; smaller than {@code dark} where an inverting look-up table shows small values bright
 */
public record Levels(double dark, double bright) {

	/** What 8-bit images hold. */
	public static final Levels BYTE = new Levels(0, 255);

	public Levels {
		if (!(Double.isFinite(dark) && Double.isFinite(bright) && dark != bright)) {
			throw new IllegalArgumentException("levels must be two different numbers, not " + dark + " and " + bright);
		}
	}

	/** From pixel value to brightness: 0 to 1, and beyond for values outside of the levels. */
	public double show(final double value) {
		return (value - dark) / (bright - dark);
	}

	/** From brightness to pixel value, the inverse of {@link #show}. */
	public double restore(final double brightness) {
		return dark + brightness * (bright - dark);
	}

	Levels inverted() {
		return new Levels(bright, dark);
	}
}
