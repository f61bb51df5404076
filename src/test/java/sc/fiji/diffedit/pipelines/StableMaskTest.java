package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Overlap;

/** Masks that end their comparisons once they are stable. */
@Numeric
class StableMaskTest {

	private static final ModelStore STORE = new ModelStore();
	private static final List<Sample> SAMPLES = Samples.bundled().list();
	private static final MaskRequest ASK = MaskRequest.between(SAMPLES.get(0).sourcePrompt(), SAMPLES.get(0).targetPrompt());
	private static ModelLease lease;

	@BeforeAll
	static void borrow() {
		lease = STORE.borrow("demo");
	}

	@AfterAll
	static void giveBack() {
		lease.close();
		STORE.close();
	}

	// -- the rule --

	private static final MaskRequest TEN = MaskRequest.DEFAULTS.withUntilStable(true);
	private static final Mask LEFT = mask(0, 40), NEARLY_LEFT = mask(0, 41), RIGHT = mask(60, 100);

	/** One row of 100 pixels. */
	private static Mask mask(final int from, final int to) {
		final float[] values = new float[100];
		for (int i = from; i < to; i++) values[i] = 1;
		return new Mask(100, 1, values);
	}

	@Test
	void copiesOfAllStrengthsComeEarlyTheMiddleFirst() {
		assertEquals(List.of(4, 0, 8, 2, 6, 5, 1, 9, 3, 7), StableMask.order(MaskSource.DIFFERENCE_AND_LIKELIHOOD, 10));
		assertEquals(List.of(1, 0, 2), StableMask.order(MaskSource.DIFFERENCES, 3));
		assertEquals(List.of(0, 1, 2, 3), StableMask.order(MaskSource.DIFFERENCE, 4), "one strength");
	}

	@Test
	void twoCopiesInARowHaveToLeaveTheMaskAsItWas() {
		final StableMask stable = new StableMask(TEN, 2);
		for (final Mask found : List.of(LEFT, NEARLY_LEFT, RIGHT, RIGHT)) stable.looked(0, found);
		assertTrue(stable.wantsMore(0), "it had changed before the last one");
		stable.looked(0, RIGHT);
		assertFalse(stable.wantsMore(0));
		assertTrue(stable.wantsMore(1), "the other image is for itself");
		for (int i = 0; i < 3; i++) stable.looked(1, LEFT);
		assertEquals(List.of("The mask was stable after 3 to 5 of 10 comparisons."), stable.notices());
	}

	@Test
	void nothingIsSaidWhereAllCopiesWereNeeded() {
		final StableMask stable = new StableMask(TEN.withNumMapsPerMask(2), 1);
		for (int i = 0; i < 2; i++) stable.looked(0, LEFT);
		assertEquals(List.of(), stable.notices());
	}

	// -- whole masks --

	private static MaskResult found(final MaskRequest request, final List<Integer> steps) {
		STORE.results().clear();
		return lease.diffEdit().generateMask(ImageInput.of(SAMPLES.get(0).picture()), request, step -> steps.add(step.index()));
	}

	@Test
	void aMaskIsThatOfAllCopiesButForAFewPixelsAndTakesFewerOfThem() {
		final List<Integer> steps = new ArrayList<>();
		final MaskResult early = found(ASK.withUntilStable(true), steps);
		assertTrue(steps.size() < 8, steps.size() + " comparisons");
		assertEquals(List.of("The mask was stable after " + steps.size() + " of 10 comparisons."), early.notices());
		assertTrue(Overlap.of(early.mask(), found(ASK, new ArrayList<>()).mask()).iou() > 0.9);
		assertArrayEquals(early.map().values(), found(ASK.withUntilStable(true), steps).map().values(), "the same again");
	}

	@Test
	void fewCopiesAreAllLookedAtAndCountAlike() {
		final MaskRequest two = ASK.withMaskSource(MaskSource.DIFFERENCE).withNumMapsPerMask(2);
		final MaskResult all = found(two, new ArrayList<>()), early = found(two.withUntilStable(true), new ArrayList<>());
		assertArrayEquals(all.map().values(), early.map().values(), 1e-5f * all.map().largest(), "but for rounding of batches");
		assertEquals(List.of(), early.notices());
	}

	@Test
	void diffusersLooksAtAllCopies() {
		assertThrows(DiffEditException.class, () -> ASK.parity().withUntilStable(true));
		assertFalse(ASK.withUntilStable(true).parity().untilStable());
	}
}
