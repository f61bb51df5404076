package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/** DiffEdit with a trained model in the form of SDXL: the way is that of SD, and masks lie where the picture must change. */
@Numeric
class DiffEditTrainedXLTest {

	private static final ModelStore STORE = new ModelStore();
	private static final Picture NUCLEI = Samples.bundled().list().get(7).picture();
	private static final String SOURCE = "blue nuclei", TARGET = "magenta nuclei";
	private static final List<Prompt> EMPTY = List.of(Prompt.of(""));
	private static final MaskRequest MASK = MaskRequest.between(SOURCE, TARGET).withMaskThresholdingRatio(4.5).withNumMapsPerMask(4);

	@TempDir
	private static Path folder;
	private static ModelLease xl, demo;

	@BeforeAll
	static void borrow() throws IOException {
		xl = STORE.borrow(TrainedXL.in(folder));
		demo = STORE.borrow("demo");
	}

	@AfterAll
	static void giveBack() {
		xl.close();
		demo.close();
		STORE.close();
	}

	@Test
	void theWayIsThatOfSd() {
		final ImageInput image = ImageInput.of(NUCLEI);
		final MaskRequest mask = MASK.withNumMapsPerMask(2);
		final float[] map = withSd(diffEdit -> diffEdit.generateMask(image, mask, StepListener.NONE)).map().values();
		Rounding.assertClose(map, withXl(diffEdit -> diffEdit.generateMask(image, mask, StepListener.NONE)).map().values(), 1e-4);

		final InvertRequest invert = InvertRequest.of(SOURCE).withNumInferenceSteps(6);
		final Inversion inSd = withSd(diffEdit -> diffEdit.invert(image, invert, StepListener.NONE));
		final Inversion inXl = withXl(diffEdit -> diffEdit.invert(image, invert, StepListener.NONE));
		Rounding.assertClose(inSd.trajectories().get(0).values(), inXl.trajectories().get(0).values(), 1e-3);

		final EditRequest edit = EditRequest.to(TARGET).withNegative(EMPTY).withNumInferenceSteps(6).withOutput(OutputType.LATENT);
		final Mask everywhere = Mask.filled(NUCLEI.width(), NUCLEI.height(), 1);
		final float[] expected = withSd(diffEdit -> diffEdit.edit(edit, everywhere, inSd, StepListener.NONE)).latents().values();
		Rounding.assertClose(expected, withXl(diffEdit -> diffEdit.edit(edit, everywhere, inSd, StepListener.NONE)).latents().values(), 1e-3);
	}

	@Test
	void theMaskOfAnImageThatChangesOnTheLeftLiesOnTheLeft() {
		final Mask mask = withXl(diffEdit -> diffEdit.generateMask(ImageInput.of(emptyOnTheRight(NUCLEI)), MASK, StepListener.NONE)).mask();
		assertFalse(mask.isEmpty());
		assertTrue(partOnTheLeft(mask) > 0.98, partOnTheLeft(mask) + " of the mask lies on the left");
		final Mask whole = withXl(diffEdit -> diffEdit.generateMask(ImageInput.of(NUCLEI), MASK, StepListener.NONE)).mask();
		assertTrue(partOnTheLeft(whole) < 0.8, "with nuclei on both sides it lies on both: " + partOnTheLeft(whole));
	}

	@Test
	void anEditEverywhereToWhatIsThereBringsTheImageBack() {
		final ImageInput image = ImageInput.of(NUCLEI);
		final Mask everywhere = Mask.filled(NUCLEI.width(), NUCLEI.height(), 1);
		final int steps = 50;
		final Inversion inversion = withXl(diffEdit -> diffEdit.invert(image, InvertRequest.of(SOURCE).withNumInferenceSteps(steps).withInpaintStrength(0.5), StepListener.NONE));
		final EditRequest same = EditRequest.to(SOURCE).withNumInferenceSteps(steps).withInpaintStrength(0.5).withGuidanceScale(1);
		final Picture back = withXl(diffEdit -> diffEdit.edit(same, everywhere, inversion, StepListener.NONE)).image();
		final Picture away = withXl(diffEdit -> diffEdit.edit(same.withPrompt(List.of(Prompt.of(TARGET))).withGuidanceScale(7.5), everywhere, inversion,
			StepListener.NONE)).image();
		assertTrue(psnr(NUCLEI, back) > 25, "the image comes back with " + psnr(NUCLEI, back) + " dB");
		assertTrue(psnr(NUCLEI, back) > psnr(NUCLEI, away) + 3, "another text leads elsewhere: " + psnr(NUCLEI, away) + " dB");
	}

	@Test
	void anEmptyMaskGivesTheImageBack() {
		final Inversion inversion = withXl(diffEdit -> diffEdit.invert(ImageInput.of(NUCLEI), InvertRequest.of(SOURCE).withNumInferenceSteps(4), StepListener.NONE));
		final Mask nowhere = Mask.filled(NUCLEI.width(), NUCLEI.height(), 0);
		assertArrayEquals(NUCLEI.values(),
			withXl(diffEdit -> diffEdit.edit(EditRequest.to(TARGET).withNumInferenceSteps(4), nowhere, inversion, StepListener.NONE)).image().values());
	}

	@Test
	void anEditStaysWithinTheMaskThatWasFound() {
		final Picture picture = emptyOnTheRight(NUCLEI);
		final ImageInput image = ImageInput.of(picture);
		final Mask mask = withXl(diffEdit -> diffEdit.generateMask(image, MASK, StepListener.NONE)).mask();
		final Inversion inversion = withXl(diffEdit -> diffEdit.invert(image, InvertRequest.of(SOURCE).withNumInferenceSteps(10), StepListener.NONE));
		final Picture edited = withXl(diffEdit -> diffEdit.edit(EditRequest.to(TARGET).withNumInferenceSteps(10), mask, inversion, StepListener.NONE)).image();
		assertEquals(picture.width(), mask.width(), "at the size of the picture");
		int changed = 0;
		for (int y = 0; y < picture.height(); y++) {
			for (int x = 0; x < picture.width(); x++) {
				final boolean same = edited.get(0, x, y) == picture.get(0, x, y) && edited.get(1, x, y) == picture.get(1, x, y);
				if (mask.values()[y * mask.width() + x] == 0) assertTrue(same);
				else if (!same) changed++;
			}
		}
		assertTrue(changed > 0);
		assertEquals(picture.width(), edited.width());
	}

	// -- helpers --

	private static <T> T withXl(final Function<DiffEditPipeline, T> work) {
		return demo.call(words -> xl.call(parts -> work.apply(new DiffEditPipeline(TrainedXL.withTrainedWords(parts, words)))));
	}

	private static <T> T withSd(final Function<DiffEditPipeline, T> work) {
		return demo.call(parts -> work.apply(new DiffEditPipeline(parts)));
	}

	/** The right half painted over with the most usual value of each channel. */
	private static Picture emptyOnTheRight(final Picture picture) {
		final float[] values = picture.values().clone();
		final int plane = picture.width() * picture.height();
		for (int c = 0; c < picture.channels(); c++) {
			final float[] sorted = Arrays.copyOfRange(values, c * plane, (c + 1) * plane);
			Arrays.sort(sorted);
			for (int i = 0; i < plane; i++) {
				if (i % picture.width() >= picture.width() / 2) values[c * plane + i] = sorted[plane / 2];
			}
		}
		return new Picture(picture.width(), picture.height(), picture.channels(), values);
	}

	private static double partOnTheLeft(final Mask mask) {
		int left = 0, all = 0;
		for (int i = 0; i < mask.values().length; i++) {
			if (mask.values()[i] == 0) continue;
			all++;
			if (i % mask.width() <= mask.width() / 2) left++;
		}
		return (double) left / all;
	}

	private static double psnr(final Picture one, final Picture other) {
		double sum = 0;
		for (int i = 0; i < one.values().length; i++) sum += Math.pow(one.values()[i] - other.values()[i], 2);
		return -10 * Math.log10(sum / one.values().length);
	}
}
