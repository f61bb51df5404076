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
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.LocalHub;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.weights.AlteredModel;

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
			Files.write(weights, flipped(bytes));
			final String sentence = assertThrows(DiffEditException.class, () -> store.borrow(LoadOptions.of(model.toString()))).getMessage();
			assertTrue(sentence.contains("diffusion_pytorch_model.safetensors is damaged") && sentence.contains("download the model again"), sentence);
			Files.delete(weights);
			Files.write(weights, bytes);
			store.borrow(LoadOptions.of(model.toString())).close();
		}
		try (Stream<Path> left = Files.walk(cache)) {
			assertTrue(left.noneMatch(file -> file.toString().contains(".part-")));
		}
	}

	@Test
	void soAreCaptionersAndAdapters() throws IOException {
		final Path captioner = temp.resolve("models--org--blip/snapshots/aaaa"), model = GoldenCase.model("sd1");
		AlteredModel.copy(GoldenCase.model("blip"), Files.createDirectories(captioner));
		damage(captioner.resolve("model.safetensors"));
		final Path lora = Files.copy(GoldenCase.model("adapters").resolve("sd1_peft.safetensors"), temp.resolve("lora.safetensors"));
		try (ModelStore store = new ModelStore(); ModelLease lease = store.borrow(LoadOptions.of(model.toString()))) {
			final Picture picture = new Picture(32, 32, 3, new float[3 * 32 * 32]);
			says(captioner, () -> store.caption(LoadOptions.of(captioner.toString()), picture, CaptionRequest.DEFAULTS, made -> {}));
			lease.setAdapters(Adapters.NONE.withLora(lora, 1));
			final TextToImageRequest request = TextToImageRequest.of("a red fox").withNumInferenceSteps(1).withHeight(32).withWidth(32);
			lease.textToImage(request, StepListener.NONE);
			final Path blob = damage(lora);
			says(blob, () -> lease.textToImage(request, StepListener.NONE));
			lease.setAdapters(Adapters.NONE);
			lease.textToImage(request, StepListener.NONE);
		}
	}

	/** A link to a blob in place of a file, which has another content than its name says. */
	private Path damage(final Path file) throws IOException {
		final byte[] bytes = Files.readAllBytes(file);
		final Path other = Files.write(blob.resolveSibling(DigestUtils.sha256Hex(bytes)), flipped(bytes));
		Files.delete(file);
		Files.createSymbolicLink(file, other);
		return other;
	}

	private static void says(final Path file, final Executable work) {
		final String sentence = assertThrows(DiffEditException.class, work).getMessage();
		assertTrue(sentence.contains(file.toString()) && sentence.contains("is damaged"), sentence);
	}

	private static byte[] flipped(final byte[] bytes) {
		final byte[] other = bytes.clone();
		other[other.length - 1] ^= 1;
		return other;
	}
}
