package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scijava.Context;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.DeepFeatures;
import sc.fiji.diffedit.models.TiledUNet;
import sc.fiji.diffedit.models.Tiles;
import sc.fiji.diffedit.models.UNet;
import sc.fiji.diffedit.models.WrappedUNet;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.EditResult;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Tensor;

/** Large images in overlapping tiles. The demo model has 4 pixels per latent. */
class TilesTest {

	private static final int W = 96, H = 64, FACTOR = 4;
	private static final MaskRequest MASK = MaskRequest.between("green nuclei", "cyan nuclei").withNumMapsPerMask(1).withNumInferenceSteps(4);

	private static Context context;
	private static ModelLease model;
	/** What went through the UNet since a test began: height, width. */
	private static final List<List<Long>> SEEN = new ArrayList<>();

	@BeforeAll
	static void borrow() {
		context = new Context(DiffusionModelService.class);
		model = context.service(DiffusionModelService.class).borrow("demo");
		model.setParts(parts -> parts.withUnet(new Observed(parts.unet())));
	}

	@AfterAll
	static void giveBack() {
		model.close();
		context.dispose();
	}

	@BeforeEach
	void withoutTiles() {
		model.setTiles(Tiles.OFF);
		SEEN.clear();
	}

	/** Tells what goes through. */
	private static final class Observed extends WrappedUNet {

		Observed(final UNet inner) {
			super(inner);
		}

		@Override
		public List<Tensor> predict(final Tensor sample, final double timestep, final List<Conditioning> conditionings, final DeepFeatures features) {
			SEEN.add(List.of(sample.size(2), sample.size(3)));
			return inner().predict(sample, timestep, conditionings, features);
		}
	}

	/** Predicts what is near by alone: twice the sample. */
	private static final class Twice extends WrappedUNet {

		Twice(final UNet inner) {
			super(inner);
		}

		@Override
		public List<Tensor> predict(final Tensor sample, final double timestep, final List<Conditioning> conditionings, final DeepFeatures features) {
			SEEN.add(List.of(sample.size(2), sample.size(3)));
			return List.of(sample.multiply(2), sample.multiply(-1));
		}
	}

	@Test
	void whatFitsIntoOneTileHasTheSameBits() {
		final ImageInput image = ImageInput.of(picture());
		final float[] whole = model.diffEdit().generateMask(image, MASK).map().values();
		model.setTiles(Tiles.of(W, 16));
		assertArrayEquals(whole, model.diffEdit().generateMask(image, MASK).map().values());
		model.setTiles(Tiles.of(48, 16));
		final float[] tiled = model.diffEdit().generateMask(image, MASK).map().values();
		assertEquals(whole.length, tiled.length);
		assertNotEquals(whole[0], tiled[0]);
	}

	@Test
	void placesOfPredictionsAreKept() {
		final float[] values = new float[2 * 4 * 24 * 17];
		final Random random = new Random(2);
		for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
		final List<float[]> predicted = model.call(parts -> {
			final Tensor sample = Tensor.of(values, 2, 4, 24, 17);
			final UNet tiled = Tiles.of(40, 13).on(new Twice(parts.unet()), parts.vae().vaeScale());
			return tiled.predict(sample, 1, List.of(words(), words())).stream().map(Tensor::toFloatArray).toList();
		});
		assertEquals(List.of(List.of(10L, 10L)), SEEN.stream().distinct().toList());
		assertEquals(4 * 3, SEEN.size(), "tiles of 10 latents that share 4: 4 in a column of 24, 3 in a row of 17");
		for (int i = 0; i < values.length; i++) {
			assertEquals(2 * values[i], predicted.get(0)[i], 1e-5);
			assertEquals(-values[i], predicted.get(1)[i], 1e-5);
		}
	}

	private static Conditioning words() {
		return Conditioning.of(Tensor.zeros(DType.FLOAT32, 2, 1, 1));
	}

	@Test
	void tilesOutsideOfTheMaskCostNothing() {
		final Mask right = right();
		final ImageInput image = ImageInput.of(picture());
		model.setTiles(Tiles.of(48, 16));
		final InvertRequest invert = InvertRequest.of("green nuclei").withNumInferenceSteps(2).withInpaintStrength(1);
		final EditRequest edit = EditRequest.to("cyan nuclei").withNumInferenceSteps(2).withInpaintStrength(1).withGuidanceScale(1);
		final Inversion all = model.diffEdit().invert(image, invert);
		assertEquals(2 * 6, SEEN.size(), "3 x 2 tiles in 2 steps");
		SEEN.clear();
		final EditResult of = model.diffEdit().edit(edit, right, all);
		assertEquals(2 * 2, SEEN.size(), "2 of the tiles show the mask");
		SEEN.clear();
		model.diffEdit().within(right).invert(image, invert);
		assertEquals(2 * 2, SEEN.size());
		for (int i = 0; i < W * H; i++) {
			if (right.values()[i] == 0) assertEquals(picture().values()[i], of.image().values()[i]);
		}
	}

	@Test
	void insideTheMaskSkippedTilesChangeNothing() {
		final ImageInput image = ImageInput.of(picture());
		model.setTiles(Tiles.of(48, 16));
		final InvertRequest invert = InvertRequest.of("green nuclei").withNumInferenceSteps(2);
		final EditRequest edit = EditRequest.to("cyan nuclei").withNumInferenceSteps(2);
		final Inversion inversion = model.diffEdit().invert(image, invert);
		final float[] limited = model.diffEdit().edit(edit, right(), inversion).latents().values();
		model.setTiles(Tiles.OFF);
		model.setParts(parts -> parts.withUnet(new Observed(new Hidden(Tiles.of(48, 16).on(parts.unet(), parts.vae().vaeScale())))));
		final float[] complete = model.diffEdit().edit(edit, right(), inversion).latents().values();
		model.setParts(parts -> parts.withUnet(new Observed(parts.unet())));
		assertArrayEquals(complete, limited, 1e-6f);
	}

	/** Hides that a UNet is tiled, so that all tiles are computed. */
	private static final class Hidden extends WrappedUNet {

		Hidden(final UNet inner) {
			super(inner);
		}

		@Override
		public List<Tensor> predict(final Tensor sample, final double timestep, final List<Conditioning> conditionings, final DeepFeatures features) {
			return inner().predict(sample, timestep, conditionings, features);
		}
	}

	@Test
	void theEstimateIsOfTiles() {
		final DiffusionModelService models = context.service(DiffusionModelService.class);
		final ExpectedMemory whole = models.expected(model.options());
		final long denoising = denoising(whole), small = denoising(whole.tiled(Tiles.of(128, 32)));
		assertTrue(small < denoising / 20, small + " of " + denoising);
		final TiledUNet.Pass pass = TiledUNet.pass(Tiles.of(128, 32).on(model.networks().unet(), model.networks().vae().vaeScale()), 1024 / FACTOR, 1024 / FACTOR);
		assertEquals(new TiledUNet.Pass(32, 32, 121), pass);
	}

	private static long denoising(final ExpectedMemory expected) {
		return expected.invert(1024, 1024, InvertRequest.DEFAULTS).stages().get("denoising");
	}

	@Test
	void tilesThatAreNoneAreRefused() {
		assertEquals("overlap is 64; tiles of 64 pixels can share from 0 to 63 pixels.", assertThrows(DiffEditException.class, () -> Tiles.of(64, 64)).getMessage());
		assertThrows(DiffEditException.class, () -> Tiles.of(-1, 0));
		model.setTiles(Tiles.of(16, 4));
		final ImageInput image = ImageInput.of(picture());
		assertEquals("tile is 16 pixels; this model needs tiles of at least 32.",
			assertThrows(DiffEditException.class, () -> model.diffEdit().generateMask(image, MASK)).getMessage());
		assertEquals(Tiles.OFF, Tiles.of(0, 64));
	}

	private static Mask right() {
		final float[] values = new float[W * H];
		for (int y = 20; y < 40; y++) {
			for (int x = 84; x < 92; x++) values[y * W + x] = 1;
		}
		return new Mask(W, H, values);
	}

	private static Picture picture() {
		final float[] values = new float[3 * W * H];
		final Random random = new Random(1);
		for (int i = 0; i < values.length; i++) values[i] = random.nextFloat();
		return new Picture(W, H, 3, values);
	}
}
