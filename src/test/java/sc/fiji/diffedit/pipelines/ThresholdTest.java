package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Quantiles;

/** Where heat maps are cut, what parity mode takes, and when masks grow for an edit. */
class ThresholdTest {

	/** The numbers 0 to 100. */
	private static final DifferenceMap LADDER = ladder();

	private static DifferenceMap ladder() {
		final float[] values = new float[101];
		for (int i = 0; i < values.length; i++) values[i] = 7 * i % 101;
		return new DifferenceMap(101, 1, values);
	}

	@ParameterizedTest
	@CsvSource({ "Ratio, 0, 1.5, 37.5", "Top, 0.5, 0, 49.5", "top, 1, 0, 99", "Quantile, 0.25, 0, 25", "FIXED, -3, 0, -3" })
	void eachKindHasItsNumber(final String word, final double level, final double ratio, final double cut) {
		final Threshold threshold = Threshold.named(word, level, ratio);
		assertEquals(cut, threshold.cut(LADDER), 1e-6);
		int above = 0;
		for (final float value : LADDER.values()) if (value > cut) above++;
		assertEquals(above / 101.0, threshold.mask(LADDER).area(), 1e-9);
		assertEquals(word.equalsIgnoreCase("Ratio") ? ratio : level, threshold.number());
		assertEquals(61.5, threshold.through(61.5, LADDER).cut(LADDER), 0.6, "moved to another value");
	}

	@Test
	void whatIsNoThresholdIsRefused() {
		assertThrows(DiffEditException.class, () -> new Threshold.Ratio(0));
		assertThrows(DiffEditException.class, () -> new Threshold.Top(Double.NaN));
		assertThrows(DiffEditException.class, () -> new Threshold.Quantile(1.1));
		assertThrows(DiffEditException.class, () -> new Threshold.Fixed(Double.POSITIVE_INFINITY));
		assertTrue(assertThrows(DiffEditException.class, () -> Threshold.named("Topp", 1, 1)).getMessage().startsWith("threshold is \"Topp\"; choose one of Top, Ratio, Quantile, Fixed"));
	}

	@Test
	void quantilesAreThoseOfNumpy() {
		final float[] values = { 3, -1, 0, -0f, 1e30f, 2, -5e-20f, 2 };
		assertEquals(-1, new Quantiles(values).at(0));
		assertEquals(1e30f, new Quantiles(values).at(1));
		assertEquals(1, new Quantiles(values).at(0.5));
		assertEquals(2.25, new Quantiles(values).at(0.75));
		assertEquals(4, new Quantiles(new float[] { 4 }).at(0.99));
	}

	@Test
	void parityIsDiffusersOwnMask() {
		assertEquals(new Threshold.Ratio(3), MaskRequest.DEFAULTS.parity().threshold());
		assertEquals(4.5, MaskRequest.DEFAULTS.withMaskThresholdingRatio(4.5).parity().maskThresholdingRatio());
		assertEquals(MaskRefinement.NONE, MaskRequest.DEFAULTS.parity().maskRefinement());
		assertThrows(DiffEditException.class, () -> MaskRequest.DEFAULTS.parity().withMaskSource(MaskSource.DIFFERENCES));
		assertThrows(DiffEditException.class, () -> MaskRequest.DEFAULTS.parity().withThreshold(Threshold.Top.USUAL));
	}

	/** Copies are spread over strengths; 50 steps make 0.3 the 15th from the image. */
	@ParameterizedTest
	@CsvSource({ "1, 25", "2, 20 30", "3, 15 25 35", "4, 15 20 30 35", "10, 15 15 20 20 25 25 30 30 35 35" })
	void copiesAreSpreadOverStrengths(final int copies, final String steps) {
		final MaskRequest request = MaskRequest.DEFAULTS.withNumMapsPerMask(copies);
		final StringBuilder found = new StringBuilder();
		for (int i = 0; i < copies; i++) found.append(i == 0 ? "" : " ").append(request.encodeSteps(i));
		assertEquals(steps, found.toString());
		assertEquals(25, request.withMaskSource(MaskSource.DIFFERENCE).encodeSteps(0));
		assertEquals(1, request.withMaskEncodeStrength(0.01).encodeSteps(0), "never less than a step");
		assertEquals(50, request.withMaskEncodeStrength(1).encodeSteps(copies - 1));
	}

	/** In floating point 49 times 1 / 49 is less than 1. */
	@ParameterizedTest
	@ValueSource(ints = { 10, 49, 103 })
	void theLeastStrengthIsAStepOfAnySchedule(final int steps) {
		assertEquals(1, MaskRequest.DEFAULTS.withNumInferenceSteps(steps).withMaskEncodeStrength(0.1).encodeSteps(0));
	}

	/** Also for 49 steps, of which 1 / 49 leaves none. */
	@ParameterizedTest
	@ValueSource(ints = { 2, 49, 50, 98, 103 })
	void theStrengthThatARefusalNamesLeavesAStep(final int steps) {
		final MaskRequest request = MaskRequest.between("a", "b").withNumInferenceSteps(steps);
		final String refusal = assertThrows(DiffEditException.class, () -> request.withMaskEncodeStrength(1e-3).checkFor(1)).getMessage();
		final double least = Double.parseDouble(refusal.replaceAll(".*at least (\\S+),.*", "$1"));
		request.withMaskEncodeStrength(least).checkFor(1);
		assertEquals(1.0 / steps, least, 1e-15);
	}

	// -- changes of shape --

	/** A square of heat of four pixels to a value, within a mask of its inner part or of all. */
	private static MaskResult found(final float around) {
		final float[] heat = new float[16 * 16];
		for (int y = 3; y < 13; y++) for (int x = 3; x < 13; x++) heat[y * 16 + x] = x > 5 && x < 10 && y > 5 && y < 10 ? 1 : around;
		final Picture picture = new Picture(64, 64, 3, new float[3 * 64 * 64]);
		return MaskResult.of(List.of(new DifferenceMap(16, 16, heat)), List.of(new Guide(picture, 4)), MaskRequest.DEFAULTS);
	}

	private static Mask square(final int from, final int to) {
		final float[] values = new float[64 * 64];
		for (int y = from; y < to; y++) for (int x = from; x < to; x++) values[y * 64 + x] = 1;
		return new Mask(64, 64, values);
	}

	@Test
	void aMaskAmidHeatGrowsForTheEdit() {
		final Mask mask = square(24, 40), grown = found(0.5f).editMask(0, mask);
		assertEquals(1, grown.values()[32 * 64 + 18], "by six pixels");
		assertEquals(0, grown.values()[32 * 64 + 17]);
		assertSame(mask, found(0).editMask(0, mask), "without heat around it stays");
		final Mask all = square(0, 64);
		assertSame(all, found(0.5f).editMask(0, all), "there is nothing around");
		final MaskResult coarse = MaskResult.of(List.of(found(0.5f).map()), List.of(), MaskRequest.DEFAULTS);
		assertArrayEquals(coarse.mask().values(), coarse.editMasks().get(0).values(), "squares of latents are coarse enough");
		assertEquals(1, coarse.notices().size(), "there is no picture to follow, and that is told");
		assertEquals(16, coarse.mask().width());
	}
}
