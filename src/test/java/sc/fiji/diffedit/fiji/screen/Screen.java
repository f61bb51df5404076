package sc.fiji.diffedit.fiji.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.Assumptions;

/** A screen of a small laptop (1366 x 768 pixels) on which programs with windows run: Xvfb, where it is installed. */
final class Screen implements AutoCloseable {

	private static final int SECONDS = 180;
	private static final String HERE = "HERE";
	/** Where AWT draws its menus, see {@link MenuMouse}. */
	private static final List<String> MENUS = List.of("--add-opens", "java.desktop/java.awt=ALL-UNNAMED", "--add-opens", "java.desktop/sun.awt.X11=ALL-UNNAMED");

	private final Process server;
	private final String display;

	private Screen(final Process server, final String display) {
		this.server = server;
		this.display = display;
	}

	/** Skips the test where there is no Xvfb. */
	static Screen open() throws IOException {
		Assumptions.assumeTrue(isInstalled("Xvfb"), "Xvfb is not installed");
		final Process server = new ProcessBuilder("Xvfb", "-displayfd", "1", "-r", "-screen", "0", "1366x768x24", "-nolisten", "tcp")
			.redirectError(ProcessBuilder.Redirect.DISCARD).start();
		final BufferedReader output = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
		return new Screen(server, ":" + output.readLine().trim());
	}

	private static boolean isInstalled(final String program) {
		for (final String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
			if (Files.isExecutable(Path.of(folder, program))) return true;
		}
		return false;
	}

	/** Runs a main class in a Java process with windows; fails with what it printed when it does not end well. */
	void run(final Class<?> main) throws IOException, InterruptedException {
		run(main, System.getProperty("java.class.path"));
	}

	/** The same on a computer without PyTorch's native library. */
	void runWithoutEngine(final Class<?> main) throws IOException, InterruptedException {
		run(main, Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).filter(jar -> !jar.contains("pytorch-native")).collect(Collectors.joining(File.pathSeparator)),
			"-Ddiffedit.cache=" + HERE, "-DDJL_CACHE_DIR=" + HERE);
	}

	/**
	 * Without a window manager, on a busy machine, a click or the keyboard's focus is lost at times, which is no fault of a window; so
	 * what fails once is tried once more. In the options {@value #HERE} stands for an empty folder.
	 */
	private void run(final Class<?> main, final String classPath, final String... options) throws IOException, InterruptedException {
		final Optional<String> said = printedIfItFails(main, classPath, options);
		if (said.isEmpty()) return;
		System.err.println(main.getSimpleName() + " is tried once more, since it ended with:\n" + said.get());
		assertEquals(Optional.empty(), printedIfItFails(main, classPath, options));
	}

	private Optional<String> printedIfItFails(final Class<?> main, final String classPath, final String... options) throws IOException, InterruptedException {
		final Path log = Files.createTempFile("diffedit-screen", ".txt"), folder = Files.createTempDirectory("diffedit-screen");
		final List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
			"-Djava.awt.headless=false", "-Djava.util.prefs.userRoot=" + folder, "-XX:ErrorFile=" + log + ".crash", "-cp", classPath));
		command.addAll(1, MENUS);
		for (final String option : options) command.add(option.replace(HERE, folder.toString()));
		command.add(main.getName());
		final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
		builder.environment().put("DISPLAY", display);
		final Process java = builder.start();
		if (!java.waitFor(SECONDS, TimeUnit.SECONDS)) java.destroyForcibly().waitFor();
		final Optional<String> printed = java.exitValue() == 0 ? Optional.empty() : Optional.of(Files.readString(log));
		Files.delete(log);
		PathUtils.deleteDirectory(folder);
		return printed;
	}

	@Override
	public void close() {
		server.destroy();
	}
}
