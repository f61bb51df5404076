package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Picture;

/** Models of a few steps: their recipes, and what DiffEdit does with them. Their numbers are in the golden cases N. */
@Numeric
class FastRecipeTest {

	private static final ModelStore STORE = new ModelStore();
	private static final ImageInput GREY = ImageInput.of(new Picture(32, 32, 3, new float[3 * 32 * 32]));
	private static ModelLease plain;
	private static ModelLease distilled;

	@BeforeAll
	static void borrow() {
		final LoadOptions sd1 = LoadOptions.of(GoldenCase.model("sd1").toString()).withDevice("cpu");
		plain = STORE.borrow(sd1);
		distilled = STORE.borrow(sd1.withFiles(sd1.files().withPart("unet", GoldenCase.model("sd1-lcm").resolve("unet"))));
	}

	@AfterAll
	static void giveBack() {
		plain.close();
		distilled.close();
		STORE.close();
	}

	/** Numbers of the model cards; those in names of files win. */
	@ParameterizedTest
	@CsvSource({ "lcm, pytorch_lora_weights.safetensors, LCMScheduler, 4, 0", "LCM, '', LCMScheduler, 4, 0", "tcd, tcd-lora, TCDScheduler, 4, 0.3",
		"hyper-sd, Hyper-SD15-8steps-lora.safetensors, DDIMScheduler, 8, 0", "Hyper SD, Hyper-SDXL-2steps-lora.safetensors, DDIMScheduler, 2, 0",
		"hypersd, Hyper-SDXL-1step-lora.safetensors, TCDScheduler, 1, 1", "lightning, sdxl_lightning_8step_lora.safetensors, EulerDiscreteScheduler, 8, 0",
		"lightning, sdxl_lightning.safetensors, EulerDiscreteScheduler, 4, 0", "turbo, sd_xl_turbo_1.0_fp16.safetensors, EulerAncestralDiscreteScheduler, 1, 0" })
	void settingsAreThoseOfTheModelCards(final String word, final String file, final String scheduler, final int steps, final double eta) {
		final FastSettings settings = FastRecipe.of(word).settings(List.of("some-model", file));
		assertEquals(scheduler, settings.scheduler());
		assertEquals(steps, settings.steps());
		assertEquals(eta, settings.eta());
		assertEquals(1, settings.guidance());
	}

	@Test
	void namesTellMoreThanSteps() {
		assertEquals(5, FastRecipe.HYPER_SD.settings(List.of("Hyper-SDXL-12steps-CFG-lora.safetensors")).guidance());
		assertEquals(12, FastRecipe.HYPER_SD.settings(List.of("Hyper-SDXL-12steps-CFG-lora.safetensors")).steps());
		assertEquals(4, FastRecipe.LCM.settings(List.of("cells_50steps.safetensors", "lcm_1000steps")).steps(), "those are steps of training");
	}

	@Test
	void theOneNetworkThatBeginsElsewhereIsRefused() {
		final String refused = assertThrows(DiffEditException.class, () -> FastRecipe.HYPER_SD.settings(List.of("Hyper-SDXL-1step-Unet.safetensors"))).getMessage();
		assertTrue(refused.contains("begins at the timestep 800"), refused);
		assertEquals(2, FastRecipe.HYPER_SD.settings(List.of("Hyper-SDXL-2steps-unet.safetensors")).steps());
		assertEquals(1, FastRecipe.HYPER_SD.settings(List.of("cells-unet.safetensors", "Hyper-SD15-1step-lora.safetensors")).steps(), "the LoRA is the one of one step");
	}

	@Test
	void aWordThatIsNoRecipeIsToldTheRecipes() {
		assertEquals("There is no recipe \"quick\" for fast; there are lcm, tcd, hyper-sd, lightning, turbo.",
			assertThrows(DiffEditException.class, () -> FastRecipe.of("quick ")).getMessage());
	}

	@Test
	void onlyWhatARequestLeavesOpenIsTheRecipes() {
		final FastSettings tcd = FastRecipe.TCD.settings(List.of());
		final TextToImageRequest open = tcd.on(TextToImageRequest.of("a cell"));
		assertEquals(4, open.numInferenceSteps());
		assertEquals(1, open.guidanceScale());
		assertEquals(0.3, open.eta());
		final TextToImageRequest own = tcd.on(TextToImageRequest.of("a cell").withNumInferenceSteps(6).withGuidanceScale(2).withEta(0.5));
		assertEquals(6, own.numInferenceSteps());
		assertEquals(2, own.guidanceScale());
		assertEquals(0.5, own.eta());
		final FastSettings turbo = FastRecipe.TURBO.settings(List.of());
		assertEquals(4, turbo.on(ImageToImageRequest.DEFAULTS.withStrength(0.3)).numInferenceSteps());
		assertEquals(2, turbo.on(InpaintRequest.DEFAULTS.withStrength(0.5)).numInferenceSteps());
		assertEquals(7, turbo.on(ImageToImageRequest.DEFAULTS.withNumInferenceSteps(7)).numInferenceSteps());
		assertEquals(7, turbo.on(InpaintRequest.DEFAULTS.withNumInferenceSteps(7)).numInferenceSteps());
	}

	@Test
	void theModelGetsTheRecipesSchedulerOverItsOwnNoiseSchedule() {
		plain.call(model -> {
			final DiffusionModel one = FastRecipe.LIGHTNING.settings(List.of("sdxl_lightning_1step_x0.safetensors")).on(model);
			assertEquals("EulerDiscreteScheduler", one.scheduler().getString("_class_name", ""));
			assertEquals("trailing", one.scheduler().getString("timestep_spacing", ""));
			assertEquals("sample", one.scheduler().getString("prediction_type", ""));
			assertEquals(model.scheduler().getDouble("beta_end", 0), one.scheduler().getDouble("beta_end", 1));
			return null;
		});
	}

	@Test
	void whatSeemsToBeMissingIsTold() {
		final FastSettings lcm = FastRecipe.LCM.settings(List.of());
		assertTrue(plain.call(model -> lcm.notice(model, false)).orElseThrow().contains("add the LoRA of lcm"));
		assertTrue(plain.call(model -> lcm.notice(model, true)).isEmpty());
		assertTrue(distilled.call(model -> lcm.notice(model, false)).isEmpty(), "its UNet takes guidance as a condition");
		assertTrue(plain.call(model -> lcm.notice(lcm.on(model), false)).isEmpty(), "its own scheduler is LCM");
		assertEquals(Double.valueOf(8), distilled.call(model -> lcm.forModel(model).guidance()));
		assertEquals(Double.valueOf(1), plain.call(model -> lcm.forModel(model).guidance()));
	}

	/** One prediction per step, whatever the guidance, which counts all the same; a negative prompt does not. */
	@Test
	void guidanceOfADistilledModelIsACondition() {
		final TextToImageRequest ask = FastRecipe.LCM.settings(List.of()).on(TextToImageRequest.of("a cell").withWidth(32).withHeight(32).withOutput(OutputType.LATENT));
		final float[] eight = made(ask.withGuidanceScale(8));
		assertArrayEquals(eight, made(ask.withGuidanceScale(8).withNegative(List.of(Prompt.of("noise")))));
		assertNotEquals(eight[0], made(ask.withGuidanceScale(2))[0]);
	}

	private static float[] made(final TextToImageRequest request) {
		distilled.setParts(FastRecipe.LCM.settings(List.of())::on);
		return distilled.textToImage(request, StepListener.NONE).latents().values();
	}

	/** Their timesteps say nothing about where in training a step is. */
	@Test
	void schedulersWithoutTimestepsOfTrainingHandNothingOver() {
		plain.setParts(model -> model.withScheduler("IPNDMScheduler"));
		final TextToImageRequest ask = TextToImageRequest.of("a cell").withWidth(32).withHeight(32).withNumInferenceSteps(2).withOutput(OutputType.LATENT);
		assertEquals(4 * 4 * 4, plain.textToImage(ask, StepListener.NONE).latents().values().length);
		assertTrue(assertThrows(DiffEditException.class, () -> plain.textToImage(ask.withDenoisingEnd(0.5), StepListener.NONE)).getMessage().contains("let one model do all"));
		assertTrue(assertThrows(DiffEditException.class, () -> plain.imageToImage(GREY, ImageToImageRequest.of("a cell"), StepListener.NONE)).getMessage().contains("begins with noise alone"));
		plain.setParts(model -> model);
	}

	@Test
	void masksAreFoundByAnyModelButInversionsAreNot() {
		final MaskRequest ask = MaskRequest.between("green nuclei", "cyan nuclei").withNumMapsPerMask(2).withNumInferenceSteps(8);
		final List<Integer> steps = new ArrayList<>();
		final MaskResult some = distilled.diffEdit().generateMask(GREY, ask.withGuidanceScale(4), step -> steps.add(step.index()));
		assertFalse(steps.isEmpty());
		final MaskResult other = distilled.diffEdit().generateMask(GREY, ask.withGuidanceScale(9).withSourceNegative(List.of(Prompt.of("noise"))), StepListener.NONE);
		assertNotEquals(some.map().values()[5], other.map().values()[5], "the condition counts");
		final String refused = assertThrows(DiffEditException.class, () -> distilled.diffEdit().invert(GREY, InvertRequest.of("green nuclei"))).getMessage();
		assertTrue(refused.contains("distilled to a few steps") && refused.contains("inpainting"), refused);
		assertEquals(1, FastRecipe.TCD.settings(List.of()).on(ask).guidanceScale());
		assertEquals(3, FastRecipe.TCD.settings(List.of()).on(ask.withGuidanceScale(3)).guidanceScale());
		assertTrue(assertThrows(DiffEditException.class, () -> FastRecipe.TCD.settings(List.of()).refuseInversion()).getMessage().contains("fast: tcd"));
	}
}
