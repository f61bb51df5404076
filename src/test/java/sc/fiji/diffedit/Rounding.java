package sc.fiji.diffedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Holds differences against what rounding may make of them. With {@code -Ddiffedit.errors=FILE} each is noted in a file, a line of test
 * class, error and tolerance with tabs between: {@code scripts/verify-long --processors} makes a table of them, from which tolerances come.
 */
public final class Rounding {

	private static final String FILE = System.getProperty("diffedit.errors", "");

	private Rounding() {}

	/** Fails if two arrays differ in length, or anywhere by more than a tolerance. */
	public static void assertClose(final float[] expected, final float[] actual, final double tolerance) {
		assertEquals(expected.length, actual.length, "numbers");
		double worst = 0;
		for (int i = 0; i < expected.length; i++) {
			final double error = Math.abs((double) expected[i] - actual[i]);
			if (!(error <= worst)) worst = error;
		}
		assertWithin(tolerance, worst, "largest difference");
	}

	/** Fails if an error is larger than a tolerance, or no number. */
	public static void assertWithin(final double tolerance, final double error, final String what) {
		note(error, tolerance);
		assertTrue(error <= tolerance, () -> what + " " + error + ", more than " + tolerance);
	}

	/** Notes an error that somebody else judges. */
	public static void note(final double error, final double tolerance) {
		if (FILE.isEmpty() || tolerance <= 0) return;
		try {
			Files.writeString(Path.of(FILE), String.format(Locale.ROOT, "%s\t%.3e\t%.3e%n", test(), error, tolerance), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** The test class that is running. */
	private static String test() {
		return StackWalker.getInstance().walk(frames -> frames.map(StackWalker.StackFrame::getClassName).map(name -> name.substring(name.lastIndexOf('.') + 1))
			.map(name -> name.replaceFirst("\\$.*", "")).filter(name -> name.endsWith("Test")).findFirst()).orElse("others");
	}
}
