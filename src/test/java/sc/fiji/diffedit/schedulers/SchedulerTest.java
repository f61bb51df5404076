package sc.fiji.diffedit.schedulers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonParser;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** What all schedulers promise. That their numbers are those of diffusers is shown by the golden cases C. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class SchedulerTest {

	private static final String SD = "'_class_name': 'PNDMScheduler', 'beta_start': 0.00085, 'beta_end': 0.012, "
		+ "'beta_schedule': 'scaled_linear', 'clip_sample': false, 'skip_prk_steps': true, 'set_alpha_to_one': true, 'steps_offset': 1";
	private static final long[] SHAPE = { 1, 4, 3, 5 };

	private static Scheduler scheduler(final String className, final String... more) {
		final String json = "{" + SD + (more.length == 0 ? "" : ", " + String.join(", ", more)) + "}";
		return Scheduler.of(className, new Config("scheduler/scheduler_config.json", JsonParser.parseString(json).getAsJsonObject()));
	}

	/**
	 * The config of one class makes every other: a network that knows the image leads each of them there. PNDM mixes outputs
	 * of several noise levels, which a velocity does not survive exactly; DEIS and TCD end at the smallest noise level.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "DDIMScheduler", "PNDMScheduler", "LMSDiscreteScheduler", "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler",
		"HeunDiscreteScheduler", "DPMSolverMultistepScheduler", "UniPCMultistepScheduler", "DDPMScheduler", "LCMScheduler", "TCDScheduler",
		"DPMSolverSinglestepScheduler", "KDPM2DiscreteScheduler", "KDPM2AncestralDiscreteScheduler", "DEISMultistepScheduler", "DPMSolverSDEScheduler" })
	void leadsToTheImageThatTheNetworkKnows(final String className) {
		for (final String type : new String[] { "epsilon", "v_prediction" }) {
			final Scheduler scheduler = scheduler(className, "'prediction_type': '" + type + "'");
			assertEquals(className, scheduler.getClass().getSimpleName());
			final SchedulerRun run = scheduler.run(12);
			final Noise noise = Noise.of(4);
			final Tensor image = noise.randn(DType.FLOAT32, SHAPE);
			Tensor x = noise.randn(DType.FLOAT32, SHAPE).multiply(run.initNoiseSigma());
			for (int i = 0; i < run.size(); i++) x = run.step(wise(scheduler, run, i, x, image), i, x, noise, 0);
			assertArrayEquals(image.toFloatArray(), x.toFloatArray(), tolerance(className), className + " " + type);
		}
	}

	private static float tolerance(final String className) {
		return className.equals("PNDMScheduler") ? 0.05f : className.equals("DEISMultistepScheduler") || className.equals("TCDScheduler") ? 0.1f : 2e-3f;
	}

	/** What a network that knows the image says about a sample. */
	private static Tensor wise(final Scheduler scheduler, final SchedulerRun run, final int i, final Tensor x, final Tensor image) {
		final Tensor seen = run.scaleModelInput(x, i);
		final float scale = run.scaleModelInput(Tensor.full(1, DType.FLOAT32, 1), i).toFloatArray()[0];
		final double bar = scale != 1 ? scale * scale : run.sigmas().length == 0 ? scheduler.config().alphaCumprod((int) run.timesteps()[i]) : 1 / (run.sigmas()[i] * run.sigmas()[i] + 1);
		final double a = Math.sqrt(bar);
		final double s = Math.sqrt(1 - bar);
		final Tensor noise = seen.minus(image.multiply(a)).div(s);
		return scheduler.config().predictionType() == PredictionType.EPSILON ? noise : noise.multiply(a).minus(image.multiply(s));
	}

	@ParameterizedTest
	@ValueSource(strings = { "LMSDiscreteScheduler", "EulerDiscreteScheduler", "PNDMScheduler", "DPMSolverMultistepScheduler", "UniPCMultistepScheduler",
		"HeunDiscreteScheduler", "DPMSolverMultistepInverseScheduler", "DPMSolverSinglestepScheduler", "DEISMultistepScheduler", "KDPM2DiscreteScheduler",
		"EDMDPMSolverMultistepScheduler", "EDMEulerScheduler", "IPNDMScheduler" })
	void stepsAreTakenInTurnFromAnyBeginning(final String className) {
		final Tensor x = Noise.of(1).randn(DType.FLOAT32, SHAPE);
		final SchedulerRun run = scheduler(className).run(9);
		run.step(x, 4, x);
		run.step(x, 5, x);
		says("in turn", () -> run.step(x, 5, x));
		says("this run has steps 0 to", () -> run.step(x, run.size(), x));
		says("none of this run's", () -> scheduler("EulerDiscreteScheduler").run(5).addNoise(x, x, 3.25));
	}

	@Test
	void theMemoryOfARunEndsWithItsScopeOrItsClosing() {
		final Tensor x = Noise.of(1).randn(DType.FLOAT32, SHAPE);
		final long outside = Scope.liveValues();
		try (Scope loop = Scope.open()) {
			final SchedulerRun run = scheduler("DPMSolverMultistepScheduler").run(5);
			final long ready = Scope.liveValues();
			for (int i = 0; i < 4; i++) run.step(x, i, x).close();
			assertEquals(ready + 2, Scope.liveValues(), "two outputs are remembered");
			run.close();
			assertTrue(Scope.liveValues() < ready);
			scheduler("UniPCMultistepScheduler").run(5).step(x, 0, x);
		}
		assertEquals(outside, Scope.liveValues());
	}

	@Test
	void stepsInsideAScopeOfTheirOwnRememberBeyondIt() {
		final Tensor x = Noise.of(1).randn(DType.FLOAT32, SHAPE);
		final SchedulerRun flat = scheduler("LMSDiscreteScheduler").run(4);
		final SchedulerRun nested = scheduler("LMSDiscreteScheduler").run(4);
		Tensor a = x;
		Tensor b = x;
		for (int i = 0; i < 4; i++) {
			a = flat.step(a.multiply(0.5), i, a);
			try (Scope step = Scope.open()) {
				b = step.keep(nested.step(b.multiply(0.5), i, b));
			}
		}
		assertArrayEquals(a.toFloatArray(), b.toFloatArray());
	}

	@Test
	void inversionByDpmSolverAndBackGivesTheImage() {
		final SchedulerRun back = scheduler("DPMSolverMultistepInverseScheduler", "'solver_order': 1").run(40);
		final SchedulerRun forth = scheduler("DPMSolverMultistepScheduler", "'solver_order': 1").run(40);
		final Tensor image = Noise.of(1).randn(DType.FLOAT32, SHAPE);
		final Tensor noise = Noise.of(2).randn(DType.FLOAT32, SHAPE);
		Tensor x = back.addNoise(image, noise, 0);
		for (int i = 0; i < back.size(); i++) x = back.step(noise, i, x);
		for (int i = 0; i < forth.size(); i++) x = forth.step(noise, i, x);
		assertArrayEquals(image.toFloatArray(), x.toFloatArray(), 1e-3f);
	}

	/** Diffusers gives NaN for each of these; see the classes. */
	@Test
	void everySampleIsFinite() {
		allFinite(scheduler("EulerAncestralDiscreteScheduler", "'beta_schedule': 'squaredcos_cap_v2'"));
		allFinite(scheduler("UniPCMultistepScheduler", "'solver_type': 'bh1'"));
		allFinite(scheduler("UniPCMultistepScheduler", "'lower_order_final': false", "'solver_order': 3"));
		allFinite(scheduler("DPMSolverMultistepScheduler", "'algorithm_type': 'sde-dpmsolver++'", "'solver_order': 3"));
		allFinite(scheduler("DPMSolverSinglestepScheduler", "'algorithm_type': 'sde-dpmsolver++'", "'solver_type': 'heun'", "'solver_order': 3"));
		allFinite(scheduler("DPMSolverSinglestepScheduler", "'algorithm_type': 'dpmsolver'", "'final_sigmas_type': 'sigma_min'", "'thresholding': true"));
		allFinite(scheduler("KDPM2AncestralDiscreteScheduler", "'beta_schedule': 'squaredcos_cap_v2'"));
		allFinite(scheduler("DPMSolverMultistepInverseScheduler", "'solver_order': 3", "'use_karras_sigmas': true"));
	}

	private static void allFinite(final Scheduler scheduler) {
		final SchedulerRun run = scheduler.run(6);
		final Noise noise = Noise.of(4);
		Tensor x = noise.randn(DType.FLOAT32, SHAPE).multiply(run.initNoiseSigma());
		for (int i = 0; i < run.size(); i++) {
			x = run.step(noise.randn(DType.FLOAT32, SHAPE), i, x, noise, 0);
			assertTrue(x.isFinite(), scheduler.getClass().getSimpleName() + " at step " + i);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "DDIMScheduler", "PNDMScheduler", "LMSDiscreteScheduler", "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler",
		"HeunDiscreteScheduler", "DPMSolverMultistepScheduler", "UniPCMultistepScheduler", "DPMSolverMultistepInverseScheduler", "DDPMScheduler",
		"LCMScheduler", "TCDScheduler", "EDMEulerScheduler", "EDMDPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler", "KDPM2DiscreteScheduler",
		"KDPM2AncestralDiscreteScheduler", "DEISMultistepScheduler", "DPMSolverSDEScheduler" })
	void halfPrecisionStaysHalf(final String className) {
		final SchedulerRun run = scheduler(className).run(6);
		final Noise noise = Noise.of(4);
		Tensor x = noise.randn(DType.FLOAT16, SHAPE);
		for (int i = 0; i < 4; i++) x = run.step(x, i, x, noise, 0);
		assertEquals(DType.FLOAT16, x.dtype());
		assertEquals(DType.FLOAT16, run.addNoise(x, x, 2).dtype());
		assertEquals(DType.FLOAT16, run.scaleModelInput(x, 2).dtype());
	}

	@Test
	void heunCallsTheNetworkTwiceForEachStep() {
		final Scheduler heun = scheduler("HeunDiscreteScheduler");
		assertEquals(2, heun.order());
		assertEquals(9, heun.run(5).size());
		final Tensor x = Noise.of(1).randn(DType.FLOAT32, SHAPE);
		says("begin at an even index", () -> heun.run(5).step(x, 3, x));
	}

	@Test
	void seedsDecideWhatAncestralStepsAdd() {
		final Tensor x = Noise.of(1).randn(DType.FLOAT32, SHAPE);
		final float one = ancestral(x, 1);
		assertEquals(one, ancestral(x, 1));
		assertNotEquals(one, ancestral(x, 2));
		says("got no seed", () -> scheduler("EulerAncestralDiscreteScheduler").run(5).step(x, 0, x));
	}

	private static float ancestral(final Tensor x, final long seed) {
		return scheduler("EulerAncestralDiscreteScheduler").run(5).step(x, 0, x, Noise.of(seed), 0).toFloatArray()[0];
	}

	@Test
	void pythonsInfinityIsRead() {
		final double[] plain = scheduler("DPMSolverMultistepScheduler").run(5).timesteps();
		assertArrayEquals(plain, scheduler("DPMSolverMultistepScheduler", "'lambda_min_clipped': -Infinity").run(5).timesteps());
		assertTrue(plain[0] > scheduler("DPMSolverMultistepScheduler", "'lambda_min_clipped': -1.5").run(5).timesteps()[0]);
	}

	@Test
	void whatCannotBeIsSaidInASentence() {
		says("at least 4", () -> scheduler("PNDMScheduler", "'skip_prk_steps': false").run(3));
		says("skip_prk_steps", () -> {
			final Tensor x = Noise.of(1).randn(DType.FLOAT32, SHAPE);
			scheduler("PNDMScheduler", "'skip_prk_steps': false").run(8).step(x, 2, x);
		});
		says("prediction_type", () -> scheduler("PNDMScheduler", "'prediction_type': 'sample'"));
		says("leave one", () -> scheduler("LMSDiscreteScheduler", "'use_karras_sigmas': true", "'use_beta_sigmas': true"));
		says("interpolation_type", () -> scheduler("EulerDiscreteScheduler", "'interpolation_type': 'cubic'"));
		says("final_sigmas_type", () -> scheduler("EulerDiscreteScheduler", "'final_sigmas_type': 'one'"));
		says("sigma_min", () -> scheduler("EulerDiscreteScheduler", "'use_karras_sigmas': true", "'sigma_min': -1").run(5));
		says("algorithm_type", () -> scheduler("DPMSolverMultistepScheduler", "'algorithm_type': 'magic'"));
		says("choose sigma_min", () -> scheduler("DPMSolverMultistepScheduler", "'algorithm_type': 'dpmsolver'"));
		says("solver_order", () -> scheduler("DPMSolverMultistepScheduler", "'solver_order': 4"));
		says("solver_type", () -> scheduler("DPMSolverMultistepScheduler", "'solver_type': 'magic'"));
		says("use_flow_sigmas", () -> scheduler("DPMSolverMultistepScheduler", "'use_flow_sigmas': true"));
		says("lambda_min_clipped", () -> scheduler("DPMSolverMultistepScheduler", "'lambda_min_clipped': 'low'"));
		says("choose fewer steps", () -> scheduler("DPMSolverMultistepScheduler", "'timestep_spacing': 'leading'").run(1000));
		says("for inversion", () -> scheduler("DPMSolverMultistepInverseScheduler", "'algorithm_type': 'sde-dpmsolver++'"));
		says("solver_type", () -> scheduler("UniPCMultistepScheduler", "'solver_type': 'magic'"));
		says("names no scheduler class", () -> Scheduler.of(new Config("x", JsonParser.parseString("{}").getAsJsonObject())));
		assertEquals("PNDMScheduler", Scheduler.of(scheduler("DDIMScheduler").config().json()).getClass().getSimpleName());
		says("at least 1", () -> StepArguments.DEFAULTS.withOrder(0));
	}

	private static void says(final String words, final Runnable action) {
		final String message = assertThrows(DiffEditException.class, action::run).getMessage();
		assertTrue(message.contains(words), message);
	}
}
