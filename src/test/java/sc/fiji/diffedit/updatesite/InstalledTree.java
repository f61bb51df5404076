package sc.fiji.diffedit.updatesite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A folder into which a zip was unpacked, and Java processes that see nothing of this build but their starter. */
final class InstalledTree {

	private final Path folder;

	/** Unpacks a zip into a new folder. */
	InstalledTree(final Path zip, final Path folder) throws IOException {
		this.folder = folder;
		try (InputStream in = Files.newInputStream(zip); ZipInputStream entries = new ZipInputStream(in)) {
			for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
				final Path file = folder.resolve(entry.getName());
				Files.createDirectories(file.getParent());
				Files.copy(entries, file);
			}
		}
	}

	/** The jars that lie in it, in some order. */
	List<String> jars() throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.map(Path::toString).filter(name -> name.endsWith(".jar")).toList();
		}
	}

	/**
	 * Starts Java without network (where the system lets a process give that up) and waits for its end.
	 *
	 * @param classPath beside the starter's own class
	 * @param properties Java's own words
	 * @param words the starter's, after the file of the report
	 * @return the report that the starter wrote
	 */
	String start(final Class<?> starter, final List<String> classPath, final List<String> properties, final List<String> words) throws Exception {
		final Path report = folder.resolve("report.txt");
		final Path log = folder.resolve("log.txt");
		final List<String> all = new ArrayList<>(classPath);
		all.add(classes(starter, NoNetwork.class).toString());
		final List<String> command = new ArrayList<>(canLeaveTheNetwork() ? List.of("unshare", "-rn") : List.of());
		command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", String.join(File.pathSeparator, all),
			"-Djava.awt.headless=true", "-Djava.security.manager=allow", "-Djava.util.prefs.userRoot=" + folder.resolve("preferences")));
		command.addAll(properties);
		command.addAll(List.of(starter.getName(), report.toString()));
		command.addAll(words);
		final Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		assertTrue(process.waitFor(4, TimeUnit.MINUTES));
		assertEquals(0, process.exitValue(), Files.readString(log));
		assertTrue(Files.exists(report), Files.readString(log));
		return Files.readString(report) + "\n" + Files.readString(log);
	}

	private Path classes(final Class<?>... starters) throws IOException {
		for (final Class<?> starter : starters) {
			final String name = starter.getName().replace('.', '/') + ".class";
			final Path file = folder.resolve("starter").resolve(name);
			Files.createDirectories(file.getParent());
			try (InputStream in = starter.getClassLoader().getResourceAsStream(name)) {
				Files.copy(in, file);
			}
		}
		return folder.resolve("starter");
	}

	/** Linux lets a process give up the network, but some containers do not. */
	private static boolean canLeaveTheNetwork() throws InterruptedException {
		try {
			return new ProcessBuilder("unshare", "-rn", "true").redirectErrorStream(true).start().waitFor() == 0;
		}
		catch (final IOException e) {
			return false;
		}
	}
}
