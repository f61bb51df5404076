package sc.fiji.diffedit.schedulers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import com.google.gson.JsonParser;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Tensor;

/** What DDIM promises: there and back again, golden noise levels, and sentences for what cannot be. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class DdimTest {

	private static final String SD = "'_class_name': 'PNDMScheduler', 'beta_start': 0.00085, 'beta_end': 0.012, "
		+ "'beta_schedule': 'scaled_linear', 'set_alpha_to_one': false";

	private static Config config(final String... more) {
		final String json = "{" + SD + (more.length == 0 ? "" : ", " + String.join(", ", more)) + "}";
		return new Config("scheduler/scheduler_config.json", JsonParser.parseString(json).getAsJsonObject());
	}

	private static Config stableDiffusion(final String... more) {
		return SchedulerConfig.forStableDiffusion(config(more));
	}

	/** Numbers of torch.cumprod in fp32, as printed by diffusers' DDIMScheduler(...).alphas_cumprod. */
	@Test
	void noiseLevelsOfStableDiffusionAreThoseOfDiffusers() {
		final SchedulerConfig numbers = new DDIMScheduler(config()).config();
		final int[] at = { 0, 1, 21, 481, 761, 781, 981, 999 };
		final float[] expected = { .9991499782f, .9982960224f, .9803806543f, .3022954464f, .0513638817f, .0434559695f, .0057754959f, .0046600951f };
		for (int i = 0; i < at.length; i++) assertEquals(expected[i], numbers.alphaCumprod(at[i]), 1e-8f, "t " + at[i]);
	}

	@Test
	void thereAndBackAgainWithTheSameNoiseChangesNothing() {
		final SchedulerRun back = Scheduler.of("DDIMInverseScheduler", stableDiffusion()).run(10);
		final SchedulerRun forth = Scheduler.of("DDIMScheduler", stableDiffusion()).run(10);
		final Noise noise = Noise.of(3);
		final Tensor image = noise.randn(DType.FLOAT32, 1, 4, 5, 3);
		final Tensor[] outputs = new Tensor[10];
		Tensor x = image;
		for (int i = 0; i < 10; i++) {
			outputs[i] = noise.randn(DType.FLOAT32, 1, 4, 5, 3);
			x = back.step(outputs[i], i, x);
		}
		for (int i = 0; i < 10; i++) x = forth.step(outputs[9 - i], i, x);
		assertArrayEquals(image.toFloatArray(), x.toFloatArray(), 2e-5f);
		assertArrayEquals(Timesteps.reversed(back.timesteps()), forth.timesteps());
	}

	@Test
	void latentsAreNeverClippedWhateverTheFileSays() {
		assertTrue(clips(config()));
		assertFalse(clips(stableDiffusion()));
		assertFalse(clips(stableDiffusion("'clip_sample': true, 'thresholding': true")));
		assertFalse(clips(SchedulerConfig.forLatents(config())));
		assertEquals(1, new DDIMScheduler(stableDiffusion("'steps_offset': 0")).config().stepsOffset());
		assertEquals(0, new DDIMScheduler(SchedulerConfig.forLatents(config())).config().stepsOffset());
	}

	private static boolean clips(final Config config) {
		final Tensor big = Tensor.full(100, DType.FLOAT32, 1, 1, 2, 2);
		final StepResult result = new DDIMScheduler(config).run(10).advance(big.multiply(0), 9, big, StepArguments.DEFAULTS);
		return result.predOriginalSample().toFloatArray()[0] <= 1;
	}

	@Test
	void resultsNeverAreTheCallersOwnTensors() {
		final Tensor output = Tensor.full(1, DType.FLOAT32, 1, 4, 2, 2);
		new DDIMScheduler(stableDiffusion("'prediction_type': 'sample'")).run(5).step(output, 0, output);
		assertFalse(output.isClosed());
	}

	@Test
	void halfPrecisionStaysHalf() {
		final Tensor x = Noise.of(1).randn(DType.FLOAT16, 1, 4, 4, 4);
		final SchedulerRun run = new DDIMScheduler(stableDiffusion()).run(5);
		assertEquals(DType.FLOAT16, run.step(x, 0, x, Noise.of(2), 0.5).dtype());
		assertEquals(DType.FLOAT16, run.addNoise(x, x, 481.0).dtype());
		// fp16 abar at t 481: 0.5498 and 0.8354 (reference values of diffusers)
		final Tensor one = Tensor.full(1, DType.FLOAT16, 1);
		assertEquals(0.5498f, run.addNoise(one, one.multiply(0), 481.0).toFloat(), 5e-5f);
		assertEquals(0.8354f, run.addNoise(one.multiply(0), one, 481.0).toFloat(), 5e-5f);
	}

	@Test
	void betasMayBeGiven() {
		final SchedulerConfig numbers = new DDIMScheduler(config("'trained_betas': [0.1, 0.2, 0.5]")).config();
		assertEquals(3, numbers.numTrainTimesteps());
		assertArrayEquals(new float[] { .9f, .72f, .36f }, numbers.alphasCumprod(), 1e-6f);
	}

	@Test
	void whatCannotBeIsSaidInASentence() {
		final Tensor x = Tensor.full(1, DType.FLOAT32, 1, 4, 2, 2);
		says("names the scheduler FancyScheduler", () -> Scheduler.of("FancyScheduler", config()));
		says("prediction_type", () -> new DDIMScheduler(config("'prediction_type': 'flow'")));
		says("beta_schedule", () -> new DDIMScheduler(config("'beta_schedule': 'wild'")));
		says("timestep_spacing", () -> new DDIMScheduler(config("'timestep_spacing': 'random'")));
		says("beta_start", () -> new DDIMScheduler(config("'beta_start': -1")));
		says("num_train_timesteps", () -> new DDIMScheduler(config("'num_train_timesteps': 0")));
		says("choose 1 to 1000 steps", () -> new DDIMScheduler(config()).run(1001));
		says("choose 1 to 1000 steps", () -> new DDIMScheduler(config()).run(0));
		says("Got timestep 1000", () -> new DDIMScheduler(stableDiffusion()).run(1000));
		says("linspace", () -> new DDIMInverseScheduler(config("'timestep_spacing': 'linspace'")).run(10));
		says("zero terminal SNR", () -> new DDIMScheduler(config("'rescale_betas_zero_snr': true", "'timestep_spacing': 'trailing'")).run(5).step(x, 0, x));
		says("got no seed", () -> new DDIMScheduler(config()).run(5).step(x, 0, x, StepArguments.DEFAULTS.withEta(1)));
		says("eta", () -> StepArguments.DEFAULTS.withEta(2));
		says("Got step 5", () -> new DDIMScheduler(config()).run(5).step(x, 5, x));
	}

	private static void says(final String words, final Runnable action) {
		final String message = assertThrows(DiffEditException.class, action::run).getMessage();
		assertTrue(message.contains(words), message);
	}
}
