package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import sc.fiji.diffedit.NotEnoughMemory;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.benchmark.PeakMemory.Resident;
import sc.fiji.diffedit.memory.Preset;
import sc.fiji.diffedit.models.BatchPolicy;
import sc.fiji.diffedit.models.BatchedUNet;
import sc.fiji.diffedit.models.WrappedUNet;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;

/** Runs are told what they will take, tried again with less, cut where they must be, and leave nothing behind. */
@ExtendWith(NoNativeLeaks.class)
class ModelBudgetTest {

	private static final LoadOptions SD1 = LoadOptions.of(Path.of("src/test/resources/goldens/models/sd1").toString());
	private static final TextToImageRequest ASK = TextToImageRequest.of("a red square").withNumInferenceSteps(2).withWidth(64).withHeight(64);

	private final ModelStore store = new ModelStore();
	private final long before = Scope.liveValues();

	@AfterEach
	void close() {
		store.close();
	}

	@Test
	void everyRunTellsWhatItIsExpectedToTake() {
		final List<String> notes = new ArrayList<>();
		try (ModelLease lease = store.borrow(SD1)) {
			lease.setNotes(notes::add);
			lease.textToImage(ASK, StepListener.NONE);
			lease.diffEdit().generateMask(grey(), MaskRequest.between("one", "two"));
		}
		assertEquals(2, notes.size(), notes.toString());
		assertTrue(notes.get(0).matches("Needs about .* \\(weights .*; text encoder .*, denoising .*, latents to image .*\\); .* are free; memory preset fast; (takes|how long) .*"), notes.get(0));
		assertTrue(notes.get(1).matches("Needs about .* \\(text encoder .*, image to latents .*, denoising .*\\); .* are free; memory preset fast; (takes|how long) .*"), "weights are there: " + notes.get(1));
	}

	@Test
	void aRunWhoseMemoryIsRefusedIsTriedWithSmallerPlans() {
		final List<String> notes = new ArrayList<>();
		try (ModelLease lease = store.borrow(SD1)) {
			final float[] expected = lease.textToImage(ASK, StepListener.NONE).latents().values();
			lease.setNotes(notes::add);
			final float[] result = lease.textToImage(ASK, step -> {
				if (lease.options().memory().preset() != Preset.LOW_MEMORY) throw new IllegalStateException("CUDA out of memory. Tried to allocate 2.00 GiB");
			}).latents().values();
			assertClose(expected, result);
			assertEquals(List.of(SD1.withMemory(lease.options().memory())), store.loaded(), "the larger ones are gone");
			assertEquals(2, notes.stream().filter(note -> note.contains("trying again")).count(), notes.toString());
			assertThrows(NotEnoughMemory.class, () -> lease.textToImage(ASK, step -> {
				throw new IllegalStateException("CUDA out of memory.");
			}));
			assertClose(expected, lease.textToImage(ASK, StepListener.NONE).latents().values());
		}
	}

	@Test
	void anImpossibleSizeIsRefusedBeforeTheRunBegins() {
		try (ModelLease lease = store.borrow(SD1)) {
			final String message = assertThrows(NotEnoughMemory.class,
				() -> lease.textToImage(ASK.withWidth(800_000).withHeight(800_000), StepListener.NONE)).getMessage();
			assertTrue(message.contains("GB") && message.contains("smaller image"), message);
			lease.textToImage(ASK, StepListener.NONE);
		}
	}

	@Test
	void resultsDoNotDependOnHowBatchesAreCut() {
		final TextToImageRequest three = ASK.withNumImagesPerPrompt(3);
		final MaskRequest mask = MaskRequest.between("a cat", "a dog").withNumMapsPerMask(4).withTargetNegative(List.of(Prompt.of("a bird")));
		try (ModelLease lease = store.borrow(SD1)) {
			final float[] images = lease.textToImage(three, StepListener.NONE).latents().values();
			final float[] map = lease.diffEdit().generateMask(grey(), mask).map().values();
			for (final int rows : new int[] { 1, 2, 4 }) {
				final BatchPolicy policy = (unet, batch, height, width) -> Math.min(rows, batch);
				lease.setParts(model -> model.withUnet(new BatchedUNet(((WrappedUNet) model.unet()).inner(), policy)));
				assertClose(images, lease.textToImage(three, StepListener.NONE).latents().values());
				assertClose(map, lease.diffEdit().generateMask(grey(), mask.withNumInferenceSteps(50)).map().values());
			}
		}
	}

	private static void assertClose(final float[] expected, final float[] found) {
		Rounding.assertClose(expected, found, 2e-4);
	}

	private static ImageInput grey() {
		final float[] values = new float[3 * 64 * 64];
		for (int i = 0; i < values.length; i++) values[i] = (i % 97) / 97f;
		return ImageInput.of(new Picture(64, 64, 3, values));
	}

	/** Load, use, unload, again and again: native values and anonymous memory stay what they were after the warm-up. */
	@Test
	void nothingIsLeftBehind() {
		final TextToImageRequest small = ASK.withNumInferenceSteps(1).withWidth(16).withHeight(16);
		long warm = 0;
		for (int i = 1; i <= 200; i++) {
			try (ModelLease lease = store.borrow(SD1)) {
				lease.textToImage(small, StepListener.NONE);
			}
			store.unloadAll();
			assertEquals(before, Scope.liveValues());
			if (i % 20 == 0) System.gc();
			if (i == 80) warm = Resident.now().anonymous();
		}
		final long grown = Resident.now().anonymous() - warm;
		assertTrue(grown < 48_000_000, "anonymous memory has grown by " + grown / 1_000_000 + " MB in 120 rounds");
	}
}
