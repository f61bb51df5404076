package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

class SizesTest {

	private static final VaeScale EIGHT = new VaeScale(8);

	@Test
	void edgesAreMirroredAndCutOffAgain() {
		final Picture picture = new Picture(3, 1, 1, new float[] { 0.1f, 0.2f, 0.3f });
		final Picture mirrored = Sizes.mirrored(picture, EIGHT);
		assertEquals(8, mirrored.width());
		assertEquals(8, mirrored.height());
		for (int y = 0; y < 8; y++) {
			final float[] row = new float[8];
			for (int x = 0; x < 8; x++) row[x] = mirrored.get(0, x, y);
			assertArrayEquals(new float[] { 0.1f, 0.2f, 0.3f, 0.3f, 0.2f, 0.1f, 0.1f, 0.2f }, row);
		}
		assertArrayEquals(picture.values(), Sizes.cropped(mirrored, 3, 1).values());
		final Picture fitting = new Picture(8, 16, 1, new float[8 * 16]);
		assertSame(fitting, Sizes.mirrored(fitting, EIGHT));
	}

	@Test
	void masksBecomeLatentsWhereAnyPixelIsInside() {
		final VaeScale four = new VaeScale(4);
		final Mask latents = new Mask(2, 2, new float[] { 1, 0, 0, 0.5f });
		final Mask pixels = Sizes.toPixels(latents, four, 7, 5);
		assertEquals(1, pixels.values()[3 * 7 + 3]);
		assertEquals(0, pixels.values()[3 * 7 + 4]);
		assertEquals(0.5f, pixels.values()[4 * 7 + 6]);
		assertArrayEquals(latents.values(), Sizes.toLatents(pixels, four).values());
		final float[] one = new float[7 * 5];
		one[2 * 7 + 1] = 1;
		assertArrayEquals(new float[] { 1, 0, 0, 0 }, Sizes.toLatents(new Mask(7, 5, one), four).values());
	}
}
