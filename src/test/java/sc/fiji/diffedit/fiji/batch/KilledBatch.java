package sc.fiji.diffedit.fiji.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.scijava.Context;

import ij.IJ;

import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.batch.RowResult.Status;

/**
 * A batch whose process is killed in the middle, and which then goes on in two processes at once, ends with the bytes of an undisturbed
 * one. {@code KilledBatch FOLDER COUNT} does it with that many images.
 */
public final class KilledBatch {

	private static final long SECONDS = 300;

	private final Path root;
	private final int images;

	/** @param root empty folder */
	KilledBatch(final Path root, final int images) {
		this.root = root;
		this.images = images;
	}

	public static void main(final String[] arguments) throws Exception {
		new KilledBatch(Path.of(arguments[0]), Integer.parseInt(arguments[1])).run();
		System.out.println("A batch of " + arguments[1] + " images was killed in the middle and went on to the bytes of an undisturbed one.");
		System.exit(0);
	}

	/** A process that does the batch: {@code KilledBatch$Child IN OUT}. */
	public static final class Child {

		private Child() {}

		public static void main(final String[] folders) {
			try (Context context = new Context()) {
				System.out.println(run(context, Path.of(folders[0]), Path.of(folders[1])).sentence());
			}
			System.exit(0);
		}
	}

	private static Summary run(final Context context, final Path in, final Path out) {
		final List<BatchRow> rows = BatchPlan.of(Verb.EDIT, in, out).withCommon(Map.of("source", "green nuclei", "target", "cyan nuclei", "maps", "1", "steps", "2")).rows();
		final BatchWorker worker = new BatchWorker(context, out);
		return new Summary(new Batch(worker, new Batch.Listener() {

			@Override
			public void started(final BatchRow row, final int finished, final int total, final Optional<java.time.Duration> left) {}

			@Override
			public void finished(final RowResult result) {}
		}, () -> false).run(rows));
	}

	private Process child(final Path in, final Path out) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true", "-Dscijava.log.level=error",
			"-cp", System.getProperty("java.class.path"), Child.class.getName(), in.toString(), out.toString()).redirectError(root.resolve("errors.txt").toFile()).redirectOutput(root.resolve("said.txt").toFile()).start();
	}

	/** Files that are being written are renamed at any moment. */
	private static boolean isWhole(final Path file) {
		return file.toString().endsWith(".tif") && !file.getFileName().toString().startsWith(WholeFile.PART);
	}

	private static Map<String, byte[]> outputs(final Path out) throws IOException {
		final Map<String, byte[]> outputs = new TreeMap<>();
		if (!Files.isDirectory(out)) return outputs;
		try (Stream<Path> files = Files.list(out)) {
			for (final Path file : files.filter(KilledBatch::isWhole).toList()) outputs.put(file.getFileName().toString(), Files.readAllBytes(file));
		}
		return outputs;
	}

	void run() throws Exception {
		final Path in = Files.createDirectory(root.resolve("in")), whole = root.resolve("whole"), killed = root.resolve("killed");
		for (int i = 0; i < images; i++) IJ.saveAsTiff(BatchWorkerTest.small(1 + i % 8), in.resolve(String.format("%04d.tif", i)).toString());
		final Process first = child(in, killed);
		waitForOutputs(first, killed, 1 + images / 3);
		first.destroyForcibly().waitFor();
		final int before = recorded(killed);
		assertTrue(before < images, "it was killed in the middle");
		try (Context context = new Context()) {
			final Process second = child(in, killed);
			waitForOutputs(second, killed, before + 1);
			final Summary here = run(context, in, killed);
			assertTrue(second.waitFor(SECONDS * images, TimeUnit.SECONDS));
			final String there = Files.readString(root.resolve("said.txt")).lines().filter(line -> line.contains("done") || line.contains("kept")).reduce("", (earlier, last) -> last);
			assertEquals(images, here.count(Status.DONE) + here.count(Status.KEPT), here.sentence() + "; the other process: " + there + Files.readString(root.resolve("errors.txt")));
			assertEquals(images, here.count(Status.DONE) + number(there, "done") + before, "each was done once: " + here.sentence() + "; the other process: " + there);
			assertEquals(images, run(context, in, whole).count(Status.DONE));
		}
		final Map<String, byte[]> expected = outputs(whole), found = outputs(killed);
		assertEquals(expected.keySet(), found.keySet());
		expected.forEach((name, bytes) -> assertArrayEquals(bytes, found.get(name), name));
		try (Stream<Path> left = Files.walk(killed)) {
			assertEquals(List.of(), left.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(WholeFile.PART) || name.endsWith(".lock")).toList());
		}
	}

	/** How many images have been done to the end. */
	private static int recorded(final Path out) throws IOException {
		int done = 0;
		try (Stream<Path> files = Files.list(out.resolve(Storage.RECORDS))) {
			for (final Path file : files.filter(file -> file.toString().endsWith(".json")).toList()) if (Files.readString(file).contains("\"done\": true")) done++;
		}
		return done;
	}

	private void waitForOutputs(final Process process, final Path out, final int count) throws Exception {
		for (long waited = 0; outputs(out).size() < count; waited += 20) {
			assertTrue(waited < SECONDS * 1000 * images && process.isAlive(), "there are " + outputs(out).size() + " outputs");
			Thread.sleep(20);
		}
	}

	/** The number before a word, as in {@code 2 done, 1 kept}. */
	private static int number(final String sentence, final String word) {
		for (final String part : sentence.split(", ")) {
			if (part.endsWith(" " + word)) return Integer.parseInt(part.substring(0, part.indexOf(' ')));
		}
		return 0;
	}
}
