package sc.fiji.diffedit.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/** The measures on pictures small enough to count by hand. */
class FiguresTest {

	private static final Mask LEFT = new Mask(4, 1, new float[] { 1, 1, 0, 0 });
	private static final Picture BLACK = grey(0, 0, 0, 0);

	@Test
	void aMaskOfLatentsIsEnlarged() {
		assertEquals(1, Figures.of(sample(Sample.Change.COLOUR, BLACK), new Mask(2, 1, new float[] { 1, 0 }), BLACK).iou());
	}

	/** Outside, levels differ by 51 of 255 in one pixel of two: mean square 0.02, 16.99 dB. */
	@Test
	void noiseIsMeasuredOutsideTheTruthOnly() {
		final Picture result = grey(1, 1, 0.2f, 0);
		assertEquals(-10 * Math.log10(0.02), Figures.of(sample(Sample.Change.COLOUR, BLACK), LEFT, result).outsidePsnr(), 1e-4);
		assertEquals(100, Figures.of(sample(Sample.Change.COLOUR, BLACK), LEFT, grey(1, 1, 0, 0)).outsidePsnr(), 1e-9);
	}

	@Test
	void aColourIsReachedWhenTheMeanIsNearerToTheTargetThanToTheInput() {
		final Sample towardsWhite = sample(Sample.Change.COLOUR, grey(1, 1, 0, 0));
		assertTrue(Figures.of(towardsWhite, LEFT, grey(0.2f, 1, 0, 0)).success());
		assertFalse(Figures.of(towardsWhite, LEFT, grey(0.2f, 0.7f, 1, 1)).success());
	}

	/** Files of other formats may have the same name but for the ending. */
	@Test
	void editsOfOnePictureAreKnownByItsPixels() {
		final Sample one = sample(Sample.Change.COLOUR, BLACK);
		final Picture copy = new Picture(BLACK.width(), BLACK.height(), 3, BLACK.values().clone()), other = grey(0, 0, 0, 1);
		assertTrue(one.isOfPictureOf(new Sample("y", copy, LEFT, LEFT, Optional.empty(), "black", "grey", Sample.Change.COLOUR, one.expected())));
		assertFalse(one.isOfPictureOf(new Sample("x", other, LEFT, LEFT, Optional.empty(), "black", "other", Sample.Change.COLOUR, one.expected())));
	}

	@Test
	void aKindIsReachedWhenPixelsAreNearerToTheTargetThanToTheInput() {
		final Sample towardsOneDot = sample(Sample.Change.KIND, grey(1, 0, 0, 0));
		assertTrue(Figures.of(towardsOneDot, LEFT, grey(0.9f, 0.1f, 0, 0)).success());
		assertFalse(Figures.of(towardsOneDot, LEFT, grey(0.1f, 0.9f, 0, 0)).success());
	}

	@Test
	void resultsOfAnotherSizeAreRefused() {
		final Picture other = new Picture(2, 1, 3, new float[6]);
		assertThrows(DiffEditException.class, () -> Figures.of(sample(Sample.Change.KIND, BLACK), LEFT, other));
	}

	/** An edit of the two left pixels of a black picture. */
	private static Sample sample(final Sample.Change change, final Picture target) {
		return new Sample("x", BLACK, LEFT, LEFT, Optional.of(target), "black", "other", change, new Sample.Expected(1, true, 30));
	}

	private static Picture grey(final float... row) {
		final float[] values = Arrays.copyOf(row, 12);
		System.arraycopy(row, 0, values, 4, 4);
		System.arraycopy(row, 0, values, 8, 4);
		return new Picture(4, 1, 3, values);
	}
}
