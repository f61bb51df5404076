package sc.fiji.diffedit.fiji.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

/** How well a number tells edits that fail from others. */
class CheckScoreTest {

	@Test
	void theAreaIsTheShareOfPairsInTheRightOrder() {
		final CheckScore score = CheckScore.of(List.of(0.9, 0.8, 0.5), List.of(0.4, 0.5, 0.86));
		assertEquals(6.5 / 9, score.area(), 1e-12);
		assertEquals(1, score.warned());
		assertEquals(1, score.falseAlarms());
		assertEquals("success: AUC 0.722 +- 0.225; above 0.85 1 of 3 that failed and 1 of 3 others", score.text("success"));
	}

	@Test
	void whereNoneFailedNothingIsKnown() {
		assertFalse(CheckScore.of(List.of(), List.of(0.5)).isKnown());
		assertTrue(CheckScore.of(List.of(0.9), List.of(0.5)).isKnown());
	}
}
