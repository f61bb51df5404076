package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.results.ResultStore.Entry;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.text.CaptionRequest;

/** Files of a model that change under it: before a run, between its steps, in any way that can be seen; a mapped file that was cut is not touched any more. */
@ExtendWith(NoNativeLeaks.class)
class ChangedFilesTest {

	private static final Path MODELS = Path.of("src/test/resources/goldens/models");
	private static final ImageInput IMAGE = ImageInput.of(new Picture(32, 32, 3, new float[3 * 32 * 32]));
	private static final InvertRequest INVERT = InvertRequest.of("a red fox").withNumInferenceSteps(5).withInpaintStrength(0.8);
	private static final MaskRequest MASK = MaskRequest.between("a red fox", "a grey wolf").withNumMapsPerMask(2).withNumInferenceSteps(4);

	private static final Path LORA = MODELS.resolve("adapters/sd1_peft.safetensors");

	@TempDir
	Path folder;

	private final ModelStore store = new ModelStore();
	private LoadOptions model;
	private Path unet;

	@BeforeEach
	void copy() throws IOException {
		model = copy("sd1");
		unet = folder.resolve("sd1/unet/diffusion_pytorch_model.safetensors");
	}

	private LoadOptions copy(final String name) throws IOException {
		final Path from = MODELS.resolve(name), to = folder.resolve(name);
		try (Stream<Path> files = Files.walk(from)) {
			for (final Path file : files.toList()) Files.copy(file, to.resolve(from.relativize(file)));
		}
		return LoadOptions.of(to.toString()).withDevice("cpu");
	}

	@AfterEach
	void close() {
		store.close();
	}

	/** What may happen to a file. */
	enum Harm {
		TOUCHED {

			@Override
			void to(final Path file) throws IOException {
				Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
			}
		},
		CUT {

			@Override
			void to(final Path file) throws IOException {
				try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
					channel.truncate(100);
				}
			}
		},
		OVERWRITTEN {

			@Override
			void to(final Path file) throws IOException {
				final FileTime before = Files.getLastModifiedTime(file);
				try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
					bytes.seek(bytes.length() - 64);
					bytes.write(new byte[64]);
				}
				Files.setLastModifiedTime(file, FileTime.fromMillis(before.toMillis() + 1));
			}
		},
		REPLACED {

			/** Size and time are the same. */
			@Override
			void to(final Path file) throws IOException {
				final Path other = Files.copy(file, file.resolveSibling("other"), StandardCopyOption.COPY_ATTRIBUTES);
				Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
			}
		},
		GONE {

			@Override
			void to(final Path file) throws IOException {
				Files.delete(file);
			}
		};

		abstract void to(Path file) throws IOException;
	}

	@ParameterizedTest
	@EnumSource(value = Harm.class, names = { "TOUCHED", "CUT", "OVERWRITTEN" })
	void beforeARun(final Harm harm) throws IOException {
		final byte[] whole = Files.readAllBytes(unet);
		final float[] first;
		try (ModelLease lease = store.borrow(model)) {
			first = values(lease);
			store.results().clear();
			harm.to(unet);
			for (int i = 0; i < 2; i++) assertRefused(unet, () -> values(lease));
			assertEquals(List.of(), store.loaded(), "the model has left memory");
		}
		assertEquals(List.of(), store.results().entries());
		Files.write(unet, whole);
		try (ModelLease lease = store.borrow(model)) {
			assertArrayEquals(first, values(lease));
		}
	}

	/** What was mapped stays as it was until the model is closed; the next who borrows it gets what is there now. */
	@ParameterizedTest
	@EnumSource(value = Harm.class, names = { "REPLACED", "GONE" })
	void aFileOfTheSameNameIsAnotherFile(final Harm harm) throws IOException {
		final byte[] whole = Files.readAllBytes(unet);
		try (ModelLease lease = store.borrow(model)) {
			final float[] first = values(lease);
			store.results().clear();
			harm.to(unet);
			assertArrayEquals(first, values(lease));
			Files.write(unet, whole);
			try (ModelLease fresh = store.borrow(model)) {
				assertEquals(1, store.loaded().size());
				assertArrayEquals(first, values(fresh));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "unet/diffusion_pytorch_model.safetensors", "vae/diffusion_pytorch_model.safetensors", "text_encoder/config.json" })
	void betweenSteps(final String file) {
		final List<?>[] kept = new List<?>[1];
		try (ModelLease lease = store.borrow(model)) {
			assertRefused(folder.resolve("sd1").resolve(file), () -> lease.diffEdit().invert(IMAGE, INVERT, step -> {
				if (step.index() != 1) return;
				kept[0] = labels();
				harm(folder.resolve("sd1").resolve(file));
			}));
		}
		assertEquals(kept[0], labels(), "what was computed after the change is not kept");
	}

	private List<String> labels() {
		return store.results().entries().stream().map(Entry::label).toList();
	}

	/** An adapter's file is read anew where it has changed between two calls, and may not change in the middle of one. */
	@Test
	void ofAnAdapter() throws IOException {
		final Path lora = folder.resolve("lora.safetensors");
		Files.copy(LORA, lora);
		try (ModelLease lease = store.borrow(model)) {
			final float[] plain = values(lease);
			lease.setAdapters(Adapters.NONE.withLora(lora, 1));
			final float[] strong = values(lease);
			assertFalse(Arrays.equals(plain, strong));
			zero(lora);
			assertArrayEquals(plain, values(lease), "its numbers are zeros now");
			assertRefused(lora, () -> lease.diffEdit().generateMask(IMAGE, MASK, step -> harm(lora)));
		}
	}

	/** All numbers of a file, where it lies. */
	private static void zero(final Path file) throws IOException {
		final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
		final int header = 8 + (int) bytes.getLong(0);
		Arrays.fill(bytes.array(), header, bytes.capacity(), (byte) 0);
		Files.write(file, bytes.array(), StandardOpenOption.WRITE);
		Files.setLastModifiedTime(file, FileTime.fromMillis(1_100_000_000_000L));
	}

	@Test
	void afterTheLastCall() {
		try (ModelLease lease = store.borrow(model)) {
			assertRefused(unet, () -> lease.diffEdit().generateMask(IMAGE, MASK, step -> harm(unet)));
		}
	}

	@Test
	void ofACaptioner() throws IOException {
		final LoadOptions blip = copy("blip");
		final Path weights = folder.resolve("blip/model.safetensors");
		assertRefused(weights, () -> store.caption(blip, ((ImageInput.Pictures) IMAGE).pictures().get(0), CaptionRequest.DEFAULTS.withMaxNewTokens(3), made -> harm(weights)));
		assertEquals(List.of(), store.loaded());
	}

	private static void harm(final Path file) {
		try {
			Harm.TOUCHED.to(file);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private static float[] values(final ModelLease lease) {
		return lease.diffEdit().invert(IMAGE, INVERT).trajectories().get(0).values();
	}

	private static void assertRefused(final Path file, final Runnable work) {
		final String sentence = assertThrows(DiffEditException.class, work::run).getMessage();
		assertTrue(sentence.contains(file.getFileName().toString()) && sentence.contains("has changed while model"), sentence);
	}
}
