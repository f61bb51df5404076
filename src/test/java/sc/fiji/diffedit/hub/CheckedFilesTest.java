package sc.fiji.diffedit.hub;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.LocalHub;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.NoNativeLeaks;

/** Files in the hub's cache are compared with the hash that is their name there, once for each content. */
@ExtendWith(NoNativeLeaks.class)
class CheckedFilesTest {

	private static final byte[] BYTES = { 1, 2, 3, 4 };
	private static final String HASH = DigestUtils.sha256Hex(BYTES);

	@TempDir
	Path temp;
	private Path blob;

	@BeforeEach
	void write() throws IOException {
		blob = Files.write(Files.createDirectories(temp.resolve("hub/models--org--name/blobs")).resolve(HASH), BYTES).toRealPath();
	}

	@Test
	void aRecordSavesLaterProcessesTheWork() throws IOException {
		final Path record = temp.resolve("cache/checked-files.properties");
		final Expected expected = new Expected(-1, HASH, false);
		assertTrue(new CheckedFiles(record).has(blob, expected));
		final FileTime time = Files.getLastModifiedTime(blob);
		Files.write(blob, new byte[] { 1, 2, 3, 5 });
		Files.setLastModifiedTime(blob, time);
		assertTrue(new CheckedFiles(record).has(blob, expected), "the stamp is that of the record, so that nothing was read");
		Files.setLastModifiedTime(blob, FileTime.fromMillis(time.toMillis() - 5000));
		assertFalse(new CheckedFiles(record).has(blob, expected));
		assertFalse(new CheckedFiles(record).has(blob, new Expected(-1, DigestUtils.sha256Hex(new byte[1]), false)));
		Files.writeString(record, "nothing = of the kind\n\\u12");
		Files.write(blob, BYTES);
		assertTrue(new CheckedFiles(record).has(blob, expected));
	}

	@Test
	void filesThatAreGoneLeaveTheRecord() throws IOException {
		final Path record = temp.resolve("cache/checked-files.properties"), other = Files.write(temp.resolve("other"), BYTES).toRealPath();
		final Expected expected = new Expected(-1, HASH, false);
		final CheckedFiles files = new CheckedFiles(record);
		assertTrue(files.has(blob, expected));
		Files.delete(blob);
		assertTrue(files.has(other, expected));
		assertFalse(Files.readString(record).contains("blobs"));
		assertTrue(Files.readString(record).contains(HASH));
	}

	@Test
	void onlyNamesInACacheSayWhatAFileHolds() throws IOException {
		final Path elsewhere = Files.write(temp.resolve(HASH), new byte[1]), short40 = Files.write(blob.resolveSibling(HASH.substring(0, 40)), new byte[1]);
		Whole.requireNamed(List.of(blob, elsewhere, short40));
		Files.write(blob, new byte[] { 1, 2, 3, 5 });
		final String sentence = assertThrows(DiffEditException.class, () -> Whole.requireNamed(List.of(blob))).getMessage();
		assertTrue(sentence.contains("SHA-256") && sentence.contains("delete " + blob), sentence);
	}

	@Test
	void aModelThatAnotherProgramDownloadedIsRefusedIfItIsDamaged() throws IOException {
		final Path cache = temp.resolve("cache"), model;
		try (LocalHub hub = new LocalHub(Path.of("src/test/resources/goldens/models/sd1"))) {
			final ModelDownload download = new ModelDownload(hub.address());
			model = download.fetch(download.plan("org/name", "main", ""), cache, (file, bytes, total) -> {});
		}
		final Path weights = model.resolve("unet/diffusion_pytorch_model.safetensors").toRealPath();
		try (ModelStore store = new ModelStore()) {
			store.borrow(LoadOptions.of(model.toString())).close();
			store.unloadAll();
			final byte[] bytes = Files.readAllBytes(weights);
			bytes[bytes.length - 1] ^= 1;
			Files.write(weights, bytes);
			final String sentence = assertThrows(DiffEditException.class, () -> store.borrow(LoadOptions.of(model.toString()))).getMessage();
			assertTrue(sentence.contains("diffusion_pytorch_model.safetensors is damaged") && sentence.contains("download the model again"), sentence);
			Files.delete(weights);
			Files.write(weights, flipped(bytes));
			store.borrow(LoadOptions.of(model.toString())).close();
		}
		try (Stream<Path> left = Files.walk(cache)) {
			assertTrue(left.noneMatch(file -> file.toString().contains(".part-")));
		}
	}

	private static byte[] flipped(final byte[] bytes) {
		bytes[bytes.length - 1] ^= 1;
		return bytes;
	}
}
