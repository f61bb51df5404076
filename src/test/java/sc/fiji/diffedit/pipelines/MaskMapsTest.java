package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;

/** Maps of noisy copies become one heat map for each image; numbers are worked out by hand. */
@ExtendWith(NoNativeLeaks.InScope.class)
class MaskMapsTest {

	private static MaskMaps maps(final MaskSource source, final int copies, final int images, final int width) {
		return new MaskMaps(MaskRequest.DEFAULTS.withMaskSource(source).withNumMapsPerMask(copies), images, width, 1);
	}

	/** Maps of one row. */
	private static Tensor rows(final int width, final float... values) {
		return Tensor.of(values, values.length / width, 1, width);
	}

	private static void assertMaps(final MaskMaps maps, final float[]... expected) {
		final List<DifferenceMap> found = maps.maps();
		assertEquals(expected.length, found.size());
		for (int i = 0; i < expected.length; i++) {
			assertArrayEquals(expected[i], found.get(i).values(), 1e-6f, "image " + i);
			assertEquals(expected[i].length, found.get(i).width());
			assertEquals(1, found.get(i).height());
		}
	}

	private static float[] row(final float... values) {
		return values;
	}

	/** The second call begins within the copies of the second image. */
	@Test
	void oneStrengthGivesTheMeanOfItsCopies() {
		final MaskMaps maps = maps(MaskSource.DIFFERENCE, 2, 2, 2);
		maps.addDifferences(0, rows(2, 1, 3, 3, 5, 0, 2));
		maps.addDifferences(3, rows(2, 4, 8));
		assertMaps(maps, row(2, 4), row(2, 5));
	}

	@Test
	void eachStrengthCountsAlikeHoweverLargeItsDifferencesAre() {
		final MaskMaps maps = maps(MaskSource.DIFFERENCES, 5, 1, 2);
		maps.addDifferences(0, rows(2, 0, 2));
		maps.addDifferences(1, rows(2, 30, 10));
		assertMaps(maps, row(0.75f, 1.25f));
	}

	/** Two of ten copies share a strength; the first image has none yet. */
	@Test
	void copiesOfAStrengthAreSummedBeforeItIsScaled() {
		final MaskMaps maps = maps(MaskSource.DIFFERENCES, 10, 2, 2);
		maps.addDifferences(10, rows(2, 0, 1, 4, 3));
		assertMaps(maps, row(0, 0), row(1, 1));
	}

	@Test
	void theLikelihoodCountsOnlyAgainstTheTarget() {
		final MaskMaps maps = maps(MaskSource.DIFFERENCE_AND_LIKELIHOOD, 5, 1, 2);
		maps.addDifferences(0, rows(2, 0, 2, 30, 10));
		maps.addLikelihoods(3, rows(2, -4, 8));
		assertMaps(maps, row(0.75f, 3.25f));
	}

	@Test
	void attentionIsTheMeanOverCopiesAboveItsLeast() {
		final MaskMaps maps = maps(MaskSource.CROSS_ATTENTION, 3, 2, 3);
		maps.addAttention(0, 2, row(0.1f, 0.3f, 0.2f));
		maps.addAttention(2, 1, row(0.4f, 0.1f, 0.1f));
		maps.addAttention(3, 3, row(1, 2, 4));
		assertMaps(maps, row(1, 2, 0), row(0, 0.75f, 2.25f));
	}

	/** The top of the attention is 0.198, of which 0.52 is more than the first place has. */
	@Test
	void differencesCountWhereAttentionIsHigh() {
		final MaskMaps maps = maps(MaskSource.DIFFERENCES_AND_CROSS_ATTENTION, 5, 1, 3);
		maps.addAttention(0, 5, row(0.3f, 0.4f, 0.2f));
		maps.addDifferences(2, rows(3, 3, 6, 9));
		assertMaps(maps, row(0, 1, 0));
	}

	@ParameterizedTest
	@EnumSource
	void promptsThatAgreeGiveZeros(final MaskSource source) {
		final MaskMaps maps = maps(source, 5, 1, 2);
		maps.addDifferences(0, rows(2, 0, 0, 0, 0));
		assertMaps(maps, row(0, 0));
	}
}
