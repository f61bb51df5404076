package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/** DiffEdit with SDXL, for which nobody has published numbers: what must hold for any weights. */
@Numeric
class DiffEditXLTest {

	private static final int WIDTH = 37;
	private static final int HEIGHT = 30;
	private static final String SOURCE = "a bowl of fruits", TARGET = "a basket of pears";

	private static final ModelStore STORE = new ModelStore();
	private static final Picture PICTURE = random(3);
	private static ModelLease lease;
	private static DiffEdit diffEdit;
	private static Inversion inversion;

	@BeforeAll
	static void borrow() {
		lease = STORE.borrow(GoldenCase.model("sdxl").toString());
		diffEdit = lease.diffEdit();
		inversion = inverted(10);
	}

	@AfterAll
	static void giveBack() {
		lease.close();
		STORE.close();
	}

	@Test
	void theModelIsToldThatTheImageIsWhatItIsAndUncropped() {
		final int factor = lease.scaleFactor();
		final float[] expected = { 5 * factor, 7 * factor, 0, 0, 5 * factor, 7 * factor };
		final List<float[]> addTextEmbeds = lease.call(model -> {
			final PromptConditioner conditioner = PromptConditioner.plain(model, 0, 5, 7);
			return List.of(ids(conditioner.rows(List.of(Prompt.of(SOURCE)), 1)), ids(conditioner.negativeRows(List.of(Prompt.NONE), 1)));
		});
		assertArrayEquals(expected, addTextEmbeds.get(0));
		assertArrayEquals(expected, addTextEmbeds.get(1), "the negative is told the same");
	}

	private static float[] ids(final Conditioning rows) {
		return rows.added().get(Conditioning.TIME_IDS).toFloatArray();
	}

	@Test
	void negativesThatAreLeftOutAreZerosAndEmptyOnesAreEncoded() {
		final List<float[]> addTextEmbeds = lease.call(model -> {
			final PromptConditioner conditioner = PromptConditioner.plain(model, 0, 5, 7);
			final Conditioning missing = conditioner.negativeRows(List.of(Prompt.NONE), 1), empty = conditioner.negativeRows(List.of(Prompt.of("")), 1);
			return List.of(missing.encoderHiddenStates().toFloatArray(), missing.added().get(Conditioning.TEXT_EMBEDS).toFloatArray(), empty.encoderHiddenStates().toFloatArray());
		});
		assertArrayEquals(new float[addTextEmbeds.get(0).length], addTextEmbeds.get(0));
		assertArrayEquals(new float[addTextEmbeds.get(1).length], addTextEmbeds.get(1));
		assertTrue(distance(addTextEmbeds.get(2), new float[addTextEmbeds.get(2).length]) > 0);
	}

	@Test
	void masksByDegreesRegionsAndChecksGoTheSameWay() {
		final EditRequest edit = EditRequest.to(TARGET).withNumInferenceSteps(10).withInpaintStrength(0.5).withOutput(OutputType.LATENT);
		final Mask left = half(true), right = half(false);
		final EditRequest soft = edit.withMaskUse(MaskUse.SOFT);
		final float[] one = diffEdit.edit(edit, left, inversion).latents().values();
		assertArrayEquals(one, diffEdit.edit(soft, left, inversion).latents().values());
		final float[] halved = left.values().clone();
		for (int i = 0; i < halved.length; i++) halved[i] /= 2;
		assertTrue(distance(one, diffEdit.edit(soft, new Mask(left.width(), left.height(), halved), inversion).latents().values()) > 0);
		final List<EditRegion> regions = List.of(EditRegion.of(left, TARGET), EditRegion.of(right, TARGET));
		final float[] whole = diffEdit.edit(edit, Mask.filled(left.width(), left.height(), 1), inversion).latents().values();
		Rounding.assertClose(whole, diffEdit.editRegions(edit, regions, inversion, StepListener.NONE).latents().values(), 1e-2);
		final Latents path = inversion.trajectories().get(0);
		final EditCheck equal = diffEdit.check(CheckRequest.between(SOURCE, SOURCE).withDraws(1), List.of(left), path.get(path.count() - 1), StepListener.NONE);
		assertEquals(1, equal.ratio());
	}

	private static Mask half(final boolean left) {
		final Latents path = inversion.trajectories().get(0);
		final float[] values = new float[path.width() * path.height()];
		for (int i = 0; i < values.length; i++) values[i] = i % path.width() < path.width() / 2 == left ? 1 : 0;
		return new Mask(path.width(), path.height(), values);
	}

	@Test
	void theMapIsZeroIfAndOnlyIfThePromptsAreEqual() {
		final MaskRequest request = MaskRequest.between(SOURCE, TARGET).withNumMapsPerMask(2).withNumInferenceSteps(6);
		final MaskResult equal = diffEdit.generateMask(image(), request.withTarget(List.of(Prompt.of(SOURCE))));
		assertArrayEquals(new float[equal.map().values().length], equal.map().values());
		assertTrue(equal.mask().isEmpty());
		final MaskResult different = diffEdit.generateMask(image(), request);
		assertTrue(different.map().mean() > 0);
		assertFalse(different.withMaskThresholdingRatio(1).mask().isEmpty());
	}

	@Test
	void promptsForTheSecondEncoderCount() {
		final MaskRequest request = MaskRequest.DEFAULTS.withNumMapsPerMask(1).withNumInferenceSteps(4).withSource(List.of(Prompt.of(SOURCE)))
			.withTarget(List.of(new Prompt.Text(SOURCE, TARGET)));
		assertTrue(diffEdit.generateMask(image(), request).map().mean() > 0);
	}

	@Test
	void reversingTheEditKeepsTheMask() {
		final MaskRequest request = MaskRequest.between(SOURCE, TARGET).withMaskSource(MaskSource.DIFFERENCE).withNumMapsPerMask(1).withNumInferenceSteps(4);
		final MaskRequest reversed = MaskRequest.between(TARGET, SOURCE).withMaskSource(MaskSource.DIFFERENCE).withNumMapsPerMask(1).withNumInferenceSteps(4);
		final float[] there = diffEdit.generateMask(image(), request).map().values(), back = diffEdit.generateMask(image(), reversed).map().values();
		Rounding.assertClose(there, back, 1e-4 * diffEdit.generateMask(image(), request).map().mean());
	}

	@Test
	void theSamePromptEverywhereBringsTheImageBackAndMoreStepsBringItCloser() {
		final double few = lost(inversion), many = lost(inverted(40));
		assertTrue(few < 0.5, "lost of the way to noise: " + few);
		assertTrue(many < 0.6 * few, few + " with 10 steps, " + many + " with 40");
	}

	/** How far the latents come out from those of the image, as part of the way that the inversion had taken them. */
	private static double lost(final Inversion from) {
		final EditRequest request = EditRequest.to(SOURCE).withNumInferenceSteps(from.numInferenceSteps()).withInpaintStrength(0.5).withGuidanceScale(1);
		final Latents path = from.trajectories().get(0);
		final Latents back = diffEdit.edit(request, ones(), from).latents();
		final int size = back.values().length;
		final float[] clean = Arrays.copyOfRange(path.values(), (path.count() - 1) * size, path.count() * size);
		final float[] noisy = Arrays.copyOf(path.values(), size);
		assertTrue(distance(noisy, clean) > 0);
		return distance(back.values(), clean) / distance(noisy, clean);
	}

	@Test
	void anEmptyMaskGivesTheImageBack() {
		final EditRequest request = EditRequest.to(TARGET).withNumInferenceSteps(10).withInpaintStrength(0.5);
		assertArrayEquals(PICTURE.values(), diffEdit.edit(request, Mask.filled(WIDTH, HEIGHT, 0), inversion).image().values());
	}

	@Test
	void outsideOfTheMaskNoBitChanges() {
		final EditRequest request = EditRequest.to(TARGET).withNegative(List.of(Prompt.of(SOURCE))).withNumInferenceSteps(10).withInpaintStrength(0.5);
		assertSameOutside(left(), diffEdit.edit(request, left(), inversion).image());
	}

	// -- with a refiner --

	@Test
	void aRefinerTakesTheLastSteps() {
		final List<String> stages = new ArrayList<>();
		final EditRequest request = EditRequest.to(TARGET).withNumInferenceSteps(10).withInpaintStrength(0.5).withDenoisingEnd(0.8);
		try (ModelLease refiner = refiner()) {
			final DiffEdit both = diffEdit.withRefiner(refiner);
			final Picture refined = both.edit(request, List.of(left()), inversion, step -> stages.add(step.stage())).image();
			assertEquals(List.of("Edit", "Edit", "Edit", "Refinement", "Refinement"), stages);
			assertSameOutside(left(), refined);
			final Picture plain = diffEdit.edit(request.withDenoisingEnd(1), left(), inversion).image();
			assertFalse(Arrays.equals(plain.values(), refined.values()));
			assertArrayEquals(plain.values(), both.edit(request.withDenoisingEnd(1), left(), inversion).image().values(), "not asked for");
			assertArrayEquals(PICTURE.values(), both.edit(request, Mask.filled(WIDTH, HEIGHT, 0), inversion).image().values());
		}
	}

	/** A model that hands over to itself goes the way that it would have gone alone. */
	@Test
	void theStepsOfBothAreThoseOfOne() {
		for (final double handover : new double[] { 0.3, 0.6, 0.9 }) {
			final EditRequest request = EditRequest.to(TARGET).withNumInferenceSteps(10).withInpaintStrength(0.5);
			assertArrayEquals(diffEdit.edit(request, left(), inversion).latents().values(),
				diffEdit.withRefiner(lease).edit(request.withDenoisingEnd(handover), left(), inversion).latents().values());
		}
	}

	@Test
	void aRefinerSeesOfAnEmbeddingWhatItsEncoderGave() {
		final EditRequest request = EditRequest.to(TARGET).withNumInferenceSteps(10).withInpaintStrength(0.5).withDenoisingEnd(0.8);
		final Prompt encoded = lease.prompts().encode(List.of(TARGET), 0).get(0);
		try (ModelLease refiner = refiner()) {
			final DiffEdit both = diffEdit.withRefiner(refiner);
			assertArrayEquals(both.edit(request, left(), inversion).latents().values(),
				both.edit(request.withPrompt(List.of(encoded)), left(), inversion).latents().values(), 1e-4f);
		}
	}

	@Test
	void aRefinerThatCannotGoOnIsRefused() {
		final EditRequest request = EditRequest.to(TARGET).withNumInferenceSteps(10).withInpaintStrength(0.5).withDenoisingEnd(0.8);
		assertTold("there is no refiner", () -> diffEdit.edit(request, left(), inversion));
		assertTold("denoisingEnd is 1.5", () -> diffEdit.edit(request.withDenoisingEnd(1.5), left(), inversion));
		try (ModelLease inpainting = STORE.borrow(GoldenCase.model("sd1-inpaint").toString())) {
			assertTold("not for inpainting", () -> diffEdit.withRefiner(inpainting).edit(request, left(), inversion));
		}
	}

	private static void assertTold(final String part, final Executable call) {
		final String message = assertThrows(DiffEditException.class, call).getMessage();
		assertTrue(message.contains(part), message);
	}

	private static ModelLease refiner() {
		return STORE.borrow(LoadOptions.of(GoldenCase.model("sdxl-refiner").toString()).withBase(lease.options()));
	}

	private static Mask left() {
		final float[] values = new float[WIDTH * HEIGHT];
		for (int i = 0; i < values.length; i++) values[i] = i % WIDTH < 15 ? 1 : 0;
		return new Mask(WIDTH, HEIGHT, values);
	}

	private static void assertSameOutside(final Mask mask, final Picture edited) {
		int changed = 0;
		for (int i = 0; i < PICTURE.values().length; i++) {
			final boolean same = Float.floatToIntBits(PICTURE.values()[i]) == Float.floatToIntBits(edited.values()[i]);
			if (mask.values()[i % mask.values().length] == 0) assertTrue(same);
			else if (!same) changed++;
		}
		assertTrue(changed > 0);
	}

	@Test
	void aMaskServesInpaintingToo() {
		final Mask mask = diffEdit.generateMask(image(), MaskRequest.between(SOURCE, TARGET).withNumMapsPerMask(1).withNumInferenceSteps(4)
			.withMaskThresholdingRatio(2)).mask();
		assertFalse(mask.isEmpty());
		final Picture filled = lease.inpaint(image(), List.of(mask), InpaintRequest.of(TARGET).withNumInferenceSteps(2), StepListener.NONE).image();
		assertEquals(WIDTH, filled.width());
		assertEquals(HEIGHT, filled.height());
		assertFalse(Arrays.equals(PICTURE.values(), filled.values()));
	}

	// -- helpers --

	private static Inversion inverted(final int steps) {
		return diffEdit.invert(image(), InvertRequest.of(SOURCE).withNumInferenceSteps(steps).withInpaintStrength(0.5));
	}

	private static ImageInput image() {
		return ImageInput.of(PICTURE);
	}

	private static Mask ones() {
		return Mask.filled(WIDTH, HEIGHT, 1);
	}

	private static double distance(final float[] one, final float[] other) {
		double sum = 0;
		for (int i = 0; i < one.length; i++) sum += (one[i] - other[i]) * (one[i] - other[i]);
		return Math.sqrt(sum);
	}


	private static Picture random(final long seed) {
		final Random random = new Random(seed);
		final float[] values = new float[3 * WIDTH * HEIGHT];
		for (int i = 0; i < values.length; i++) values[i] = random.nextFloat();
		return new Picture(WIDTH, HEIGHT, 3, values);
	}
}
