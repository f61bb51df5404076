package sc.fiji.diffedit.fiji.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;

import sc.fiji.diffedit.fiji.batch.Verb;

/** Batches of Spark's {@code local[2]} from and to an HDFS of one process. */
class SparkBatchTest {

	private static final int IMAGES = 4;
	private static final String[] SETTINGS = { "--source", "green nuclei", "--target", "cyan nuclei", "--maps", "1", "--steps", "2" };

	@TempDir
	private static java.nio.file.Path folder;
	private static MiniDFSCluster cluster;
	private static FileSystem files;
	private final ByteArrayOutputStream out = new ByteArrayOutputStream(), err = new ByteArrayOutputStream();

	@BeforeAll
	static void start() throws Exception {
		final Configuration configuration = new Configuration();
		configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
		cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
		files = cluster.getFileSystem();
		System.setProperty("spark.master", "local[2]");
		System.setProperty("spark.ui.enabled", "false");
		System.setProperty("spark.hadoop.dfs.client.use.datanode.hostname", "false");
		final java.nio.file.Path in = Files.createDirectory(folder.resolve("in"));
		for (int i = 0; i < IMAGES; i++) {
			final java.nio.file.Path file = in.resolve(i % 2 == 0 ? i + ".png" : "day 2/" + i + ".png");
			Files.createDirectories(file.getParent());
			try (InputStream sample = Verb.class.getResourceAsStream("/sc/fiji/diffedit/demo/samples/0" + (i + 1) + ".png")) {
				Files.copy(sample, file);
			}
		}
		files.copyFromLocalFile(new Path(in.toUri()), new Path("/in"));
	}

	@AfterAll
	static void stop() {
		cluster.shutdown();
	}

	private static String url(final String path) {
		return files.getUri() + path;
	}

	private int run(final boolean onSpark, final String... arguments) {
		out.reset();
		err.reset();
		final List<String> words = new ArrayList<>(List.of(arguments));
		try (Context context = new Context()) {
			final Terminal terminal = new Terminal(InputStream.nullInputStream(), new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), false,
				onSpark ? Context::new : () -> context);
			if (onSpark) return SparkBatch.run(terminal, words.toArray(String[]::new));
			words.add(0, "batch");
			return DiffEditCli.run(terminal, words.toArray(String[]::new));
		}
	}

	private static String[] with(final String... more) {
		final List<String> all = new ArrayList<>(List.of(more));
		all.addAll(List.of(SETTINGS));
		return all.toArray(String[]::new);
	}

	/** Contents by paths from a folder on. */
	private static Map<String, byte[]> contents(final FileSystem system, final Path root) throws Exception {
		final Map<String, byte[]> contents = new TreeMap<>();
		final RemoteIterator<LocatedFileStatus> all = system.listFiles(root, true);
		while (all.hasNext()) {
			final Path file = all.next().getPath();
			try (InputStream in = system.open(file)) {
				contents.put(file.toUri().getPath().substring(root.toUri().getPath().length() + 1), in.readAllBytes());
			}
		}
		return contents;
	}

	@Test
	void outputsAreThoseOfOneMachine() throws Exception {
		final java.nio.file.Path single = folder.resolve("single");
		assertEquals(ExitCode.DONE, run(false, with(folder.resolve("in").toString(), "-o", single.toString(), "--files", "**/*.png")), err.toString());
		assertEquals(ExitCode.DONE, run(true, with(url("/in"), "-o", url("/out"), "--files", "**/*.png")), err.toString());
		assertTrue(err.toString().contains(IMAGES + " done"), err.toString());
		final Map<String, byte[]> expected = contents(FileSystem.getLocal(new Configuration()).getRaw(), new Path(single.toString())), found = contents(files, new Path("/out"));
		expected.keySet().removeIf(name -> !name.endsWith(".tif"));
		assertEquals(IMAGES, expected.size());
		expected.forEach((name, bytes) -> assertArrayEquals(bytes, found.get(name), name));
		assertEquals(List.of(), found.keySet().stream().filter(name -> name.contains("part") && !name.startsWith("summary.parquet")).toList());
		assertEquals(ExitCode.DONE, run(true, with(url("/in"), "-o", url("/out"), "--files", "**/*.png")));
		assertTrue(err.toString().contains(IMAGES + " kept"), err.toString());
		files.copyToLocalFile(new Path("/out"), new Path(folder.resolve("copied").toUri()));
		assertEquals(ExitCode.DONE, run(false, with(folder.resolve("in").toString(), "-o", folder.resolve("copied").toString(), "--files", "**/*.png")), err.toString());
		assertTrue(err.toString().contains(IMAGES + " kept"), "one machine goes on where a cluster ended: " + err);
	}

	@Test
	void failuresAreRowsWithReasons() throws Exception {
		try (PrintStream table = new PrintStream(files.create(new Path("/table.csv")), false, StandardCharsets.UTF_8)) {
			table.print("image,output,target\n0.png,=one,cyan nuclei\nabsent.png,two,cyan nuclei\n/table.csv,three,cyan nuclei\n../in/day 2/1.png,four,cyan nuclei\n");
		}
		assertEquals(ExitCode.FAILED, run(true, with(url("/in"), "-o", url("/failures"), "--table", url("/table.csv"))), err.toString());
		assertTrue(err.toString().contains("2 done, 2 failed"), err.toString());
		final String csv = new String(contents(files, new Path("/failures")).get("summary.csv"), StandardCharsets.UTF_8);
		assertEquals(5, csv.lines().count(), csv);
		assertTrue(csv.contains("'=one.tif") && csv.contains("There is no readable file"), csv);
		try (SparkSession spark = SparkSession.builder().getOrCreate()) {
			final List<Row> rows = spark.read().parquet(url("/failures/summary.parquet")).orderBy("row").collectAsList();
			assertEquals(List.of("done", "failed", "failed", "done"), rows.stream().map(row -> row.<String>getAs("status")).toList());
			assertEquals("=one.tif", rows.get(0).getAs("output"));
			assertTrue(rows.get(2).<String>getAs("reason").contains("ImageJ"), rows.toString());
			assertTrue(rows.get(0).<Double>getAs("seconds") > 0);
		}
	}

	@Test
	void wrongCallsDoNothing() throws Exception {
		assertEquals(ExitCode.WRONG_USE, run(true, with(url("/in"), "-o", url("/wrong"), "--names", "../{name}")));
		assertTrue(err.toString().contains("within the output folder"), err.toString());
		assertEquals(ExitCode.WRONG_USE, run(true, with(url("/in"), "-o", url("/in"))));
		assertEquals(ExitCode.WRONG_USE, run(true, with(url("/in"), "-o", url("/wrong"), "--table", url("/none.csv"))));
		assertEquals(ExitCode.WRONG_USE, run(true, url("/in"), "-o", url("/wrong"), "--steps", "many", "--target", "x"));
		assertEquals(ExitCode.WRONG_USE, run(true, url("/in")));
		assertFalse(files.exists(new Path("/wrong")));
	}

	@Test
	void aDryRunOnlyTells() throws Exception {
		assertEquals(ExitCode.DONE, run(true, with(url("/in"), "-o", url("/dry"), "--dry-run")));
		assertTrue(out.toString().contains("\tedit\t" + url("/in/0.png") + "\t0-edit.tif"), out.toString());
		assertFalse(files.exists(new Path("/dry")));
	}
}
