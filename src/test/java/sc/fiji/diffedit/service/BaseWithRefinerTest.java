package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.pipelines.GenerationResult;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.OutputType;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/** A base model and its refiner, in one image. */
@Numeric
class BaseWithRefinerTest {

	private static final int W = 37, H = 30;
	private static final ModelStore STORE = new ModelStore();
	private static final TextToImageRequest WORDS = TextToImageRequest.of("a red bowl").withWidth(32).withHeight(24).withNumInferenceSteps(5).withDenoisingEnd(0.6);
	private static final ImageToImageRequest IMAGE = ImageToImageRequest.of("a red bowl").withNumInferenceSteps(10).withDenoisingEnd(0.8);
	private static final InpaintRequest MASK = InpaintRequest.of("a red bowl").withNumInferenceSteps(10).withStrength(0.6).withDenoisingEnd(0.8);
	private static ModelLease base, refiner;

	@BeforeAll
	static void borrow() {
		base = STORE.borrow(GoldenCase.model("sdxl").toString());
		refiner = STORE.borrow(LoadOptions.of(GoldenCase.model("sdxl-refiner").toString()).withBase(base.options()));
	}

	@AfterAll
	static void giveBack() {
		refiner.close();
		base.close();
		STORE.close();
	}

	@Test
	void wordsBecomeImagesInTwoHalves() {
		final List<String> stages = new ArrayList<>();
		final GenerationResult made = base.refinedBy(refiner).textToImage(WORDS.withNumImagesPerPrompt(2), step -> stages.add(step.stage()));
		assertEquals(List.of("Text to image", "Text to image", "Text to image", "Image to image", "Image to image"), stages);
		assertEquals(2, made.images().size());
		final Latents half = base.textToImage(WORDS.withNumImagesPerPrompt(2).withOutput(OutputType.LATENT), StepListener.NONE).latents();
		final GenerationResult byHand = refiner.imageToImage(ImageInput.of(half), ImageToImageRequest.of("a red bowl").withNumInferenceSteps(5)
			.withDenoisingStart(0.6), StepListener.NONE);
		assertArrayEquals(byHand.latents().values(), made.latents().values());
	}

	/** Base and refiner of one kind: the ensemble goes the way that one would have gone alone. */
	@Test
	void theHalvesOfOneModelMakeTheWhole() {
		final BaseWithRefiner both = base.refinedBy(base);
		assertClose(base.textToImage(WORDS.withDenoisingEnd(1), StepListener.NONE), both.textToImage(WORDS, StepListener.NONE));
		assertClose(base.imageToImage(image(), IMAGE.withDenoisingEnd(1), StepListener.NONE), both.imageToImage(image(), IMAGE, StepListener.NONE));
		assertClose(base.inpaint(image(), List.of(left()), MASK.withDenoisingEnd(1), StepListener.NONE), both.inpaint(image(), List.of(left()), MASK, StepListener.NONE));
	}

	@Test
	void imagesKeepTheirSizeAndWhatIsOutsideOfTheMask() {
		final BaseWithRefiner both = base.refinedBy(refiner);
		final Picture anew = both.imageToImage(image(), IMAGE, StepListener.NONE).image();
		assertEquals(W, anew.width());
		assertEquals(H, anew.height());
		assertFalse(Arrays.equals(base.imageToImage(image(), IMAGE.withDenoisingEnd(1), StepListener.NONE).image().values(), anew.values()));
		final Picture filled = both.inpaint(image(), List.of(left()), MASK, StepListener.NONE).image();
		for (int i = 0; i < filled.values().length; i++) {
			if (left().values()[i % (W * H)] == 0) assertEquals(picture().values()[i], filled.values()[i]);
		}
		assertFalse(Arrays.equals(base.inpaint(image(), List.of(left()), MASK.withDenoisingEnd(1), StepListener.NONE).image().values(), filled.values()));
	}

	@Test
	void aSecondPassWorksOverTheBasesLatents() {
		final GenerationResult made = base.refinedBy(refiner).secondPass(WORDS, 0.4, StepListener.NONE);
		final Latents first = base.textToImage(WORDS.withDenoisingEnd(1).withOutput(OutputType.LATENT), StepListener.NONE).latents();
		final GenerationResult byHand = refiner.imageToImage(ImageInput.of(first), ImageToImageRequest.of("a red bowl").withNumInferenceSteps(5)
			.withStrength(0.4), StepListener.NONE);
		assertArrayEquals(byHand.latents().values(), made.latents().values());
		assertFalse(Arrays.equals(first.values(), made.latents().values()));
	}

	@Test
	void encodedPromptsServeBoth() {
		final List<Prompt> encoded = base.prompts().encode(List.of("a red bowl"), 0);
		final BaseWithRefiner both = base.refinedBy(refiner);
		Rounding.assertClose(both.textToImage(WORDS, StepListener.NONE).latents().values(),
			both.textToImage(WORDS.withPrompt(encoded), StepListener.NONE).latents().values(), 1e-4);
	}

	@Test
	void whatCannotBeHandedOverIsTold() {
		final BaseWithRefiner both = base.refinedBy(refiner);
		assertRefused("denoisingEnd is 1.0", () -> both.textToImage(WORDS.withDenoisingEnd(1), StepListener.NONE));
		assertRefused("leave no step", () -> both.imageToImage(image(), IMAGE.withStrength(0.1), StepListener.NONE));
		final Optional<Latents> latents = Optional.of(new Latents(1, 4, 3, 3, new float[36]));
		assertRefused("denoisingStart is 0", () -> refiner.imageToImage(image(), IMAGE.withLatents(latents), StepListener.NONE));
		assertRefused("denoisingStart is 0", () -> refiner.inpaint(image(), List.of(left()), MASK.withLatents(latents), StepListener.NONE));
		assertRefused("needed is [1, 4,", () -> refiner.inpaint(image(), List.of(left()), MASK.withDenoisingEnd(1).withDenoisingStart(0.8).withLatents(latents), StepListener.NONE));
	}

	// -- helpers --

	private static void assertRefused(final String part, final Executable call) {
		final String message = assertThrows(DiffEditException.class, call).getMessage();
		assertTrue(message.contains(part), message);
	}

	private static void assertClose(final GenerationResult one, final GenerationResult other) {
		Rounding.assertClose(one.latents().values(), other.latents().values(), 1e-4);
		Rounding.assertClose(one.image().values(), other.image().values(), 1e-4);
	}

	private static ImageInput image() {
		return ImageInput.of(picture());
	}

	private static Picture picture() {
		final float[] values = new float[3 * W * H];
		for (int i = 0; i < values.length; i++) values[i] = i * 7 % 11 / 11f;
		return new Picture(W, H, 3, values);
	}

	private static Mask left() {
		final float[] values = new float[W * H];
		for (int i = 0; i < values.length; i++) values[i] = i % W < 15 ? 1 : 0;
		return new Mask(W, H, values);
	}
}
