package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.weights.SafetensorsFile;

/** What inversions lose on the way to noise and back, and what a method cannot do. The formulas are in {@link InversionPathTest}. */
@Numeric
class InversionMethodTest {

	private static final ModelStore STORE = new ModelStore();
	private static final int SIDE = 64;
	private static final InvertRequest INVERT = InvertRequest.of("green nuclei").withNumInferenceSteps(10).withInpaintStrength(0.8);
	private static final EditRequest BACK = EditRequest.to("green nuclei").withNumInferenceSteps(10).withInpaintStrength(0.8).withGuidanceScale(1).withOutput(OutputType.LATENT);
	private static final EditRequest EDIT = EditRequest.to("cyan nuclei").withNumInferenceSteps(10).withInpaintStrength(0.8).withOutput(OutputType.LATENT);
	private static final Picture PICTURE = corner(Samples.bundled().list().get(0).picture());
	private static final Mask ONES = Mask.filled(SIDE / 4, SIDE / 4, 1);
	private static ModelLease lease;
	private static DiffEdit diffEdit;

	@BeforeAll
	static void borrow() {
		lease = STORE.borrow("demo");
		diffEdit = lease.diffEdit();
	}

	@AfterAll
	static void giveBack() {
		lease.close();
		STORE.close();
	}

	private static Picture corner(final Picture whole) {
		final float[] values = new float[3 * SIDE * SIDE];
		for (int c = 0; c < 3; c++) {
			for (int y = 0; y < SIDE; y++) System.arraycopy(whole.values(), (c * whole.height() + y) * whole.width(), values, (c * SIDE + y) * SIDE, SIDE);
		}
		return new Picture(SIDE, SIDE, 3, values);
	}

	private static Inversion inversion(final InversionMethod method) {
		return diffEdit.invert(ImageInput.of(PICTURE), INVERT.withInversionMethod(method));
	}

	/** Root mean square difference from the latents of the image, over their own. */
	private static double lost(final Inversion inversion, final Latents back) {
		final float[] clean = clean(inversion).values(), values = back.values();
		double error = 0, scale = 0;
		for (int i = 0; i < values.length; i++) {
			error += (values[i] - clean[i]) * (double) (values[i] - clean[i]);
			scale += clean[i] * (double) clean[i];
		}
		return Math.sqrt(error / scale);
	}

	private static Latents clean(final Inversion inversion) {
		final Latents path = inversion.trajectories().get(0);
		return path.get(path.count() - 1);
	}

	@ParameterizedTest
	@CsvSource({ "DDIM, 0.2", "FIXED_POINT, 0.04", "RENOISE, 0.1", "EASYINV, 0.25", "DPM_SOLVER, 0.2", "EDICT, 1e-5", "BDIA, 1e-5", "O_BELM, 1e-5", "EDIT_FRIENDLY, 1e-5" })
	void withEqualDescriptionsTheImageComesBack(final InversionMethod method, final double limit) {
		final Inversion inversion = inversion(method);
		final double lost = lost(inversion, diffEdit.edit(BACK, ONES, inversion).latents());
		assertTrue(lost < limit, "lost " + lost);
	}

	/** Against the EDICT pipeline of diffusers' community: {@code scripts/edict_numbers.py}. */
	@Test
	void edictIsThatOfDiffusersCommunity() {
		final InvertRequest up = INVERT.withInversionMethod(InversionMethod.EDICT).withGuidanceScale(3);
		final Inversion inversion = diffEdit.invert(ImageInput.of(PICTURE), up);
		final Latents edited = diffEdit.edit(EDIT.withGuidanceScale(3), ONES, inversion).latents();
		try (Scope scope = Scope.open(); SafetensorsFile expected = SafetensorsFile.open(Path.of("src/test/resources/inversions/edict.safetensors"))) {
			Rounding.assertClose(expected.get("top").toFloatArray(), inversion.trajectories().get(0).get(0).values(), 1e-3);
			Rounding.assertClose(expected.get("edited").toFloatArray(), edited.values(), 1e-3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "EDICT", "BDIA", "O_BELM", "EDIT_FRIENDLY" })
	void aWeakerEditComesBackFromTheSameInversion(final InversionMethod method) {
		final Inversion inversion = inversion(method);
		final double lost = lost(inversion, diffEdit.edit(BACK.withInpaintStrength(0.5), ONES, inversion).latents());
		assertTrue(lost < 1e-5, "lost " + lost);
	}

	@ParameterizedTest
	@EnumSource
	void outsideTheMaskNothingChangesAndInsideItDoes(final InversionMethod method) {
		final float[] half = new float[SIDE / 4 * SIDE / 4];
		Arrays.fill(half, half.length / 2, half.length, 1);
		final Inversion inversion = diffEdit.invert(ImageInput.of(PICTURE), INVERT.withInversionMethod(method).withNumInferenceSteps(4));
		final Latents edited = diffEdit.edit(EDIT.withNumInferenceSteps(4), new Mask(SIDE / 4, SIDE / 4, half), inversion).latents(), clean = clean(inversion);
		assertEquals(4, edited.channels());
		double changed = 0;
		for (int c = 0; c < 4; c++) {
			for (int i = 0; i < half.length; i++) {
				final float difference = edited.values()[c * half.length + i] - clean.values()[c * half.length + i];
				if (half[i] == 0) assertEquals(0, difference);
				changed += Math.abs(difference);
			}
		}
		assertTrue(changed > 1, "changed " + changed);
	}

	@ParameterizedTest
	@EnumSource(names = { "EDICT", "O_BELM" })
	void twoImagesAreInvertedAsEachAlone(final InversionMethod method) {
		final InvertRequest request = INVERT.withInversionMethod(method).withNumInferenceSteps(4).withSeeds(List.of(0L, 0L));
		final Inversion both = diffEdit.invert(ImageInput.of(corner(Samples.bundled().list().get(1).picture()), PICTURE), request);
		assertEquals(2, both.count());
		final Latents back = diffEdit.edit(BACK.withNumInferenceSteps(4), ONES, both).latents();
		assertEquals(2, back.count());
		assertArrayEquals(diffEdit.invert(ImageInput.of(PICTURE), request.withSeed(0)).trajectories().get(0).values(), both.trajectories().get(1).values(), 1e-3f);
	}

	@Test
	void listenersHearOfLatentsThatCanBeShown() {
		final List<Long> channels = new ArrayList<>();
		final StepListener listener = step -> channels.add(step.latents().size(1));
		final Inversion inversion = diffEdit.invert(ImageInput.of(PICTURE), INVERT.withNumInferenceSteps(2).withInpaintStrength(1).withInversionMethod(InversionMethod.EDICT), listener);
		assertEquals(8, inversion.trajectories().get(0).channels());
		diffEdit.edit(BACK.withNumInferenceSteps(2).withInpaintStrength(1), List.of(ONES), inversion, listener);
		assertEquals(List.of(4L, 4L, 4L, 4L), channels);
	}

	@Test
	void anEmptyMaskGivesTheImagesOwnLatents() {
		final Inversion inversion = inversion(InversionMethod.EDICT);
		final Latents same = diffEdit.edit(EDIT, Mask.filled(SIDE / 4, SIDE / 4, 0), inversion).latents();
		assertArrayEquals(Arrays.copyOf(clean(inversion).values(), same.values().length), same.values());
	}

	// -- what cannot be --

	@Test
	void whatDiffusersDoesNotHaveIsNoParity() {
		assertRefused("diffusers inverts with DDIM only, not with EDICT", () -> INVERT.withInversionMethod(InversionMethod.EDICT).parity());
		assertRefused("only the inversion DDIM is regularised", () -> INVERT.withInversionMethod(InversionMethod.RENOISE).withNumRegSteps(1));
		final Inversion inversion = inversion(InversionMethod.O_BELM);
		assertRefused("diffusers does not have", () -> diffEdit.edit(BACK.parity(), ONES, inversion));
	}

	@Test
	void anotherWayBackTakesNoNoiseAndNoRefiner() {
		final Inversion inversion = inversion(InversionMethod.BDIA);
		assertRefused("adds no noise; use eta 0 instead of 0.5", () -> diffEdit.edit(BACK.withEta(0.5), ONES, inversion));
		assertRefused("cannot be handed over to a refiner", () -> diffEdit.edit(BACK.withDenoisingEnd(0.8), ONES, inversion));
	}

	@Test
	void twoStepsAreNeededWhereTwoLevelsAre() {
		final InvertRequest one = INVERT.withInpaintStrength(0.1).withInversionMethod(InversionMethod.O_BELM);
		assertRefused("needs at least 2 steps, but the strength leaves 1", () -> diffEdit.invert(ImageInput.of(PICTURE), one));
		final Inversion inversion = inversion(InversionMethod.O_BELM);
		assertRefused("needs at least 2 steps", () -> diffEdit.edit(BACK.withInpaintStrength(0.1), ONES, inversion));
	}

	@Test
	void theSolverComesBackFromTheLevelsItReaches() {
		final InvertRequest whole = INVERT.withInversionMethod(InversionMethod.DPM_SOLVER).withInpaintStrength(1);
		assertRefused("use a strength below 1.0", () -> diffEdit.invert(ImageInput.of(PICTURE), whole));
	}

	@Test
	void coupledLatentsAreTwiceAsMany() {
		final Inversion plain = inversion(InversionMethod.DDIM);
		final Inversion strange = new Inversion(plain.trajectories(), true, 10, InversionMethod.EDICT, List.of(), List.of());
		assertRefused("has 4 latent channels, but with EDICT model 'demo' uses 8", () -> diffEdit.edit(EDIT, ONES, strange));
	}

	@Test
	void roundsAreAtLeastOne() {
		assertRefused("inversionRounds is 0", () -> INVERT.withInversionRounds(0));
	}

	@Test
	void withoutTheImagesOwnLatentsNoExactMethodComesBack() {
		final Inversion inversion = inversion(InversionMethod.EDICT);
		assertRefused("cannot be walked back", () -> new Inversion(inversion.trajectories(), false, 10, InversionMethod.EDICT, List.of(), List.of()));
	}

	private static void assertRefused(final String words, final Executable action) {
		final String message = assertThrows(DiffEditException.class, action).getMessage();
		assertTrue(message.contains(words), message);
	}
}
