package sc.fiji.diffedit.fiji.engine;

import java.util.Locale;

/** Formats sizes for users. */
final class Bytes {

	private static final double MEGA = 1e6;
	private static final double GIGA = 1e9;

	private Bytes() {}

	static String format(final long bytes) {
		if (bytes < 0) return "an unknown number of bytes";
		if (bytes >= GIGA) return String.format(Locale.ROOT, "%.2f GB", bytes / GIGA);
		return String.format(Locale.ROOT, "%.1f MB", bytes / MEGA);
	}
}
