package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.service.JavaThatEnds.Order;

/** Java ends quickly and without a word, whatever is under way: processes that end in the ways of {@link JavaThatEnds}. */
class EndOfJavaTest {

	private static final int MORE_PROCESSES = 50;
	private static final int AT_ONCE = 2;
	/** From the first word of the end to the last of the process, on a machine that has other things to do. */
	private static final long SECONDS_TO_END = 30;
	private static final long SECONDS_TO_LIVE = 300;

	@TempDir
	private Path folder;

	@Test
	@Timeout(value = 1, unit = TimeUnit.HOURS)
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "one of the ways is a signal")
	void endsAreQuickAndSilent() throws Exception {
		assertEquals("", ends(Order.values().length));
	}

	/** What goes wrong once in a while. */
	@Test
	@Tag("long")
	@Timeout(value = 1, unit = TimeUnit.HOURS)
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "one of the ways is a signal")
	void endsAreQuickAndSilentEachTime() throws Exception {
		assertEquals("", ends(MORE_PROCESSES));
	}

	private String ends(final int processes) throws InterruptedException, ExecutionException {
		final ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
		try {
			final List<Future<String>> ends = new ArrayList<>();
			for (int i = 0; i < processes; i++) {
				final int number = i;
				ends.add(pool.submit(() -> end(Order.values()[number % Order.values().length], folder.resolve("" + number))));
			}
			return outputs(ends);
		}
		finally {
			pool.shutdownNow();
		}
	}

	private static String outputs(final List<Future<String>> ends) throws InterruptedException, ExecutionException {
		final StringBuilder outputs = new StringBuilder();
		for (final Future<String> end : ends) outputs.append(end.get());
		return outputs.toString();
	}

	/** What was wrong with the end of one process; empty if nothing was. */
	private static String end(final Order order, final Path files) throws IOException, InterruptedException {
		final Path out = Files.createDirectories(files).resolve("out");
		final Path err = files.resolve("err");
		final ProcessBuilder java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
			"-Xshare:auto", "-cp", System.getProperty("java.class.path"), JavaThatEnds.class.getName(), order.name()).redirectOutput(out.toFile())
				.redirectError(err.toFile());
		java.environment().remove("JAVA_TOOL_OPTIONS"); // with it Java is never silent
		final Process process = java.start();
		try {
			final boolean ended = process.waitFor(SECONDS_TO_LIVE, TimeUnit.SECONDS);
			return ended ? wrong(order, process.exitValue(), seconds(Files.readString(out)), Files.readString(err)) : order + " did not end.\n" + Files.readString(err);
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static String wrong(final Order order, final int code, final double seconds, final String words) {
		if (code == order.code() && seconds < SECONDS_TO_END && words.isEmpty()) return "";
		return order + " ended with code " + code + " after " + seconds + " s and said: " + words + "\n";
	}

	/** Since the process said that its end began; endless if it did not come so far. */
	private static double seconds(final String began) {
		return began.isBlank() ? Double.POSITIVE_INFINITY : (System.currentTimeMillis() - Long.parseLong(began.strip())) / 1000.0;
	}
}
