package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Picture;

/** Masks of an edit of two images of 5 x 3 pixels, of which a latent covers 2 x 2. */
@ExtendWith(NoNativeLeaks.InScope.class)
class EditMasksTest {

	private static final VaeScale SCALE = new VaeScale(2);
	private static final int WIDTH = 5, HEIGHT = 3;
	private static final EditRequest EDIT = EditRequest.DEFAULTS.withNumInferenceSteps(10).withInpaintStrength(0.5);
	/** Of latents: the first image changes at the left, the second one at the right. */
	private static final Mask LEFT = new Mask(3, 2, new float[] { 1, 0, 0, 1, 0, 0 }), RIGHT = new Mask(3, 2, new float[] { 0, 0, 1, 0, 0, 1 });

	private static Inversion inversion(final boolean withPictures) {
		final Latents latents = new Latents(11, 4, 2, 3, new float[11 * 4 * 2 * 3]);
		final List<Picture> pictures = withPictures ? List.of(picture(0.25f, WIDTH, HEIGHT), picture(0.5f, WIDTH, HEIGHT)) : List.of();
		return new Inversion(List.of(latents, latents), true, 10, InversionMethod.DDIM, pictures, List.of());
	}

	private static Picture picture(final float value, final int width, final int height) {
		final float[] values = new float[3 * width * height];
		Arrays.fill(values, value);
		return new Picture(width, height, 3, values);
	}

	private static EditMasks masks(final EditRequest request, final Mask... masks) {
		return new EditMasks(request, List.of(masks), inversion(request.mode() == Mode.DEFAULT), SCALE);
	}

	/** The pixel mask of one pixel. */
	private static Mask pixel(final int x, final int y, final float value) {
		final float[] values = new float[WIDTH * HEIGHT];
		values[y * WIDTH + x] = value;
		return new Mask(WIDTH, HEIGHT, values);
	}

	@Test
	void masksOfPixelsAreBroughtToTheLatents() {
		final EditMasks masks = masks(EDIT, LEFT);
		assertSame(LEFT, masks.atLatents(LEFT));
		assertArrayEquals(new float[] { 0, 0, 0, 0, 0.5f, 0 }, masks.atLatents(pixel(3, 2, 0.5f)).values());
		final String refused = assertThrows(DiffEditException.class, () -> masks.atLatents(Mask.filled(3, 3, 1))).getMessage();
		assertEquals("The mask is 3 x 3, but the image's latents are 3 x 2; give a mask of that size or of the image (5 x 3).", refused);
		assertThrows(DiffEditException.class, () -> masks.atLatents(Mask.filled(2, 2, 1)));
		assertThrows(DiffEditException.class, () -> masks.atLatents(Mask.filled(5, 2, 1)));
	}

	@Test
	void parityKnowsLatentsAlone() {
		final EditMasks masks = masks(EDIT.parity(), new Mask(3, 2, new float[] { 0.5f, 0.25f, 0, 0, 0, 0 }));
		assertArrayEquals(new float[] { 1, 0, 0, 0, 0, 0 }, masks.anywhere().values(), "either inside or outside");
		final String refused = assertThrows(DiffEditException.class, () -> masks.atLatents(pixel(0, 0, 1))).getMessage();
		assertTrue(refused.endsWith("the image's latents are 3 x 2; give a mask of that size."), refused);
		assertFalse(masks.pastesBack());
		final List<Picture> decoded = List.of(picture(1, 6, 4));
		assertSame(decoded, masks.pasted(decoded));
	}

	@Test
	void eachImageHasItsMaskOrAllHaveOne() {
		final EditMasks own = masks(EDIT, LEFT, RIGHT), one = masks(EDIT, LEFT);
		assertArrayEquals(new float[] { 1, 0, 1, 1, 0, 1 }, own.anywhere().values());
		assertArrayEquals(LEFT.values(), one.anywhere().values());
		assertArrayEquals(joined(LEFT, RIGHT), own.after(0).toFloatArray());
		assertArrayEquals(joined(LEFT, LEFT), one.after(0).toFloatArray());
		assertArrayEquals(new long[] { 2, 1, 2, 3 }, own.after(0).shape());
		assertFalse(own.isEmpty());
		assertFalse(masks(EDIT, Mask.filled(3, 2, 0), RIGHT).isEmpty());
		assertTrue(masks(EDIT, Mask.filled(3, 2, 0)).isEmpty());
	}

	private static float[] joined(final Mask... masks) {
		final float[] all = new float[masks.length * 6];
		for (int i = 0; i < masks.length; i++) System.arraycopy(masks[i].values(), 0, all, 6 * i, 6);
		return all;
	}

	/** Without chance all results of an image are the same one; diffusers lays several masks out as a, b, a, b. */
	@Test
	void copiesAreThereWhereTheyDiffer() {
		final EditRequest two = EDIT.withNumImagesPerPrompt(2);
		assertEquals(1, masks(two, LEFT, RIGHT).copies());
		final EditMasks chance = masks(two.withEta(0.5), LEFT, RIGHT);
		assertEquals(2, chance.copies());
		assertArrayEquals(joined(LEFT, LEFT, RIGHT, RIGHT), chance.after(0).toFloatArray());
		final EditMasks tiled = masks(two.parity(), LEFT, RIGHT);
		assertEquals(2, tiled.copies());
		assertArrayEquals(joined(LEFT, RIGHT, LEFT, RIGHT), tiled.after(0).toFloatArray());
		assertEquals(1, masks(two.parity(), LEFT).copies());
	}

	/** Of 5 steps: a value of 0.6 changes once 2 are taken, and one of 0 never. */
	@Test
	void softValuesChangeLater() {
		final EditMasks soft = masks(EDIT.withMaskUse(MaskUse.SOFT), new Mask(3, 2, new float[] { 1, 0.6f, 0.2f, 0.19f, 0, 0.61f }));
		assertArrayEquals(new float[] { 1, 0, 0, 0, 0, 0 }, Arrays.copyOf(soft.after(0).toFloatArray(), 6));
		assertArrayEquals(new float[] { 1, 1, 0, 0, 0, 1 }, Arrays.copyOf(soft.after(2).toFloatArray(), 6));
		assertArrayEquals(new float[] { 1, 1, 1, 0, 0, 1 }, Arrays.copyOf(soft.after(4).toFloatArray(), 6));
		assertArrayEquals(new float[] { 1, 1, 1, 1, 0, 1 }, Arrays.copyOf(soft.after(5).toFloatArray(), 6));
	}

	@Test
	void theInputsPixelsStayOutside() {
		final List<Picture> pasted = masks(EDIT, pixel(3, 2, 0.5f), RIGHT).pasted(List.of(picture(1, 6, 4), picture(0.75f, 6, 4)));
		for (int i = 0; i < pasted.get(0).values().length; i++) {
			final int x = i % WIDTH, y = i / WIDTH % HEIGHT;
			assertEquals(x == 3 && y == 2 ? 0.625f : 0.25f, pasted.get(0).values()[i], "half of each in the mask of one pixel");
			assertEquals(x == 4 ? 0.75f : 0.5f, pasted.get(1).values()[i], "a latent's pixels, cut to the picture");
		}
	}

	@Test
	void softPixelsTakeTheWholeEdit() {
		final EditRequest soft = EDIT.withMaskUse(MaskUse.SOFT);
		final Picture pasted = masks(soft, pixel(3, 2, 0.5f)).pasted(List.of(picture(1, 6, 4), picture(1, 6, 4))).get(0);
		for (int i = 0; i < pasted.values().length; i++) assertEquals(i % (WIDTH * HEIGHT) == 2 * WIDTH + 3 ? 1 : 0.25f, pasted.values()[i]);
	}

	/** Results come image by image. */
	@Test
	void copiesAreLaidOnTheirImage() {
		final List<Picture> decoded = List.of(picture(1, 6, 4), picture(1, 6, 4), picture(1, 6, 4), picture(1, 6, 4));
		final List<Picture> pasted = masks(EDIT.withEta(1).withNumImagesPerPrompt(2), LEFT, RIGHT).pasted(decoded);
		for (int i = 0; i < 4; i++) {
			assertEquals(i < 2 ? 1 : 0.5f, pasted.get(i).get(0, 0, 0));
			assertEquals(i < 2 ? 0.25f : 1, pasted.get(i).get(0, 4, 0));
		}
	}
}
