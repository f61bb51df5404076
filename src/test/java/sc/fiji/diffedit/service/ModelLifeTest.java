package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.weights.ModelOptions;
import sc.fiji.diffedit.weights.WeightAccess;

/** Which models stay in memory, which go, and that borrowers do not disturb one another. */
@ExtendWith(NoNativeLeaks.class)
class ModelLifeTest {

	private static final Path MODELS = Path.of("src/test/resources/goldens/models");
	private static final LoadOptions SD1 = LoadOptions.of(MODELS.resolve("sd1").toString());
	private static final LoadOptions SD2 = LoadOptions.of(MODELS.resolve("sd2").toString());
	private static final LoadOptions SDXL = LoadOptions.of(MODELS.resolve("sdxl").toString());
	private static final TextToImageRequest ASK = TextToImageRequest.of("a red square").withNumInferenceSteps(4).withWidth(64).withHeight(64);

	private final ModelStore store = new ModelStore();

	@AfterEach
	void close() {
		store.close();
	}

	private static float[] latents(final ModelLease lease) {
		return lease.textToImage(ASK, step -> {}).latents().values();
	}

	private float[] latents(final LoadOptions options) {
		try (ModelLease lease = store.borrow(options)) {
			return latents(lease);
		}
	}

	@Test
	void theModelUsedLeastRecentlyGoesWhenAnotherNeedsItsRoom() {
		latents(SD1);
		latents(SD2);
		final long two = store.inMemory().stream().mapToLong(ModelInMemory::bytes).sum();
		store.setLimit(two);
		latents(SD1);
		latents(SDXL);
		assertEquals(List.of(SDXL), store.loaded(), "sdxl is larger than both");
		store.setLimit(Long.MAX_VALUE);
		latents(SD1);
		latents(SD2);
		latents(SDXL);
		store.setLimit(store.inMemory().stream().mapToLong(ModelInMemory::bytes).sum() - 1);
		assertEquals(List.of(SD2, SDXL), store.inMemory().stream().map(ModelInMemory::options).toList());
	}

	@Test
	void aModelOnLoanStaysWhateverTheLimit() {
		try (ModelLease lease = store.borrow(SD1)) {
			final float[] first = latents(lease);
			store.setLimit(1);
			latents(SD2);
			assertEquals(List.of(SD1, SD2), store.inMemory().stream().map(ModelInMemory::options).toList(), "nobody else could give room");
			assertArrayEquals(first, latents(lease));
			assertEquals(1, store.inMemory().get(0).leases() + store.inMemory().get(1).leases());
		}
	}

	@Test
	void idleModelsGoAfterTheirTime() throws InterruptedException {
		store.setIdleTime(Duration.ofMillis(100));
		try (ModelLease lease = store.borrow(SD1)) {
			latents(SD2);
			final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
			while (store.loaded().size() > 1 && System.nanoTime() < end) Thread.sleep(20);
			assertEquals(List.of(SD1), store.loaded(), "the one on loan stays");
			latents(lease);
		}
		final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
		while (!store.loaded().isEmpty() && System.nanoTime() < end) Thread.sleep(20);
		assertEquals(List.of(), store.loaded());
	}

	@Test
	void zeroMeansNeverIdle() {
		store.setIdleTime(Duration.ZERO);
		latents(SD1);
		store.unloadIdle(Duration.ofHours(1));
		assertEquals(1, store.loaded().size());
		store.unloadIdle(Duration.ZERO);
		assertEquals(0, store.loaded().size());
	}

	@Test
	void aModelWhoseFilesChangeIsOpenedAgain(@TempDir final Path folder) throws IOException {
		copy(MODELS.resolve("sd1"), folder);
		final LoadOptions options = LoadOptions.of(folder.toString());
		try (ModelLease old = store.borrow(options)) {
			final float[] first = latents(old);
			final Path unet = folder.resolve("unet/diffusion_pytorch_model.safetensors");
			final Path other = folder.resolve("other");
			final byte[] bytes = Files.readAllBytes(unet);
			for (int i = bytes.length - 1000; i < bytes.length; i++) bytes[i] = 0;
			Files.write(other, bytes);
			Files.setLastModifiedTime(other, FileTime.fromMillis(1_000_000_000_000L));
			Files.move(other, unet, StandardCopyOption.REPLACE_EXISTING);
			try (ModelLease fresh = store.borrow(options)) {
				assertNotEquals(old.hash(), fresh.hash());
				assertFalse(java.util.Arrays.equals(first, latents(fresh)));
			}
			assertEquals(1, store.loaded().size());
			assertArrayEquals(first, latents(old), "who holds the old one keeps it");
		}
	}

	@Test
	void copiedWeightsDoNotNeedTheirFile(@TempDir final Path folder) throws IOException {
		copy(MODELS.resolve("sd1"), folder);
		final LoadOptions options = LoadOptions.of(folder.toString()).withFiles(ModelOptions.DEFAULTS.withReading(WeightAccess.COPIED));
		try (ModelLease lease = store.borrow(options)) {
			final float[] first = latents(lease);
			for (final String part : List.of("unet", "vae")) {
				try (var file = Files.newByteChannel(folder.resolve(part + "/diffusion_pytorch_model.safetensors"), java.nio.file.StandardOpenOption.WRITE)) {
					file.truncate(100); // would end the program if the file were mapped
				}
			}
			assertArrayEquals(first, latents(lease));
		}
		assertArrayEquals(latents(SD1), latents(SD1.withFiles(ModelOptions.DEFAULTS.withReading(WeightAccess.COPIED))));
	}

	@Test
	void twoCommandsAtOnceWaitForOneAnother() throws Exception {
		final float[] alone = latents(SD1);
		final CountDownLatch inTheMiddle = new CountDownLatch(1);
		final CountDownLatch goOn = new CountDownLatch(1);
		try (ModelLease one = store.borrow(SD1); ModelLease other = store.borrow(SD1)) {
			final var first = CompletableFuture.supplyAsync(() -> one.textToImage(ASK, step -> {
				inTheMiddle.countDown();
				await(goOn);
			}).latents().values());
			await(inTheMiddle);
			final var second = CompletableFuture.supplyAsync(() -> latents(other));
			Thread.sleep(100);
			assertFalse(second.isDone(), "the second must wait for the first");
			assertEquals(1, store.inMemory().size(), "looking does not wait");
			goOn.countDown();
			assertArrayEquals(alone, first.get(60, TimeUnit.SECONDS));
			assertArrayEquals(alone, second.get(60, TimeUnit.SECONDS));
		}
	}

	@Test
	void aCrashOrCancelInOneLeavesTheOthersSound() throws Exception {
		final float[] alone = latents(SD1);
		final float[] otherAlone = latents(SD2);
		for (final RuntimeException failure : List.of(new IllegalStateException("crash"), new CancelledException())) {
			try (ModelLease broken = store.borrow(SD1); ModelLease same = store.borrow(SD1); ModelLease other = store.borrow(SD2)) {
				final long idle = Scope.liveValues();
				final var run = CompletableFuture.runAsync(() -> broken.textToImage(ASK, step -> {
					if (step.index() == 1) throw failure;
				}));
				final var neighbour = CompletableFuture.supplyAsync(() -> latents(other));
				assertEquals(failure, assertThrows(ExecutionException.class, run::get).getCause());
				assertArrayEquals(otherAlone, neighbour.get(60, TimeUnit.SECONDS));
				assertArrayEquals(alone, latents(same));
				assertArrayEquals(alone, latents(broken));
				assertEquals(idle, Scope.liveValues());
			}
		}
	}

	private static void await(final CountDownLatch latch) {
		try {
			assertTrue(latch.await(60, TimeUnit.SECONDS));
		}
		catch (final InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}

	private static void copy(final Path from, final Path to) throws IOException {
		try (var files = Files.walk(from)) {
			for (final Path file : files.toList()) {
				final Path target = to.resolve(from.relativize(file).toString());
				if (Files.isDirectory(file)) Files.createDirectories(target);
				else Files.copy(file, target);
			}
		}
	}
}
