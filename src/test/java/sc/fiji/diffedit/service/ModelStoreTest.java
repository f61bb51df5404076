package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;

/** Models are shared, survive failures, and go when they should. */
@ExtendWith(NoNativeLeaks.class)
class ModelStoreTest {

	private static final InvertRequest SHORT = InvertRequest.of("green nuclei").withNumInferenceSteps(4);

	private final ModelStore store = new ModelStore();
	private final long before = Scope.liveValues();

	@AfterEach
	void close() {
		store.close();
	}

	private static ImageInput grey() {
		final float[] values = new float[3 * 32 * 32];
		java.util.Arrays.fill(values, 0.4f);
		return ImageInput.of(new Picture(32, 32, 3, values));
	}

	@Test
	void borrowersShareOneModel() {
		try (ModelLease one = store.borrow("demo"); ModelLease other = store.borrow("demo")) {
			assertEquals(one.hash(), other.hash());
			assertTrue(one.call(model -> model.unet()) == other.call(model -> model.unet()));
			assertEquals(List.of(LoadOptions.of("demo")), store.loaded());
		}
	}

	@Test
	void anUnloadedModelStaysUntilItComesBack() {
		final ModelLease lease = store.borrow("demo");
		final Inversion first = lease.diffEdit().invert(grey(), SHORT);
		store.unload("demo");
		assertEquals(List.of(), store.loaded());
		assertArrayEquals(first.trajectories().get(0).values(), lease.diffEdit().invert(grey(), SHORT).trajectories().get(0).values());
		lease.close();
		assertEquals(before, Scope.liveValues());
		assertThrows(IllegalStateException.class, () -> lease.diffEdit().invert(grey(), SHORT));
	}

	@Test
	void aCancelledRunLeavesTheModelUsable() {
		try (ModelLease lease = store.borrow("demo")) {
			final long idle = Scope.liveValues();
			assertThrows(CancelledException.class, () -> lease.diffEdit().invert(grey(), SHORT, step -> {
				if (step.index() == 1) throw new CancelledException();
			}));
			final long after = Scope.liveValues();
			final Inversion again = lease.diffEdit().invert(grey(), SHORT);
			assertEquals(3, again.steps());
			assertEquals(after, Scope.liveValues());
			assertTrue(after >= idle);
		}
	}

	@Test
	void anInterruptEndsTheRunAtItsNextStep() throws Exception {
		try (ModelLease lease = store.borrow("demo")) {
			final CountDownLatch started = new CountDownLatch(1);
			final var caller = Executors.newSingleThreadExecutor();
			final Future<?> run = caller.submit(() -> lease.diffEdit().invert(grey(), SHORT.withNumInferenceSteps(500), step -> started.countDown()));
			assertTrue(started.await(60, java.util.concurrent.TimeUnit.SECONDS), "the run never took a step");
			caller.shutdownNow();
			final var failure = assertThrows(java.util.concurrent.ExecutionException.class, run::get);
			assertTrue(failure.getCause() instanceof CancelledException, String.valueOf(failure.getCause()));
		}
	}

	@Test
	void twoThreadsGetTheSameBits() throws Exception {
		try (ModelLease lease = store.borrow("demo")) {
			final var pool = Executors.newFixedThreadPool(2);
			final Future<Inversion> one = pool.submit(() -> lease.diffEdit().invert(grey(), SHORT));
			final Future<Inversion> other = pool.submit(() -> lease.diffEdit().invert(grey(), SHORT));
			assertArrayEquals(one.get().trajectories().get(0).values(), other.get().trajectories().get(0).values());
			pool.shutdown();
		}
	}

	@Test
	void whatIsMissingIsNamed(@TempDir final Path folder) throws IOException {
		assertTrue(message(folder.resolve("nowhere")).contains("nowhere"));
		assertTrue(message(folder).contains("model_index.json"));
		copy(DemoModel.folder(), folder);
		Files.delete(folder.resolve("unet/diffusion_pytorch_model.safetensors"));
		assertTrue(message(folder).contains("unet"), message(folder));
		copy(DemoModel.folder(), folder);
		final Path vae = folder.resolve("vae/diffusion_pytorch_model.safetensors");
		Files.write(vae, java.util.Arrays.copyOf(Files.readAllBytes(vae), 1000));
		assertTrue(message(folder).contains("vae"), message(folder));
		copy(DemoModel.folder(), folder);
		final Path config = folder.resolve("unet/config.json");
		Files.writeString(config, Files.readString(config).replaceFirst("\"DownBlock2D\"", "\"AttnDownBlock2D\""));
		assertTrue(message(folder).contains("AttnDownBlock2D"), message(folder));
		assertEquals(List.of(), store.loaded());
	}

	private String message(final Path folder) {
		final DiffEditException failure = assertThrows(DiffEditException.class, () -> store.borrow(folder.toString()));
		assertTrue(failure.getMessage().length() < 400, failure.getMessage());
		return failure.getMessage();
	}

	private static void copy(final Path from, final Path to) throws IOException {
		try (var files = Files.walk(from)) {
			for (final Path file : files.toList()) {
				final Path target = to.resolve(from.relativize(file).toString());
				if (Files.isDirectory(file)) Files.createDirectories(target);
				else Files.copy(file, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
			}
		}
	}

	@Test
	void theServiceLendsTheSameWay() {
		try (Context context = new Context(DiffusionModelService.class)) {
			final DiffusionModelService models = context.service(DiffusionModelService.class);
			try (ModelLease lease = models.borrow("demo")) {
				assertEquals(4, lease.scaleFactor());
			}
			assertEquals(1, models.loaded().size());
			models.unloadAll();
			assertEquals(0, models.loaded().size());
		}
	}
}
