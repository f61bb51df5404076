package sc.fiji.diffedit.fiji;

import java.util.List;
import java.util.Locale;

import sc.fiji.diffedit.DiffEditException;

/**
 * How the levels of a channel are found. Each channel has levels of its own, from the plane that is worked on.
 *
 * @param kind how
 * @param low for {@link Kind#PERCENTILE} the dark percentile in [0, 100], for {@link Kind#FIXED} the dark pixel value
 * @param high for {@link Kind#PERCENTILE} the bright percentile, for {@link Kind#FIXED} the bright pixel value
 */
public record IntensityRange(Kind kind, double low, double high) {

	public enum Kind {
		/** 8-bit and RGB images as {@link #FULL}, all others as {@link #PERCENTILE} 1 to 99.8. */
		AUTO,
		/** Between two percentiles of the pixels, whatever the screen shows: the same in every session. */
		PERCENTILE,
		/** What Brightness/Contrast is set to; images without display settings as {@link #AUTO}. */
		DISPLAY,
		/** All that the type can hold; for floating-point pixels from the smallest to the largest. */
		FULL,
		/** Between two given pixel values. */
		FIXED
	}

	public static final IntensityRange AUTO = new IntensityRange(Kind.AUTO, 1, 99.8);
	public static final IntensityRange DISPLAY = new IntensityRange(Kind.DISPLAY, 1, 99.8);
	public static final IntensityRange FULL = new IntensityRange(Kind.FULL, 0, 100);

	/** As forms and macros spell the choices. */
	public static final String AUTO_CHOICE = "Auto", PERCENTILE_CHOICE = "Percentile 1 to 99.8",
			DISPLAY_CHOICE = "Display range", FULL_CHOICE = "Full range";

	public IntensityRange {
		if (kind == Kind.FIXED && !(Double.isFinite(low) && Double.isFinite(high) && low != high)) {
			throw new DiffEditException("The intensity range " + low + " to " + high + " is empty; give two different numbers.");
		}
		if (kind != Kind.FIXED && !(low >= 0 && low < high && high <= 100)) {
			throw new DiffEditException("The percentiles " + low + " and " + high + " must rise and lie between 0 and 100.");
		}
	}

	public static IntensityRange percentile(final double low, final double high) {
		return new IntensityRange(Kind.PERCENTILE, low, high);
	}

	public static IntensityRange fixed(final double dark, final double bright) {
		return new IntensityRange(Kind.FIXED, dark, bright);
	}

	/** A range by the name that forms and macros use, in any case. */
	public static IntensityRange of(final String choice) {
		final List<String> names = List.of(AUTO_CHOICE, PERCENTILE_CHOICE, DISPLAY_CHOICE, FULL_CHOICE);
		final List<IntensityRange> ranges = List.of(AUTO, percentile(1, 99.8), DISPLAY, FULL);
		for (int i = 0; i < names.size(); i++) {
			if (names.get(i).toLowerCase(Locale.ROOT).equals(choice.strip().toLowerCase(Locale.ROOT))) return ranges.get(i);
		}
		throw new DiffEditException("\"" + choice + "\" is not an intensity range; choose one of " + String.join(", ", names) + ".");
	}

	/** The levels of one channel; {@code display} is null where the image has no display settings. */
	Levels levels(final Plane plane, final Levels display) {
		final boolean bytes = plane.isWhole() && plane.most() - plane.least() <= 255;
		return switch (kind) {
			case FIXED -> new Levels(low, high);
			case DISPLAY -> display != null ? display : AUTO.levels(plane, null);
			case FULL -> full(plane);
			case PERCENTILE -> between(plane, low, high);
			case AUTO -> bytes ? full(plane) : between(plane, low, high);
		};
	}

	private static Levels full(final Plane plane) {
		return plane.isWhole() ? new Levels(plane.least(), plane.most()) : between(plane, 0, 100);
	}

	private static Levels between(final Plane plane, final double low, final double high) {
		final RankedPixels pixels = RankedPixels.of(plane);
		if (pixels.count() == 0) return new Levels(0, 1);
		final double dark = pixels.percentile(low), bright = pixels.percentile(high);
		if (dark < bright) return new Levels(dark, bright);
		final double least = pixels.at(0), most = pixels.at(pixels.count() - 1);
		return least < most ? new Levels(least, most) : ofConstant(plane, least);
	}

	/** A plane of one value has no contrast of its own: it is shown within what the type can hold. */
	private static Levels ofConstant(final Plane plane, final double value) {
		return plane.isWhole() ? new Levels(plane.least(), plane.most())
			: new Levels(Math.min(0, value), value > 0 ? Math.max(1, value) : value + Math.max(1, Math.abs(value)));
	}
}
