package sc.fiji.diffedit.fiji.bridge;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a piece of work prints: ImageJ's log, which without a display is the standard output, and errors. */
final class Printed {

	private Printed() {}

	static String by(final Runnable work) {
		final PrintStream out = System.out, err = System.err;
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		final PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
		System.setOut(both);
		System.setErr(both);
		try {
			work.run();
		}
		finally {
			System.setOut(out);
			System.setErr(err);
		}
		return bytes.toString(StandardCharsets.UTF_8);
	}
}
