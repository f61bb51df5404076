package sc.fiji.diffedit.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.batch.Verb;

/**
 * A batch on a cluster of one master, two workers and two executors, all processes of their own, of which one executor is killed in the
 * middle, ends with the folder of one machine. Runs {@code scripts/spark-submit-batch} as users do, with the jar that the build has made.
 */
class SparkKilledTest {

	private static final String EXECUTOR = "CoarseGrainedExecutorBackend";
	private static final String SAMPLES = "/sc/fiji/diffedit/demo/samples/0";
	private static final int IMAGES = 12, MINUTES = 15;
	private static final List<String> SETTINGS = List.of("--source", "green nuclei", "--target", "cyan nuclei", "--maps", "1", "--steps", "10");

	@TempDir
	private Path root;

	private Path images() throws IOException {
		final Path in = Files.createDirectory(root.resolve("in"));
		for (int i = 0; i < IMAGES; i++) {
			try (var sample = Verb.class.getResourceAsStream(SAMPLES + (1 + i % 8) + ".png")) {
				Files.copy(sample, in.resolve(String.format("%02d.png", i)));
			}
		}
		return in;
	}

	private Process start(final String log, final List<String> command) throws IOException {
		final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(root.resolve(log).toFile());
		builder.environment().remove("SPARK_HOME");
		builder.environment().put("OMP_NUM_THREADS", "1");
		builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
		return builder.start();
	}

	private Process onCluster(final Path in, final Path out) throws IOException {
		final List<String> command = new ArrayList<>(List.of("bash", "scripts/spark-submit-batch", "--master", "local-cluster[2,1,1024]", "--conf", "spark.ui.enabled=false",
			"--", in.toString(), "-o", out.toString()));
		command.addAll(SETTINGS);
		return start("cluster.txt", command);
	}

	/** The same classes as on the cluster, so that outputs name the same version. */
	private Process alone(final Path in, final Path out) throws IOException {
		final List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Djava.awt.headless=true",
			"-cp", jars("target/spark", "-spark.jar") + File.pathSeparator + jars("target/spark/engine", ".jar") + File.pathSeparator + jars("target/spark/home/jars", ".jar"),
			"sc.fiji.diffedit.fiji.cli.DiffEditCli", "batch", in.toString(), "-o", out.toString()));
		command.addAll(SETTINGS);
		return start("alone.txt", command);
	}

	private static String jars(final String folder, final String end) throws IOException {
		try (Stream<Path> files = Files.list(Path.of(folder))) {
			return String.join(File.pathSeparator, files.map(Path::toString).filter(name -> name.endsWith(end)).toList());
		}
	}

	private static Map<String, Path> outputs(final Path out) throws IOException {
		final Map<String, Path> outputs = new TreeMap<>();
		if (!Files.isDirectory(out)) return outputs;
		try (Stream<Path> files = Files.list(out)) {
			files.filter(file -> file.toString().endsWith(".tif") && !file.getFileName().toString().startsWith(WholeFile.PART)).forEach(file -> outputs.put(file.getFileName().toString(), file));
		}
		return outputs;
	}

	private static List<ProcessHandle> executors(final Process cluster) {
		return cluster.descendants().filter(process -> process.info().commandLine().orElse("").contains(EXECUTOR) && process.info().command().orElse("").endsWith("java")).toList();
	}

	private String said(final String log) throws IOException {
		return Files.readString(root.resolve(log));
	}

	@Test
	@Timeout(value = 2 * MINUTES, unit = TimeUnit.MINUTES)
	void anExecutorIsKilledAndTheFolderIsTheSame() throws Exception {
		final Path in = images(), alone = root.resolve("alone"), killed = root.resolve("killed");
		final Process cluster = onCluster(in, killed);
		while (outputs(killed).size() < IMAGES / 3) {
			assertTrue(cluster.isAlive(), () -> "the cluster ended: " + log("cluster.txt"));
			Thread.sleep(50);
		}
		final Map<String, FileTime> before = new TreeMap<>();
		final List<ProcessHandle> executors = executors(cluster);
		assertEquals(2, executors.size(), "executors");
		assertTrue(executors.get(0).destroyForcibly());
		executors.get(0).onExit().get();
		for (final Map.Entry<String, Path> output : outputs(killed).entrySet()) before.put(output.getKey(), Files.getLastModifiedTime(output.getValue()));
		assertTrue(before.size() < IMAGES, "it was killed in the middle");
		assertTrue(cluster.waitFor(MINUTES, TimeUnit.MINUTES));
		assertEquals(0, cluster.exitValue(), said("cluster.txt"));

		final Process single = alone(in, alone);
		assertTrue(single.waitFor(MINUTES, TimeUnit.MINUTES));
		assertEquals(0, single.exitValue(), said("alone.txt"));
		assertSame(outputs(alone), outputs(killed));
		assertWithoutLeftovers(killed);
		int again = 0;
		for (final Map.Entry<String, FileTime> output : before.entrySet()) {
			if (!Files.getLastModifiedTime(killed.resolve(output.getKey())).equals(output.getValue())) again++;
		}
		assertTrue(again <= 1, again + " images were done again; only the one in work may be");
		assertTrue(said("cluster.txt").contains("Lost executor"), "Spark noticed it: " + said("cluster.txt"));
	}

	private String log(final String name) {
		try {
			return said(name);
		}
		catch (final IOException e) {
			return e.toString();
		}
	}

	private static void assertSame(final Map<String, Path> expected, final Map<String, Path> found) throws IOException {
		assertEquals(IMAGES, expected.size());
		assertEquals(expected.keySet(), found.keySet());
		for (final Map.Entry<String, Path> output : expected.entrySet()) {
			assertArrayEquals(Files.readAllBytes(output.getValue()), Files.readAllBytes(found.get(output.getKey())), output.getKey());
		}
	}

	private static void assertWithoutLeftovers(final Path out) throws IOException {
		try (Stream<Path> files = Files.list(out.resolve(".diffedit"))) {
			assertEquals(IMAGES, files.filter(file -> file.toString().endsWith(".json")).count());
		}
		assertTrue(Files.notExists(out.resolve(".diffedit/parts")));
		assertEquals(1 + IMAGES, Files.readAllLines(out.resolve("summary.csv")).size());
	}
}
