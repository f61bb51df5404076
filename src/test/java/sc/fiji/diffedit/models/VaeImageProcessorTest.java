package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Region;
import sc.fiji.diffedit.tensor.Tensor;

/** What happens to pictures before and after the autoencoder, against what diffusers' pipelines fed theirs with. */
@ExtendWith(NoNativeLeaks.InScope.class)
class VaeImageProcessorTest {

	private static final VaeImageProcessor EIGHT = new VaeImageProcessor(8);

	@ParameterizedTest
	@CsvSource({ "D_i2i_odd_size", "A_mask_odd_size" })
	void oddSizesAreResizedDown(final String name) {
		final GoldenCase golden = new GoldenCase(name);
		final Tensor expected = golden.tensor("vae_encode.0.image");
		assertArrayEquals(expected.toFloatArray(), EIGHT.preprocess(List.of(golden.picture("image.png")), ImageFit.OWN_SIZE).toFloatArray());
	}

	@Test
	void imageAndMaskAreBroughtToTheAskedSize() {
		final GoldenCase golden = new GoldenCase("D_inpaint9_resized_inputs");
		check(golden, ImageFit.to(96, 64));
	}

	@Test
	void cropsAreFilledUp() {
		final GoldenCase golden = new GoldenCase("D_inpaint9_crop");
		final Region crop = VaeImageProcessor.cropRegion(golden.mask("mask.png"), 96, 64, 8);
		check(golden, ImageFit.cropped(crop, 96, 64));
	}

	/** The image itself, the image with its masked part grey, and the mask at the size of the latents (channel 4 of the UNet's input). */
	private static void check(final GoldenCase golden, final ImageFit fit) {
		final Tensor image = EIGHT.preprocess(List.of(golden.picture("image.png")), fit);
		assertArrayEquals(golden.tensor("vae_encode.0.image").toFloatArray(), image.toFloatArray());
		final Tensor mask = EIGHT.preprocessMask(golden.mask("mask.png"), fit);
		final float[] latentMask = golden.tensor("unet.0.sample").slice(1, 4, 5).toFloatArray();
		final float[] nearest = new float[12 * 8];
		final float[] values = mask.toFloatArray();
		for (int i = 0; i < nearest.length; i++) nearest[i] = values[i / 12 * 8 * 96 + i % 12 * 8];
		assertArrayEquals(latentMask, nearest);
		final Tensor outside = image.multiply(mask.multiply(-1).plus(1));
		assertArrayEquals(golden.tensor("vae_encode.1.image").toFloatArray(), outside.toFloatArray());
	}

	@Test
	void theComputedPartIsPastedBack() {
		final GoldenCase golden = new GoldenCase("D_inpaint9_crop");
		final Mask mask = golden.mask("mask.png");
		final Picture computed = VaeImageProcessor.postprocess(golden.tensor("vae_decode.0.image")).get(0);
		final Picture result = VaeImageProcessor.applyOverlay(mask, golden.picture("image.png"), computed,
			VaeImageProcessor.cropRegion(mask, 96, 64, 8));
		assertArrayEquals(golden.picture("out_0.png").toRgb(), result.toRgb());
	}

	@Test
	void coveringCutsTheOverhang() {
		final Picture wide = new Picture(16, 8, 3, new float[3 * 16 * 8]);
		for (int i = 0; i < wide.values().length; i++) wide.values()[i] = i % 16 < 8 ? 0 : 1;
		final Tensor covered = EIGHT.preprocess(List.of(wide), new ImageFit(8, 8, ResizeMode.CROP, null));
		assertArrayEquals(new float[] { -1, -1, -1, -1, 1, 1, 1, 1 }, covered.slice(2, 0, 1).slice(1, 0, 1).toFloatArray());
	}

	@Test
	void valuesThatKeepTheirSizeKeepTheirPrecision() {
		final float[] values = new float[3 * 64];
		java.util.Arrays.fill(values, 0.123456f);
		assertEquals(2 * 0.123456f - 1, EIGHT.preprocess(List.of(new Picture(8, 8, 3, values)), ImageFit.OWN_SIZE).toFloatArray()[0]);
	}

	@Test
	void outputIsClamped() {
		final Tensor images = Tensor.of(new float[] { -3, -1, 0, 3 }, 1, 1, 2, 2);
		assertArrayEquals(new float[] { 0, 0, 0.5f, 1 }, VaeImageProcessor.postprocess(images).get(0).values());
	}

	@Test
	void badInputIsTold() {
		assertThrows(DiffEditException.class, () -> EIGHT.preprocess(List.of(), ImageFit.OWN_SIZE));
		assertThrows(DiffEditException.class, () -> EIGHT.preprocess(List.of(new Picture(7, 20, 3, new float[420])), ImageFit.OWN_SIZE));
		assertThrows(DiffEditException.class, () -> VaeImageProcessor.cropRegion(Mask.filled(9, 9, 0), 8, 8, 2));
		assertThrows(DiffEditException.class, () -> ImageFit.to(-8, 8));
	}

	@Test
	void cropRegionsStayInsideTheImage() {
		final Mask mask = Mask.filled(40, 30, 0);
		mask.values()[29 * 40 + 39] = 1;
		final Region region = VaeImageProcessor.cropRegion(mask, 64, 32, 4);
		assertEquals(new Region(30, 25, 40, 30), region);
		assertTrue(region.width() == 2 * region.height());
	}
}
