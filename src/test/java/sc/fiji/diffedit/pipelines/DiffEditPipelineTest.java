package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/** What the default mode promises, and what bad requests are told. The numbers of parity mode are in the golden tests. */
@Numeric
class DiffEditPipelineTest {

	private static final ModelStore STORE = new ModelStore();
	private static final int WIDTH = 37;
	private static final int HEIGHT = 30;
	private static ModelLease lease;
	private static DiffEdit diffEdit;
	private static Inversion inversion;

	private static final Picture PICTURE = random(WIDTH, HEIGHT, 1);
	private static final MaskRequest MASK = MaskRequest.between("green nuclei", "cyan nuclei").withNumMapsPerMask(2).withNumInferenceSteps(8);
	/** Compared at one strength and not refined, as in diffusers. */
	private static final MaskRequest PLAIN_MASK = MASK.withMaskSource(MaskSource.DIFFERENCE).withMaskRefinement(MaskRefinement.NONE).withMaskThresholdingRatio(3);
	private static final InvertRequest INVERT = InvertRequest.of("green nuclei").withNumInferenceSteps(5);
	private static final EditRequest EDIT = EditRequest.to("cyan nuclei").withNumInferenceSteps(5);

	@BeforeAll
	static void borrow() {
		lease = STORE.borrow("demo");
		diffEdit = lease.diffEdit();
		inversion = diffEdit.invert(ImageInput.of(PICTURE), INVERT);
	}

	@AfterAll
	static void giveBack() {
		lease.close();
		STORE.close();
	}

	private static Picture random(final int width, final int height, final long seed) {
		final Random random = new Random(seed);
		final float[] values = new float[3 * width * height];
		for (int i = 0; i < values.length; i++) values[i] = random.nextFloat();
		return new Picture(width, height, 3, values);
	}

	// -- mask --

	@Test
	void anotherThresholdNeedsNoModel() {
		final MaskResult plain = diffEdit.generateMask(ImageInput.of(PICTURE), PLAIN_MASK);
		assertEquals(10, plain.mask().width());
		assertEquals(8, plain.mask().height());
		final MaskResult found = diffEdit.generateMask(ImageInput.of(PICTURE), MASK);
		assertEquals(WIDTH, found.mask().width());
		assertEquals(HEIGHT, found.mask().height());
		final MaskResult again = diffEdit.generateMask(ImageInput.of(PICTURE), MASK.withMaskThresholdingRatio(2.1));
		assertArrayEquals(again.mask().values(), found.withMaskThresholdingRatio(2.1).mask().values());
		assertArrayEquals(again.map().values(), found.map().values());
	}

	@Test
	void guidanceScalesTheMapAndLeavesTheMask() {
		final MaskResult strong = diffEdit.generateMask(ImageInput.of(PICTURE), PLAIN_MASK);
		final MaskResult none = diffEdit.generateMask(ImageInput.of(PICTURE), PLAIN_MASK.withGuidanceScale(1));
		assertArrayEquals(strong.mask().values(), none.mask().values());
		for (int i = 0; i < none.map().values().length; i++) {
			assertEquals(7.5 * none.map().values()[i], strong.map().values()[i], 1e-4);
		}
	}

	@Test
	void differentNegativesChangeTheMap() {
		final MaskResult plain = diffEdit.generateMask(ImageInput.of(PICTURE), PLAIN_MASK);
		final MaskResult other = diffEdit.generateMask(ImageInput.of(PICTURE), PLAIN_MASK.withTargetNegative(List.of(Prompt.of("red rods"))));
		assertNotEquals(plain.map().mean(), other.map().mean(), 1e-3f);
	}

	@Test
	void equalPromptsGiveAnEmptyMaskAndSaySo() {
		final MaskResult found = diffEdit.generateMask(ImageInput.of(PICTURE), MASK.withTarget(MASK.source()));
		assertTrue(found.mask().isEmpty());
		assertEquals(1, found.notices().size());
		final MaskResult parity = diffEdit.generateMask(ImageInput.of(PICTURE), MASK.withTarget(MASK.source()).parity());
		assertEquals(1, parity.mask().area());
	}

	@Test
	void anImageOfABatchHasTheMaskItHasAlone() {
		final Picture other = random(WIDTH, HEIGHT, 2);
		final MaskResult both = diffEdit.generateMask(ImageInput.of(PICTURE, other), MASK.withSeeds(List.of(5L, 6L)));
		final MaskResult alone = diffEdit.generateMask(ImageInput.of(other), MASK.withSeeds(List.of(6L)));
		Rounding.assertClose(alone.map().values(), both.maps().get(1).values(), 1e-4);
		assertArrayEquals(alone.mask().values(), both.masks().get(1).values());
	}

	// -- inversion --

	@Test
	void aShorterInversionIsTheEndOfALongerOne() {
		final Inversion full = diffEdit.invert(ImageInput.of(PICTURE), INVERT.withInpaintStrength(1));
		assertEquals(5, full.steps());
		assertEquals(4, inversion.steps());
		final float[] of = full.trajectories().get(0).values();
		final float[] shorter = inversion.trajectories().get(0).values();
		assertArrayEquals(shorter, java.util.Arrays.copyOfRange(of, of.length - shorter.length, of.length));
		assertArrayEquals(diffEdit.edit(EDIT, half(), inversion).image().values(), diffEdit.edit(EDIT, half(), full).image().values());
	}

	/** There is nothing to be guided by, so nothing is computed for it. */
	@Test
	void guidanceBetweenEqualPromptsIsNone() {
		final Inversion guided = diffEdit.invert(ImageInput.of(PICTURE), INVERT.withGuidanceScale(5).withNegative(INVERT.prompt()));
		assertArrayEquals(inversion.trajectories().get(0).values(), guided.trajectories().get(0).values());
	}

	@Test
	void everyStepIsHeardAndMayBeDecoded() {
		final List<Integer> steps = new ArrayList<>();
		final Inversion decoded = diffEdit.invert(ImageInput.of(PICTURE), INVERT.withDecodeLatents(true), StepListener.every(2, s -> steps.add(s.index())));
		assertEquals(List.of(0, 2), steps);
		assertEquals(5, decoded.decoded().size());
	}

	// -- edit --

	private static Mask half() {
		final float[] values = new float[WIDTH * HEIGHT];
		for (int i = 0; i < values.length; i++) values[i] = i % WIDTH < WIDTH / 2 ? 1 : 0;
		return new Mask(WIDTH, HEIGHT, values);
	}

	@Test
	void outsideTheMaskEveryPixelStays() {
		final Picture edited = diffEdit.edit(EDIT, half(), inversion).image();
		assertEquals(WIDTH, edited.width());
		assertEquals(HEIGHT, edited.height());
		boolean changed = false;
		for (int i = 0; i < edited.values().length; i++) {
			if (half().values()[i % (WIDTH * HEIGHT)] == 0) assertEquals(PICTURE.values()[i], edited.values()[i]);
			else changed |= PICTURE.values()[i] != edited.values()[i];
		}
		assertTrue(changed);
	}

	@Test
	void anEmptyMaskReturnsTheInput() {
		final EditResult result = diffEdit.edit(EDIT, Mask.filled(10, 8, 0), inversion);
		assertArrayEquals(PICTURE.values(), result.image().values());
	}

	@Test
	void aDrawnMaskMayBeSoft() {
		final Picture hard = diffEdit.edit(EDIT, Mask.filled(WIDTH, HEIGHT, 1), inversion).image();
		final Picture soft = diffEdit.edit(EDIT, Mask.filled(WIDTH, HEIGHT, 0.5f), inversion).image();
		assertFalse(java.util.Arrays.equals(hard.values(), soft.values()));
	}

	@Test
	void copiesDifferOnlyWithNoise() {
		final EditResult still = diffEdit.edit(EDIT.withNumImagesPerPrompt(2), half(), inversion);
		assertArrayEquals(still.images().get(0).values(), still.images().get(1).values());
		final EditResult noisy = diffEdit.edit(EDIT.withNumImagesPerPrompt(2).withEta(1), half(), inversion);
		assertFalse(java.util.Arrays.equals(noisy.images().get(0).values(), noisy.images().get(1).values()));
		assertEquals(2, noisy.latents().count());
	}

	@Test
	void theSameSeedGivesTheSameBits() {
		final EditRequest noisy = EDIT.withEta(0.5).withSeed(11);
		assertArrayEquals(diffEdit.edit(noisy, half(), inversion).image().values(), diffEdit.edit(noisy, half(), inversion).image().values());
		assertFalse(java.util.Arrays.equals(diffEdit.edit(noisy, half(), inversion).image().values(),
			diffEdit.edit(noisy.withSeed(12), half(), inversion).image().values()));
	}

	@Test
	void latentsCanBeGivenAndReturned() {
		final Latents encoded = inversion.trajectories().get(0);
		final int size = encoded.values().length / encoded.count();
		final Latents clean = new Latents(1, encoded.channels(), encoded.height(), encoded.width(),
			java.util.Arrays.copyOfRange(encoded.values(), encoded.values().length - size, encoded.values().length));
		final Inversion same = diffEdit.invert(ImageInput.of(clean), INVERT);
		assertArrayEquals(encoded.values(), same.trajectories().get(0).values());
		final EditResult latent = diffEdit.edit(EDIT.withOutput(OutputType.LATENT), Mask.filled(10, 8, 1), same);
		assertTrue(latent.images().isEmpty());
		assertEquals(10, latent.latents().width());
	}

	// -- bad requests --

	@Test
	void oneImageMayHaveSeveralPrompts() {
		final ImageInput image = ImageInput.of(PICTURE);
		final List<Prompt> prompts = Prompt.all(List.of("red rods", "cells"));
		assertEquals(2, diffEdit.generateMask(image, MASK.withTarget(prompts)).masks().size());
		final Inversion both = diffEdit.invert(image, INVERT.withPrompt(prompts));
		assertEquals(2, both.count());
		assertEquals(List.of(PICTURE, PICTURE), both.originals());
		assertEquals(2, diffEdit.edit(EDIT.withPrompt(prompts), half(), both).images().size());
	}

	@Test
	void badRequestsAreToldInASentence() {
		final ImageInput image = ImageInput.of(PICTURE);
		assertRefused("target prompt is empty", () -> diffEdit.generateMask(image, MaskRequest.between("nuclei", " ")));
		assertRefused("numMapsPerMask is 0", () -> diffEdit.generateMask(image, MASK.withNumMapsPerMask(0)));
		assertRefused("maskThresholdingRatio is 0.0", () -> diffEdit.generateMask(image, MASK.withMaskThresholdingRatio(0)));
		assertRefused("leaves no step", () -> diffEdit.generateMask(image, MASK.withMaskEncodeStrength(0.1)));
		assertRefused("maskEncodeStrength is 1.5", () -> diffEdit.generateMask(image, MASK.withMaskEncodeStrength(1.5)));
		assertRefused("guidanceScale is NaN", () -> diffEdit.generateMask(image, MASK.withGuidanceScale(Double.NaN)));
		final MaskRequest three = MASK.withTarget(Prompt.all(List.of("a", "b", "c")));
		assertRefused("3 values of the target prompt for a batch of 2", () -> diffEdit.generateMask(ImageInput.of(PICTURE, PICTURE), three));
		assertRefused("2 values of the source prompt for a batch of 3", () -> diffEdit.generateMask(image, three.withSource(Prompt.all(List.of("a", "b")))));
		assertRefused("leaves no step", () -> diffEdit.invert(image, INVERT.withInpaintStrength(0)));
		assertRefused("numInferenceSteps is 0", () -> diffEdit.invert(image, INVERT.withNumInferenceSteps(0)));
		assertRefused("1000", () -> diffEdit.invert(image, INVERT.withNumInferenceSteps(1000)));
		assertRefused("clipSkip is -1", () -> diffEdit.invert(image, INVERT.withClipSkip(-1)));
		assertRefused("same numInferenceSteps", () -> diffEdit.edit(EDIT.withNumInferenceSteps(6), half(), inversion));
		assertRefused("no larger than the inversion's", () -> diffEdit.edit(EDIT.withInpaintStrength(1), half(), inversion));
		assertRefused("eta is 2.0", () -> diffEdit.edit(EDIT.withEta(2), half(), inversion));
		assertRefused("or of the image (37 x 30)", () -> diffEdit.edit(EDIT, Mask.filled(9, 9, 1), inversion));
		assertRefused("The target prompt is empty", () -> diffEdit.edit(EDIT.withPrompt(List.of(Prompt.NONE)), half(), inversion));
		assertRefused("no image", () -> ImageInput.of(List.of()));
		assertRefused("differ in size", () -> ImageInput.of(PICTURE, random(8, 8, 1)));
		assertRefused("0 x 3 pixels", () -> new Picture(0, 3, 3, new float[0]));
		assertRefused("NaN", () -> new Picture(1, 1, 3, new float[] { 0, Float.NaN, 0 }));
		assertRefused("mask values lie between", () -> new Mask(1, 1, new float[] { 2 }));
		final Latents strange = new Latents(4, 7, 8, 10, new float[4 * 7 * 80]);
		assertRefused("7 latent channels", () -> diffEdit.edit(EDIT, half(), Inversion.of(List.of(strange), 5)));
		assertRefused("latents have 7 channels", () -> diffEdit.invert(ImageInput.of(strange), INVERT));
		assertRefused("seeds", () -> diffEdit.generateMask(image, MASK.withSeeds(List.of(1L, 2L, 3L))));
		assertEquals(4, diffEdit.invert(image, INVERT).steps());
	}

	@Test
	void aRequestWithAnEmptyListCannotBeMade() {
		assertRefused("The list source is empty", () -> MASK.withSource(List.of()));
		assertRefused("The list targetNegative is empty", () -> MASK.withTargetNegative(List.of()));
		assertRefused("The list prompt is empty", () -> INVERT.withPrompt(List.of()));
		assertRefused("The list negative is empty", () -> EDIT.withNegative(List.of()));
		assertRefused("The list seeds is empty", () -> EDIT.withSeeds(List.of()));
		assertRefused("The list prompt is empty", () -> TextToImageRequest.DEFAULTS.withPrompt(List.of()));
		assertRefused("The list negative is empty", () -> ImageToImageRequest.DEFAULTS.withNegative(List.of()));
		assertRefused("The list seeds is empty", () -> InpaintRequest.DEFAULTS.withSeeds(List.of()));
	}

	private static void assertRefused(final String part, final Executable call) {
		final DiffEditException failure = assertThrows(DiffEditException.class, call);
		assertTrue(failure.getMessage().contains(part), failure.getMessage());
	}
}
