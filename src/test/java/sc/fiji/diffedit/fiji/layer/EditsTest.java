package sc.fiji.diffedit.fiji.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.SeveralValues;

/** Several seeds and amounts of change as one writes them. */
class EditsTest {

	@Test
	void seedsAreOneOrARangeOrAList() {
		assertEquals(List.of(7L), SeveralValues.seeds(" 7 "));
		assertEquals(List.of(-3L), SeveralValues.seeds("-3"));
		assertEquals(List.of(1L, 2L, 3L, 4L), SeveralValues.seeds("1 to 4"));
		assertEquals(List.of(1L, 2L, 3L), SeveralValues.seeds("1-3"));
		assertEquals(List.of(9L, 1L, 2L), SeveralValues.seeds("9, 1 to 2"));
		assertEquals(List.of(2L, 1L, 3L), SeveralValues.seeds("2, 1 to 3"), "each once");
	}

	@Test
	void whatIsNoSeedIsSaid() {
		assertRefused("\"one\" is not a seed", "one");
		assertRefused("There is no seed", " , ");
		assertRefused("go down", "4 to 1");
		assertRefused("more than 16", "1 to 17");
	}

	private static void assertRefused(final String part, final String seeds) {
		final String message = assertThrows(DiffEditException.class, () -> SeveralValues.seeds(seeds)).getMessage();
		assertTrue(message.contains(part), message);
	}

	@Test
	void amountsOfChangeLieAboveZeroAndUpToOne() {
		assertEquals(List.of(0.5, 1.0), SeveralValues.strengths("0.5; 1"));
		assertEquals(List.of(0.5, 1.0), SeveralValues.strengths("0.5, 1, 0.50"), "each once");
		for (final String wrong : List.of("0", "1.1", "much", "-0.5", "")) assertThrows(DiffEditException.class, () -> SeveralValues.strengths(wrong), wrong);
	}

	@Test
	void eachSeedIsMadeWithEachAmount() {
		final List<Map<String, Object>> settings = Edits.settings(Map.of("target", "cells"), "1 to 2", "0.5, 0.8");
		assertEquals(List.of(Map.of("target", "cells", "seed", 1L, "strength", 0.5), Map.of("target", "cells", "seed", 2L, "strength", 0.5),
			Map.of("target", "cells", "seed", 1L, "strength", 0.8), Map.of("target", "cells", "seed", 2L, "strength", 0.8)), settings);
		assertThrows(DiffEditException.class, () -> Edits.settings(Map.of(), "1 to 10", "0.5, 0.8"), "20 of them");
	}
}
