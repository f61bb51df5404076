package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.weights.SafetensorsFile;

/** Edits by degrees (Differential Diffusion), of several regions in one pass, and the check of edits by the model's own loss. */
@Numeric
class MaskUseTest {

	private static final ModelStore STORE = new ModelStore();
	private static final int SIDE = 64, SMALL = SIDE / 4, STEPS = 8;
	private static final Sample SAMPLE = Samples.bundled().list().get(0);
	private static final String OLD = SAMPLE.sourcePrompt(), NEW = SAMPLE.targetPrompt();
	private static final InvertRequest INVERT = InvertRequest.of(OLD).withNumInferenceSteps(STEPS).withInpaintStrength(1);
	private static final EditRequest EDIT = EditRequest.to(NEW).withNumInferenceSteps(STEPS).withInpaintStrength(1);
	private static final Picture PICTURE = corner(SAMPLE.picture());
	private static ModelLease lease;
	private static DiffEdit diffEdit;
	private static Inversion inversion;

	@BeforeAll
	static void invert() {
		lease = STORE.borrow("demo");
		diffEdit = lease.diffEdit();
		inversion = diffEdit.invert(ImageInput.of(PICTURE), INVERT);
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

	/** Columns of latents with these values, each as wide as the others. */
	private static Mask columns(final float... values) {
		final float[] all = new float[SMALL * SMALL];
		for (int i = 0; i < all.length; i++) all[i] = values[i % SMALL * values.length / SMALL];
		return new Mask(SMALL, SMALL, all);
	}

	@ParameterizedTest
	@EnumSource(names = { "DDIM", "EDICT", "O_BELM" })
	void masksOfZerosAndOnesGiveTheSameBits(final InversionMethod method) {
		final Inversion inverted = diffEdit.invert(ImageInput.of(PICTURE), INVERT.withInversionMethod(method).withNumInferenceSteps(4).withInpaintStrength(0.8));
		final EditRequest edit = EDIT.withNumInferenceSteps(4).withInpaintStrength(0.8);
		final EditResult full = diffEdit.edit(edit, columns(0, 1), inverted), soft = diffEdit.edit(edit.withMaskUse(MaskUse.SOFT), columns(0, 1), inverted);
		assertArrayEquals(full.latents().values(), soft.latents().values());
		assertArrayEquals(full.image().values(), soft.image().values());
	}

	/** The rule of diffusers' community pipeline {@code pipeline_stable_diffusion_xl_differential_img2img.py}: before step i it keeps where the part to keep exceeds i / steps. */
	@Test
	void aPartOfTheMaskIsChangedByThatPartOfTheSteps() {
		final float[] values = { 0, 0.25f, 0.5f, 1 };
		final List<Latents> reached = new ArrayList<>();
		diffEdit.edit(EDIT.withMaskUse(MaskUse.SOFT).withOutput(OutputType.LATENT), List.of(columns(values)), inversion, step -> reached.add(Latents.of(step.latents())));
		for (int taken = 1; taken <= STEPS; taken++) {
			final Latents now = reached.get(taken - 1), kept = inversion.trajectories().get(0).get(taken);
			for (int column = 0; column < values.length; column++) {
				final boolean keeps = 1 - values[column] > (double) taken / STEPS || values[column] == 0;
				final int at = column * SMALL / values.length;
				if (keeps) assertEquals(kept.values()[at], now.values()[at], "column " + column + " after step " + taken);
				else assertNotEquals(kept.values()[at], now.values()[at], "column " + column + " after step " + taken);
			}
		}
	}

	/** Against diffusers' networks and schedulers under the rule of the paper: {@code scripts/soft_mask_numbers.py}. */
	@Test
	void theEditIsThatOfDifferentialDiffusion() {
		try (Scope scope = Scope.open(); SafetensorsFile expected = SafetensorsFile.open(Path.of("src/test/resources/inversions/soft.safetensors"))) {
			final Latents path = Latents.of(expected.get("path"));
			final Inversion inverted = diffEdit.invert(ImageInput.of(path.get(path.count() - 1)), InvertRequest.of("green nuclei").withNumInferenceSteps(10).withInpaintStrength(1));
			final EditRequest edit = EditRequest.to("cyan nuclei").withNumInferenceSteps(10).withInpaintStrength(1).withGuidanceScale(3).withOutput(OutputType.LATENT);
			final Mask mask = new Mask(SMALL, SMALL, expected.get("mask").toFloatArray());
			Rounding.assertClose(path.values(), inverted.trajectories().get(0).values(), 1e-3);
			Rounding.assertClose(expected.get("edited").toFloatArray(), diffEdit.edit(edit.withMaskUse(MaskUse.SOFT), mask, inverted).latents().values(), 1e-3);
		}
	}

	@Test
	void pixelsOfAnyDegreeAreTheEditsAndOthersTheImages() {
		final Picture edited = diffEdit.edit(EDIT.withMaskUse(MaskUse.SOFT), columns(0, 0.01f, 0.6f, 1), inversion).image();
		final double[] changed = new double[4];
		for (int i = 0; i < edited.values().length; i++) changed[i % SIDE * 4 / SIDE] += Math.abs(edited.values()[i] - PICTURE.values()[i]);
		assertEquals(0, changed[0]);
		assertTrue(changed[1] > 0);
	}

	@Test
	void theHeatOverItsTopIsADegreeWithinTheMask() {
		final DifferenceMap heat = new DifferenceMap(5, 1, new float[] { -1, 0, 1, 2, 4 });
		final MaskRequest request = MaskRequest.between(OLD, NEW).withMaskRefinement(MaskRefinement.NONE).withThreshold(new Threshold.Fixed(0.5));
		final MaskResult found = MaskResult.of(List.of(heat), List.of(), request);
		final double top = new Threshold.Top(1).cut(heat);
		final float[] expected = { 0, 0, (float) (1 / top), (float) (2 / top), 1 };
		assertArrayEquals(expected, found.softened(0, found.mask()).values(), 1e-6f);
		assertArrayEquals(new float[] { 0, 0, 0, (float) (2 / top), 0 }, found.softened(0, new Mask(5, 1, new float[] { 1, 0, 0, 1, 0 })).values(), 1e-6f);
		assertRefused("The mask is 1 x 1, but the heat map is 5 x 1", () -> found.softened(0, Mask.filled(1, 1, 1)));
		final MaskResult flat = MaskResult.of(List.of(new DifferenceMap(2, 1, new float[2])), List.of(), request);
		assertArrayEquals(new float[] { 1, 0 }, flat.softened(0, new Mask(2, 1, new float[] { 1, 0 })).values());
	}

	@Test
	void parityHasNoSoftMasks() {
		final String refused = assertThrows(DiffEditException.class, () -> EDIT.parity().withMaskUse(MaskUse.SOFT)).getMessage();
		assertTrue(refused.contains("has no soft masks"), refused);
	}

	// -- regions --

	private static EditResult regions(final EditRequest request, final EditRegion... regions) {
		return diffEdit.editRegions(request, List.of(regions), inversion, StepListener.NONE);
	}

	@Test
	void oneRegionIsAnEditToTheSameBits() {
		final EditResult region = regions(EDIT, EditRegion.of(columns(0, 1), NEW)), plain = diffEdit.edit(EDIT, columns(0, 1), inversion);
		assertArrayEquals(plain.image().values(), region.image().values());
		assertArrayEquals(plain.latents().values(), region.latents().values());
	}

	/** After one step each place is what its own prompt makes of it, an overlap the mean of both, and the rest as it was. */
	@Test
	void eachPlaceFollowsThePromptsOfItsRegions() {
		final EditRequest step = EDIT.withInpaintStrength(1.0 / STEPS).withOutput(OutputType.LATENT);
		final Mask all = columns(0, 1, 1, 1);
		final float[] one = diffEdit.edit(step, all, inversion).latents().values(), other = diffEdit.edit(step.withPrompt(List.of(Prompt.of("red rings"))), all, inversion).latents().values();
		final float[] both = regions(step, EditRegion.of(columns(0, 1, 1, 0), NEW), EditRegion.of(columns(0, 0, 1, 1), "red rings")).latents().values();
		final Latents path = inversion.trajectories().get(0);
		for (int i = 0; i < both.length; i++) {
			final float expected = switch (i % SMALL * 4 / SMALL) {
				case 0 -> path.get(path.count() - 1).values()[i];
				case 1 -> one[i];
				case 2 -> (one[i] + other[i]) / 2;
				default -> other[i];
			};
			assertEquals(expected, both[i], 1e-4f);
		}
		assertTrue(Math.abs(one[SMALL / 2] - other[SMALL / 2]) > 1e-3, "the prompts differ");
	}

	@Test
	void regionsWithOnePromptAreOneEdit() {
		final EditResult two = regions(EDIT.withNumInferenceSteps(STEPS), EditRegion.of(columns(0, 1, 0, 0), NEW), EditRegion.of(columns(0, 0, 1, 0), NEW));
		Rounding.assertClose(diffEdit.edit(EDIT, columns(0, 1, 1, 0), inversion).latents().values(), two.latents().values(), 1e-3);
	}

	@Test
	void regionsThatDoNotFitAreRefused() {
		assertRefused("There are no regions", () -> regions(EDIT));
		assertRefused("16 x 16 and 64 x 64; they must be of one size", () -> regions(EDIT, EditRegion.of(columns(1), NEW), EditRegion.of(Mask.filled(SIDE, SIDE, 1), OLD)));
		assertRefused("The target prompt is empty", () -> regions(EDIT, EditRegion.of(columns(1), " "), EditRegion.of(columns(1), OLD)));
	}

	private static void assertRefused(final String part, final Executable work) {
		final String refused = assertThrows(DiffEditException.class, work).getMessage();
		assertTrue(refused.contains(part), refused);
	}

	// -- the check --

	private static double ratio(final String source, final String target, final Mask mask) {
		final Latents path = inversion.trajectories().get(0);
		return diffEdit.check(CheckRequest.between(source, target).withDraws(2), List.of(mask), path.get(path.count() - 1), StepListener.NONE).ratio();
	}

	@Test
	void theRatioComparesTheLossesInsideOfTheMask() {
		final double left = ratio(OLD, NEW, columns(1, 0)), right = ratio(OLD, NEW, columns(0, 1));
		assertEquals(1, ratio(OLD, OLD, columns(1, 0)));
		assertEquals(1 / left, ratio(NEW, OLD, columns(1, 0)), 1e-6);
		assertNotEquals(left, right);
		final float[] pixels = new float[SIDE * SIDE];
		for (int i = 0; i < pixels.length; i++) pixels[i] = i % SIDE < SIDE / 2 ? 1 : 0;
		assertEquals(left, ratio(OLD, NEW, new Mask(SIDE, SIDE, pixels)));
	}

	/** Its steps put noise on a result that is finished. */
	@Test
	void aCheckMakesNoPreview() {
		final List<Picture> shown = new ArrayList<>();
		final Latents path = inversion.trajectories().get(0);
		diffEdit.check(CheckRequest.between(OLD, NEW).withDraws(1), List.of(columns(1)), path.get(path.count() - 1), lease.preview(SMALL, shown::add));
		assertEquals(List.of(), shown);
	}

	/** The picture as it was, and as it should have become. */
	@Test
	void theModelTellsWhatAPictureShows() {
		assertTrue(ofPicture(SAMPLE.picture()) > 1);
		assertTrue(ofPicture(SAMPLE.target().orElseThrow()) < 1);
	}

	private static double ofPicture(final Picture picture) {
		final Latents clean = diffEdit.invert(ImageInput.of(picture), INVERT.withNumInferenceSteps(1)).trajectories().get(0).get(1);
		return diffEdit.check(CheckRequest.between(OLD, NEW).withDraws(3), List.of(SAMPLE.truth()), clean, StepListener.NONE).ratio();
	}

	@Test
	void aPoorRatioIsTold() {
		assertTrue(new EditCheck(List.of(EditCheck.LIMIT + 0.1)).notice().orElseThrow().startsWith("The edit may have failed"));
		assertTrue(new EditCheck(List.of(EditCheck.LIMIT)).notice().isEmpty());
		assertTrue(new EditCheck(List.of(Double.NaN)).notice().isEmpty(), "an empty mask has nothing to fail");
	}

	@Test
	void aMaskOfAnotherSizeIsRefused() {
		final String refused = assertThrows(DiffEditException.class, () -> ratio(OLD, NEW, Mask.filled(7, 5, 1))).getMessage();
		assertTrue(refused.contains("7 x 5, but the edited latents are 16 x 16"), refused);
	}
}
