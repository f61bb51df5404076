package sc.fiji.diffedit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.engine.EngineBuild;

/**
 * On a full disk each file is what it was or what it should become, nothing is left beside, the message says that room is needed, and with
 * room the same call succeeds.
 */
class FullDiskTest {

	private static final String MOUNTED = "mount -t tmpfs -o size=48m none \"$0\" && exec \"$@\"";

	@TempDir
	private Path folder;

	private static void needMounts() {
		assumeTrue(OtherJava.can("unshare", "-rm", "sh", "-c", "mount -t tmpfs none /mnt"), "a small disk cannot be mounted here");
	}

	@Test
	void nothingIsLostOrHalfWritten() throws Exception {
		assertEquals(List.of(), bad("-", "0.6"));
	}

	@Test
	@Tag("long")
	void nothingIsLostOrHalfWrittenWhereverItEnds() throws Exception {
		assertEquals(List.of(), bad(archive().toString(), "0", "0.3", "0.6", "0.95"));
	}

	@Test
	void weightsThatFindNoRoomAndDisksThatCanOnlyBeReadAreTold() throws Exception {
		needMounts();
		final Path disk = Files.createDirectory(folder.resolve("disk")), output = folder.resolve("output.txt");
		final OtherJava java = new OtherJava().with("-Djava.io.tmpdir=" + disk).under("unshare", "-rm", "sh", "-c", MOUNTED, disk.toString());
		assertEquals(List.of(), wrong(OtherJava.ended(java.start(RefusingDisk.class, output, disk.toString()), output), Written.ways().size() + 1));
	}

	/** As when another program tidies up while a batch goes on. */
	@Test
	void aFolderThatVanishesIsMadeAgain() throws Exception {
		final Path place = folder.resolve("results");
		for (final String way : List.of("tiff", "csv", "info", "preset")) {
			Written.ways().get(way).write(place, 0);
			PathUtils.deleteDirectory(place);
			Written.ways().get(way).write(place, 1);
			assertTrue(Files.isDirectory(place), way);
		}
	}

	private List<String> bad(final String archive, final String... rooms) throws Exception {
		needMounts();
		final Path disk = Files.createDirectory(folder.resolve("disk")), output = folder.resolve("output.txt");
		final String[] words = new String[2 + rooms.length];
		words[0] = disk.toString();
		words[1] = archive;
		System.arraycopy(rooms, 0, words, 2, rooms.length);
		final String said = OtherJava.ended(new OtherJava().under("unshare", "-rm", "sh", "-c", MOUNTED, disk.toString()).start(FullDisk.class, output, words), output);
		return wrong(said, Written.ways().size());
	}

	/** The lines of those that are not good, of at least so many. */
	private static List<String> wrong(final String said, final int count) {
		final List<String> lines = said.lines().filter(line -> line.matches("[a-z ]+: .*") && !line.startsWith("java")).toList();
		assertFalse(lines.size() < count, said);
		return lines.stream().filter(line -> !line.endsWith(": good")).toList();
	}

	/** An engine that does not load: the bytes of its libraries are random. */
	private Path archive() throws IOException {
		final EngineBuild build = EngineBuild.cpu();
		final Path file = folder.resolve("native.jar");
		try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
			zip.putNextEntry(new ZipEntry("native/lib/pytorch.properties"));
			zip.write(("version=" + build.version() + "\nflavor=cpu\nclassifier=" + build.classifier() + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
			for (final String library : List.of("torch", "c10")) {
				zip.putNextEntry(new ZipEntry("pytorch/cpu/" + build.classifier() + "/" + System.mapLibraryName(library)));
				final byte[] bytes = new byte[60000];
				new Random(library.length()).nextBytes(bytes);
				zip.write(bytes);
			}
		}
		return file;
	}
}
