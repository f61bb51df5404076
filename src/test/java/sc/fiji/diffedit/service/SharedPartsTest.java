package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;

/** No part is in memory twice: all pipelines of a model share its parts, and a refiner those of its base. Native values are counted. */
@ExtendWith(NoNativeLeaks.class)
class SharedPartsTest {

	private static final LoadOptions BASE = LoadOptions.of(GoldenCase.model("sdxl").toString());
	private static final LoadOptions REFINER = LoadOptions.of(GoldenCase.model("sdxl-refiner").toString());
	private static final int SIZE = 32;

	private final ModelStore store = new ModelStore();
	private final long before = Scope.liveValues();

	@AfterEach
	void close() {
		store.close();
	}

	@Test
	void allPipelinesOfAModelUseTheSameParts() {
		for (final LoadOptions model : List.of(LoadOptions.of("demo"), BASE)) {
			try (ModelLease lease = store.borrow(model)) {
				runAll(lease);
				final long live = Scope.liveValues();
				runAll(lease);
				assertEquals(live, Scope.liveValues(), "a second round makes no further copy");
			}
		}
	}

	/** A pipeline that had copies of its own would leave more behind than the one before it. */
	@Test
	void aFurtherPipelineBringsNothingIntoMemory() {
		try (ModelLease lease = store.borrow(BASE)) {
			imageToImage(lease);
			final long live = Scope.liveValues();
			textToImage(lease);
			assertEquals(live, Scope.liveValues());
			inpaint(lease);
			assertEquals(live, Scope.liveValues());
			diffEdit(lease);
			assertEquals(live, Scope.liveValues());
		}
	}

	@Test
	void aRefinerUsesTheSecondTextEncoderAndTheAutoencoderOfItsBase() {
		final long alone, autoencoder;
		try (ModelLease refiner = store.borrow(REFINER)) {
			alone = brought(refiner);
			autoencoder = Scope.liveValues() - refiner.call(SharedPartsTest::withoutAutoencoder);
		}
		store.unloadAll();
		try (ModelLease base = store.borrow(BASE)) {
			imageToImage(base);
			try (ModelLease refiner = store.borrow(REFINER.withBase(base.options()))) {
				assertSame(base.call(parts -> parts.vae()), refiner.call(parts -> parts.vae()));
				final long shared = brought(refiner);
				assertTrue(autoencoder > 0 && shared < alone - autoencoder, shared + " of " + alone + ", " + autoencoder + " in the autoencoder");
			}
		}
	}

	/** With equal weights, as published, sharing changes no bit. */
	@Test
	void sharedPartsComputeTheSame() {
		final Picture own = refined(REFINER);
		store.unloadAll();
		assertTrue(Arrays.equals(own.values(), refined(REFINER.withBase(REFINER_AS_BASE)).values()));
	}

	@Test
	void aBaseStaysAsLongAsItsRefiner() {
		final ModelLease refiner = store.borrow(REFINER.withBase(BASE));
		final float[] values = imageToImage(refiner).values();
		store.unload(BASE.model());
		assertTrue(Arrays.equals(values, imageToImage(refiner).values()));
		store.unloadAll();
		assertTrue(Scope.liveValues() > before);
		refiner.close();
		assertEquals(before, Scope.liveValues());
	}

	@Test
	void whatABaseHasLearnedForAnotherBorrowerStaysOutOfTheRefiner() {
		try (ModelLease base = store.borrow(BASE); ModelLease refiner = store.borrow(REFINER.withBase(BASE))) {
			final float[] values = imageToImage(refiner).values();
			base.setAdapters(Adapters.NONE.withLora(GoldenCase.model("adapters").resolve("sdxl_peft.safetensors"), 5));
			imageToImage(base);
			assertTrue(Arrays.equals(values, imageToImage(refiner).values()));
		}
	}

	@Test
	void aBaseOfAnotherKindIsRefused() {
		final DiffEditException refused = assertThrows(DiffEditException.class, () -> store.borrow(REFINER.withBase(LoadOptions.of("demo"))));
		assertTrue(refused.getMessage().contains("must be an SDXL base model"), refused.getMessage());
		store.unloadAll();
	}

	// -- helpers --

	/** Any model with the refiner's own weights for the parts that are shared will do as a base. */
	private static final LoadOptions REFINER_AS_BASE = BASE.withFiles(BASE.files()
		.withPart("text_encoder_2", GoldenCase.model("sdxl-refiner").resolve("text_encoder_2"))
		.withPart("vae", GoldenCase.model("sdxl-refiner").resolve("vae")));

	private Picture refined(final LoadOptions options) {
		try (ModelLease lease = store.borrow(options)) {
			return imageToImage(lease);
		}
	}

	/** How many native values stay in memory after a first run. */
	private static long brought(final ModelLease lease) {
		final long idle = Scope.liveValues();
		imageToImage(lease);
		return Scope.liveValues() - idle;
	}

	private static long withoutAutoencoder(final DiffusionModel parts) {
		parts.vae().blocks().forEach(Block::evict);
		return Scope.liveValues();
	}

	private static void runAll(final ModelLease lease) {
		textToImage(lease);
		imageToImage(lease);
		inpaint(lease);
		diffEdit(lease);
	}

	private static void textToImage(final ModelLease lease) {
		lease.textToImage(TextToImageRequest.of("a red bowl").withWidth(SIZE).withHeight(SIZE).withNumInferenceSteps(1), StepListener.NONE);
	}

	private static Picture imageToImage(final ModelLease lease) {
		return lease.imageToImage(image(), ImageToImageRequest.of("a red bowl").withNumInferenceSteps(2).withStrength(0.5), StepListener.NONE).image();
	}

	private static void inpaint(final ModelLease lease) {
		lease.inpaint(image(), List.of(ones()), InpaintRequest.of("a red bowl").withNumInferenceSteps(1), StepListener.NONE);
	}

	private static void diffEdit(final ModelLease lease) {
		lease.diffEdit().generateMask(image(), MaskRequest.between("a bowl", "a basket").withNumMapsPerMask(1).withNumInferenceSteps(2));
		final Inversion inversion = lease.diffEdit().invert(image(), InvertRequest.of("a bowl").withNumInferenceSteps(2));
		lease.diffEdit().edit(EditRequest.to("a basket").withNumInferenceSteps(2), ones(), inversion);
	}

	private static Mask ones() {
		return Mask.filled(SIZE, SIZE, 1);
	}

	private static ImageInput image() {
		final float[] values = new float[3 * SIZE * SIZE];
		for (int i = 0; i < values.length; i++) values[i] = i % 7 / 7f;
		return ImageInput.of(new Picture(SIZE, SIZE, 3, values));
	}
}
