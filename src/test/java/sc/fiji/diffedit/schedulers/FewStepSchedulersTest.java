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
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** What is particular to the schedulers of distilled and EDM models and to those with noise along Brownian motion; numbers are in the golden cases C_more. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class FewStepSchedulersTest {

	private static final int MANY = 40_000;

	private static Scheduler scheduler(final String className, final String json) {
		return Scheduler.of(className, new Config("scheduler/scheduler_config.json", JsonParser.parseString("{" + json + "}").getAsJsonObject()));
	}

	/** Increments over both halves of a step belong to one path: its first half is part of the whole, other steps are not. */
	@Test
	void noiseOfTheSdeHasTheLawOfBrownianMotion() {
		final SchedulerRun run = scheduler("DPMSolverSDEScheduler", "'use_karras_sigmas': true").run(5);
		final double[] sigmas = run.sigmas();
		final double middle = Math.sqrt(sigmas[0] * sigmas[1]);
		final Noise noise = Noise.of(3);
		final float[] half = ofNothing(run, 0, noise, up(sigmas[0], middle));
		final float[] whole = ofNothing(run, 1, noise, up(sigmas[0], sigmas[1]));
		final float[] next = ofNothing(run, 2, noise, up(sigmas[2], Math.sqrt(sigmas[2] * sigmas[3])));
		for (final float[] values : new float[][] { half, whole, next }) assertEquals(1, product(values, values), 0.03);
		assertEquals(Math.sqrt((sigmas[0] - middle) / (sigmas[0] - sigmas[1])), product(half, whole), 0.03);
		assertEquals(0, product(whole, next), 0.03);
	}

	private static double up(final double from, final double to) {
		return Math.sqrt(to * to * (from * from - to * to) / (from * from));
	}

	/** What a step adds to nothing, in units of its noise. */
	private static float[] ofNothing(final SchedulerRun run, final int i, final Noise noise, final double unit) {
		try (Scope scope = Scope.open()) {
			final Tensor nothing = Tensor.full(0, DType.FLOAT32, 1, MANY);
			return run.step(nothing, i, nothing, noise, 0).div(unit).toFloatArray();
		}
	}

	private static double product(final float[] a, final float[] b) {
		double sum = 0;
		for (int i = 0; i < a.length; i++) sum += a[i] * (double) b[i];
		return sum / a.length;
	}

	@Test
	void aSeedInTheConfigWinsOverThatOfTheRun() {
		assertArrayEquals(sde("'noise_sampler_seed': 5", 1), sde("'noise_sampler_seed': 5", 2));
		assertArrayEquals(sde("'noise_sampler_seed': 5", 1), sde("", 5));
	}

	private static float[] sde(final String json, final long seed) {
		final Tensor x = Tensor.full(1, DType.FLOAT32, 1, 32);
		return scheduler("DPMSolverSDEScheduler", json).run(4).step(x, 0, x, Noise.of(seed), 0).toFloatArray();
	}

	@Test
	void timestepsOfDistilledModelsAreThoseOfTheirTraining() {
		assertArrayEquals(new double[] { 999, 759, 499, 259 }, scheduler("LCMScheduler", "").run(4).timesteps());
		assertArrayEquals(new double[] { 999, 759, 499, 259 }, scheduler("TCDScheduler", "'timestep_spacing': 'trailing'").run(4).timesteps());
		assertArrayEquals(new double[] { 999, 499 }, scheduler("LCMScheduler", "'original_inference_steps': 2").run(2).timesteps());
		says("distilled with 50 timesteps", () -> scheduler("LCMScheduler", "").run(51));
		says("original_inference_steps 0", () -> scheduler("TCDScheduler", "'original_inference_steps': 0").run(1));
	}

	/** EDM networks see a quarter of the logarithm of sigma, and samples scaled by the variance of the data. */
	@Test
	void edmHasItsOwnTimesteps() {
		final SchedulerRun run = scheduler("EDMEulerScheduler", "'sigma_max': 14, 'sigma_data': 1").run(3);
		assertEquals(0.25 * Math.log(14), run.timesteps()[0], 1e-6);
		assertEquals(Math.sqrt(14 * 14 + 1), run.initNoiseSigma(), 1e-9);
		final Tensor one = Tensor.full(1, DType.FLOAT32, 1);
		assertEquals(1 / Math.sqrt(14 * 14 + 1), run.scaleModelInput(one, 0).toFloatArray()[0], 1e-7);
		assertEquals(15, run.addNoise(one, one, 0).toFloatArray()[0], 1e-6);
	}

	@Test
	void partsOfAScheduleAreToldByTimestepsOfTrainingOnly() {
		for (final String className : new String[] { "EDMEulerScheduler", "EDMDPMSolverMultistepScheduler", "IPNDMScheduler" }) assertFalse(scheduler(className, "").hasTrainingTimesteps());
		assertTrue(scheduler("LCMScheduler", "").hasTrainingTimesteps());
		assertTrue(scheduler("EulerDiscreteScheduler", "").hasTrainingTimesteps());
		assertFalse(scheduler("EulerDiscreteScheduler", "'timestep_type': 'continuous', 'prediction_type': 'v_prediction'").hasTrainingTimesteps());
	}

	@Test
	void whatCannotBeIsSaidInASentence() {
		final Tensor x = Tensor.full(1, DType.FLOAT32, 1, 4, 2, 2);
		says("begin at an even index", () -> scheduler("KDPM2DiscreteScheduler", "").run(5).step(x, 3, x));
		says("begins with noise alone", () -> scheduler("IPNDMScheduler", "").run(5).addNoise(x, x, 1));
		says("begins with noise alone", () -> scheduler("IPNDMScheduler", "").run(5).addNoise(x, x, 0.5));
		says("trained_betas", () -> scheduler("IPNDMScheduler", "'trained_betas': [0.1, 0.2]"));
		says("variance_type", () -> scheduler("DDPMScheduler", "'variance_type': 'learned_range'"));
		says("variance_type", () -> scheduler("DDPMScheduler", "'variance_type': 'fixed_large_log'"));
		says("zero terminal SNR", () -> scheduler("LCMScheduler", "'rescale_betas_zero_snr': true").run(4).step(x, 0, x, Noise.of(1), 0));
		says("algorithm_type", () -> scheduler("DPMSolverSinglestepScheduler", "'algorithm_type': 'sde-dpmsolver', 'final_sigmas_type': 'sigma_min'"));
		says("choose sigma_min", () -> scheduler("DPMSolverSinglestepScheduler", "'algorithm_type': 'dpmsolver'"));
		says("algorithm_type", () -> scheduler("EDMDPMSolverMultistepScheduler", "'algorithm_type': 'dpmsolver'"));
		says("prediction_type", () -> scheduler("EDMEulerScheduler", "'prediction_type': 'sample'"));
		says("sigma_max", () -> scheduler("EDMEulerScheduler", "'sigma_max': 0.001"));
		says("rho", () -> scheduler("EDMEulerScheduler", "'rho': 0"));
		says("sigma_max", () -> scheduler("EDMEulerScheduler", "'sigma_max': 1e999"));
		says("timestep_scaling", () -> scheduler("LCMScheduler", "'timestep_scaling': 1e999"));
		says("noise_sampler_seed", () -> scheduler("DPMSolverSDEScheduler", "'noise_sampler_seed': 5.5"));
		says("noise_sampler_seed", () -> scheduler("DPMSolverSDEScheduler", "'noise_sampler_seed': 1e300"));
		says("prediction_type", () -> scheduler("KDPM2AncestralDiscreteScheduler", "'prediction_type': 'sample'"));
		says("solver_order", () -> scheduler("DEISMultistepScheduler", "'solver_order': 4"));
		says("solver_type", () -> scheduler("DEISMultistepScheduler", "'solver_type': 'magic'"));
		says("use_flow_sigmas", () -> scheduler("DEISMultistepScheduler", "'use_flow_sigmas': true"));
		says("trained as EDM", () -> scheduler("DDIMScheduler", "'sigma_data': 0.5"));
		says("got no seed", () -> scheduler("LCMScheduler", "").run(4).step(x, 0, x));
	}

	private static void says(final String words, final Runnable action) {
		final String message = assertThrows(DiffEditException.class, action::run).getMessage();
		assertTrue(message.contains(words), message);
	}
}
