package sc.fiji.diffedit.engine;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import sc.fiji.diffedit.DiffEditException;

/** Loads a build of libtorch in a separate process, so that a failure or crash does not affect this one. */
public final class EngineProbe {

	private static final int LIMIT_S = 120;

	/** The answer of a build that loads. */
	private static final String WORKS = "yes";

	/** Java's code where it cannot begin, as without room for its heap; that of a process which a system without memory has killed. */
	private static final Set<Integer> WITHOUT_MEMORY = Set.of(1, 128 + 9);

	private EngineProbe() {}

	/**
	 * What a try has found.
	 *
	 * @param text {@value #WORKS}, or the reason why the build does not load
	 * @param isLasting whether it will be found again as long as the files stay: not where memory lacked, or no process could begin
	 */
	record Answer(String text, boolean isLasting) {

		/** Empty if the build loads. */
		String trouble() {
			return text.equals(WORKS) ? "" : text;
		}
	}

	static Answer run(final Path folder, final EngineBuild build) {
		try {
			final Path result = Files.createTempFile("diffedit-engine", ".txt");
			try {
				return runProcess(folder, build, result);
			}
			finally {
				Files.deleteIfExists(result);
			}
		}
		catch (final IOException e) {
			return new Answer("no process could be started to try it: " + e.getMessage(), false);
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			return new Answer("the try was interrupted", false);
		}
	}

	private static Answer runProcess(final Path folder, final EngineBuild build, final Path result)
		throws IOException, InterruptedException
	{
		final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		final Process process = new ProcessBuilder(java, "-cp", classPath(), "-D" + InstalledEngines.CHOICE + "=bundled",
			EngineProbe.class.getName(), folder.toString(), build.flavor(), result.toString())
			.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
		if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
			process.destroyForcibly();
			return new Answer("it did not load within " + LIMIT_S + " s", true);
		}
		final String message = Files.readString(result).trim();
		if (!message.isEmpty()) return new Answer(message, DjlEngine.lackOfMemory("library", message).isEmpty());
		return new Answer("the process that tried it ended with code " + process.exitValue(), !WITHOUT_MEMORY.contains(process.exitValue()));
	}

	/** The jars required to load the engine, located through the application's class loader. */
	private static String classPath() {
		final Set<String> places = new LinkedHashSet<>();
		for (final String name : List.of(EngineProbe.class.getName(), "ai.djl.Device", "ai.djl.pytorch.engine.PtEngine",
			"com.google.gson.Gson", "com.sun.jna.Native", "org.slf4j.LoggerFactory",
			"org.apache.commons.compress.archivers.ArchiveEntry", "org.apache.commons.io.IOUtils", "org.apache.commons.codec.Charsets"))
		{
			addPlace(places, EngineProbe.class.getClassLoader().getResource(name.replace('.', '/') + ".class"), name.replace('.', '/') + ".class");
		}
		return String.join(File.pathSeparator, places);
	}

	private static void addPlace(final Set<String> places, final URL found, final String entry) {
		if (found == null) return;
		final String text = found.toString();
		final String place = text.startsWith("jar:") ? text.substring(4, text.indexOf("!/")) : text.substring(0, text.length() - entry.length());
		try {
			places.add(Path.of(new java.net.URI(place)).toString());
		}
		catch (final URISyntaxException | IllegalArgumentException e) {
			throw new DiffEditException("DiffEdit's jars lie at " + place + ", which is not a file; install them as files.", e);
		}
	}

	/** The separate process; arguments: folder, flavor, file for the result. */
	public static void main(final String[] args) throws IOException {
		InstalledEngines.select(Path.of(args[0]), EngineBuild.here(args[1]));
		String answer = WORKS;
		try {
			DjlEngine.load().getGpuCount();
		}
		catch (final Throwable e) {
			answer = String.valueOf(DjlEngine.rootMessage(e)).lines().findFirst().orElse("");
		}
		Files.writeString(Path.of(args[2]), answer);
	}
}
