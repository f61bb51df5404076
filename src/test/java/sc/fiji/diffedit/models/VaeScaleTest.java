package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VaeScaleTest {

	private static final VaeScale EIGHT = new VaeScale(8);

	@Test
	void lengthsThatAreNotWholeLatentsAreRounded() {
		assertEquals(2, EIGHT.toLatents(23));
		assertEquals(3, EIGHT.toLatentsCovering(23));
		assertEquals(16, EIGHT.roundedDown(23));
		assertEquals(24, EIGHT.roundedUp(23));
		assertEquals(24, EIGHT.toPixels(3));
		assertEquals(0, EIGHT.toLatents(7));
		assertEquals(1, EIGHT.toLatentsCovering(1));
	}

	@Test
	void wholeLatentsStayAsTheyAre() {
		assertEquals(3, EIGHT.toLatents(24));
		assertEquals(3, EIGHT.toLatentsCovering(24));
		assertEquals(24, EIGHT.roundedDown(24));
		assertEquals(24, EIGHT.roundedUp(24));
		assertTrue(EIGHT.fits(24));
		assertFalse(EIGHT.fits(23));
		assertFalse(EIGHT.fits(0));
	}

	@Test
	void areasAreLargerThanAnInt() {
		assertEquals(64L << 40, EIGHT.area(1L << 40));
		assertThrows(ArithmeticException.class, () -> EIGHT.toPixels(Integer.MAX_VALUE / 2));
	}

	@Test
	void thereIsNoLatentOfNoPixels() {
		assertThrows(IllegalArgumentException.class, () -> new VaeScale(0));
	}
}
