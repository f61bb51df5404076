package sc.fiji.diffedit.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.batch.BatchPlan;
import sc.fiji.diffedit.fiji.batch.BatchRow;
import sc.fiji.diffedit.fiji.batch.Verb;

/** Folders and files through Hadoop's interface, as on a disk and as on a file system that cannot replace files. */
class HadoopFilesTest {

	@TempDir
	private java.nio.file.Path folder;
	private final HadoopFiles files = new HadoopFiles(PlainFileSystem.configured());

	@BeforeEach
	void images() throws IOException {
		for (final String name : List.of("a.tif", "B.TIF", "notes.txt", ".hidden.tif", "day 2/c.tif", ".diffedit/d.tif", "out/e.tif")) {
			final java.nio.file.Path file = folder.resolve(name);
			Files.createDirectories(file.getParent());
			Files.writeString(file, name);
		}
	}

	private String url(final String scheme) {
		return scheme + "://" + folder;
	}

	private static String read(final java.nio.file.Path file) throws IOException {
		return Files.readString(file);
	}

	@ParameterizedTest
	@ValueSource(strings = { "file", "plain" })
	void rowsAreThoseOfTheFolderOnAMachine(final String scheme) {
		final String out = url(scheme) + "/out";
		final List<BatchRow> rows = BatchPlan.of(Verb.EDIT, new HadoopImageFolder(files, url(scheme)), out).withFiles("**/*.tif").rows();
		final List<BatchRow> local = BatchPlan.of(Verb.EDIT, folder, folder.resolve("out")).withFiles("**/*.tif").rows();
		assertEquals(local.stream().map(BatchRow::output).toList(), rows.stream().map(BatchRow::output).toList());
		assertEquals(local.stream().map(BatchRow::image).toList(), rows.stream().map(row -> new Path(row.image()).toUri().getPath()).toList());
		assertEquals(3, rows.size());
		assertTrue(rows.get(0).image().startsWith(scheme + ":/"), rows.get(0).image());
	}

	@Test
	void outputsMayLieAboveTheImages() {
		assertEquals(1, BatchPlan.of(Verb.EDIT, folder.resolve("day 2"), folder).withFiles("*.tif").rows().size());
		assertEquals(1, BatchPlan.of(Verb.EDIT, new HadoopImageFolder(files, url("plain") + "/day 2"), url("plain")).withFiles("*.tif").rows().size());
	}

	@Test
	void wrongFoldersAreOneSentence() {
		final HadoopImageFolder images = new HadoopImageFolder(files, url("plain"));
		assertRefused("choose another folder", () -> BatchPlan.of(Verb.EDIT, images, url("plain") + "/").rows());
		assertRefused("cannot be listed", () -> BatchPlan.of(Verb.EDIT, new HadoopImageFolder(files, url("plain") + "/absent"), url("plain")).rows());
		assertRefused("is no folder", () -> BatchPlan.of(Verb.EDIT, new HadoopImageFolder(files, url("plain") + "/a.tif"), url("plain")).rows());
		assertRefused("cannot be used", () -> files.path("nowhere://host/a"));
		assertRefused("cannot be a path", () -> files.path("a b:c"));
	}

	private static void assertRefused(final String words, final org.junit.jupiter.api.function.Executable work) {
		final String message = assertThrows(DiffEditException.class, work).getMessage();
		assertTrue(message.contains(words), message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "file", "plain" })
	void filesAreReplacedWholeOrNotAtAll(final String scheme) throws IOException {
		final Path file = new Path(url(scheme), "new/one.txt"), parts = HadoopFiles.parts(new Path(url(scheme)), "app");
		files.write(file, parts, out -> out.write('1'));
		files.write(file, parts, out -> out.write('2'));
		assertEquals("2", read(folder.resolve("new/one.txt")));
		assertThrows(DiffEditException.class, () -> files.write(file, parts, out -> {
			out.write('3');
			throw new IOException("the network is gone");
		}));
		assertEquals("2", read(folder.resolve("new/one.txt")));
		assertThrows(DiffEditException.class, () -> files.write(new Path(url(scheme), "day 2"), parts, out -> out.write('4')));
		assertTrue(Files.isDirectory(folder.resolve("day 2")));
		files.clean(new Path(url(scheme)), "app");
		try (Stream<java.nio.file.Path> left = Files.walk(folder)) {
			assertFalse(left.anyMatch(path -> path.toString().endsWith(".crc") || path.toString().contains("parts")));
		}
	}

	@Test
	void othersThatAreStillWritingAreLeftAlone() throws IOException {
		final Path output = new Path(url("plain"));
		Files.createDirectories(folder.resolve(".diffedit/parts/other"));
		final java.nio.file.Path old = Files.createDirectories(folder.resolve(".diffedit/parts/old"));
		assertTrue(old.toFile().setLastModified(0));
		files.clean(output, "app");
		assertTrue(Files.exists(folder.resolve(".diffedit/parts/other")));
		assertFalse(Files.exists(old));
	}

	@Test
	void outputsStayInTheirFolder() throws IOException {
		Files.createSymbolicLink(folder.resolve("out/link"), folder.resolve("day 2"));
		try (HadoopStorage storage = new HadoopStorage(files, url("file") + "/out", "app", folder.resolve("scratch"))) {
			for (final String output : List.of("../a.tif", "/a.tif", "x/../../a.tif", ".diffedit/a.tif", ".", "", "x//a.tif", "link/a.tif")) {
				assertThrows(DiffEditException.class, () -> storage.requireWritable(output, ""), output);
			}
			assertThrows(DiffEditException.class, () -> storage.requireWritable("e.tif", url("file") + "/out/e.tif"));
			storage.requireWritable("x/a.tif", url("file") + "/a.tif");
		}
	}

	@Test
	void inputsOfOneNameAreKeptApart() throws IOException {
		Files.writeString(folder.resolve("day 2/a.tif"), "other");
		final java.nio.file.Path scratch = folder.resolve("scratch");
		try (HadoopStorage storage = new HadoopStorage(files, url("plain") + "/out", "app", scratch)) {
			final String one = url("plain") + "/a.tif", two = url("plain") + "/day 2/a.tif";
			assertEquals("a.tif", read(storage.fetch(one)));
			assertEquals("other", read(storage.fetch(two)));
			assertEquals(storage.fetch(one), storage.fetch(one));
			assertEquals("a.tif", storage.fetch(two).getFileName().toString());
			assertEquals(5, storage.stamp(one).size());
			assertEquals(OptionalLong.empty(), storage.size("absent.tif"));
			assertEquals(OptionalLong.of("out/e.tif".length()), storage.size("e.tif"));
			assertEquals(Optional.empty(), storage.record("e.tif"));
			assertThrows(DiffEditException.class, () -> storage.fetch(url("plain") + "/absent.tif"));
		}
		try (Stream<java.nio.file.Path> left = Files.list(scratch)) {
			assertEquals(0, left.count());
		}
	}
}
