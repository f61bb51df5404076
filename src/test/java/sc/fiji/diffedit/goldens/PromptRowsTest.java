package sc.fiji.diffedit.goldens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;

/** Rows of prompts that a golden file left out are put back, whatever it took for equal. */
@ExtendWith(NoNativeLeaks.InScope.class)
class PromptRowsTest {

	private static final List<Prompt> NONE = PromptRows.each(List.of(Prompt.NONE), 2);

	/** Two images with one prompt, the negative left out, two copies each: none none none none, a a a a. */
	private static final PromptRows SAME = new PromptRows(2, List.of(NONE, Prompt.all(List.of("a", "a"))));

	private static void restored(final PromptRows rows, final float[] stored, final float... wanted) {
		assertArrayEquals(wanted, rows.restored(Tensor.of(stored, stored.length, 1)).toFloatArray());
	}

	@Test
	void neighboursOfTheSameTextStandOnce() {
		restored(SAME, new float[] { 1, 2 }, 1, 1, 1, 1, 2, 2, 2, 2);
	}

	@Test
	void aTextThatRoundedOtherwiseTheSecondTimeStandsTwice() {
		restored(SAME, new float[] { 1, 1.1f, 2, 2.1f }, 1, 1, 1.1f, 1.1f, 2, 2, 2.1f, 2.1f);
	}

	@Test
	void allRowsMayBeThere() {
		restored(SAME, new float[] { 1, 1, 1, 1, 2, 2, 2, 2 }, 1, 1, 1, 1, 2, 2, 2, 2);
	}

	@Test
	void partsOfTheBatchMayHaveOneOrSeveralTexts() {
		restored(new PromptRows(1, List.of(Prompt.all(List.of("a", "b")), NONE, Prompt.all(List.of("c", "c")))), new float[] { 1, 2, 3, 4 }, 1, 2, 3, 3, 4, 4);
	}

	@Test
	void theEmptyTextAndNoTextAreEqualNeighbours() {
		final PromptRows rows = new PromptRows(1, List.of(NONE, Prompt.all(List.of("", "a"))));
		restored(rows, new float[] { 1, 2 }, 1, 1, 1, 2);
		restored(rows, new float[] { 1, 3, 2 }, 1, 1, 3, 2);
	}

	@Test
	void rowsThatCannotBeToldStayAsTheyAre() {
		restored(SAME, new float[] { 1, 2, 3 }, 1, 2, 3);
	}
}
