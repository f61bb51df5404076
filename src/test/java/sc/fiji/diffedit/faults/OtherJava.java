package sc.fiji.diffedit.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Another Java with the classes of this one, in circumstances that a test chooses. */
final class OtherJava {

	private static final int MINUTES = 5;

	private final List<String> before = new ArrayList<>();
	private final List<String> flags = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.awt.headless=true"));
	private final Map<String, String> environment = new HashMap<>(Map.of("OMP_NUM_THREADS", "1"));
	private final String classPath;

	OtherJava() {
		this(System.getProperty("java.class.path"));
	}

	OtherJava(final String classPath) {
		this.classPath = classPath;
	}

	/** Words before {@code java}: a program that starts it in other circumstances. */
	OtherJava under(final String... words) {
		before.addAll(List.of(words));
		return this;
	}

	/** A line for a shell in whose circumstances Java starts, such as {@code ulimit -v 1000000}. */
	OtherJava after(final String line) {
		return under("sh", "-c", line + " && exec \"$@\"", "sh");
	}

	OtherJava with(final String... more) {
		flags.addAll(List.of(more));
		return this;
	}

	OtherJava where(final String variable, final String value) {
		environment.put(variable, value);
		return this;
	}

	Process start(final Class<?> program, final Path output, final String... words) throws IOException {
		final List<String> command = new ArrayList<>(before);
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(flags);
		command.addAll(List.of("-cp", classPath, program.getName()));
		command.addAll(List.of(words));
		final ProcessBuilder java = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
		java.environment().putAll(environment);
		return java.start();
	}

	/** What the program said, whose end is awaited. */
	static String ended(final Process java, final Path output) throws IOException, InterruptedException {
		final boolean ended = java.waitFor(MINUTES, TimeUnit.MINUTES);
		if (!ended) java.destroyForcibly();
		final String said = Files.readString(output);
		assertTrue(ended && java.exitValue() == 0, () -> (ended ? "ended with " + java.exitValue() : "did not end") + ": " + said);
		return said;
	}

	/** Whether the system lets a process of ours have mounts or a network of its own; some containers do not. */
	static boolean can(final String... words) {
		try {
			return new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
		}
		catch (final IOException e) {
			return false;
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			return false;
		}
	}
}
