package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * PNDM, Liu et al. 2022: a linear multistep method over four outputs; matches diffusers' {@code scheduling_pndm.py}. It
 * starts with Runge-Kutta steps (four calls of the network each), or, with {@code skip_prk_steps}, by taking its second
 * timestep twice, so that a run of N steps has N + 1 timesteps.
 */
public final class PNDMScheduler implements Scheduler {

	private static final int ORDER = 4;

	private final SchedulerConfig config;
	private final boolean skipPrkSteps;
	private final float finalAlphaCumprod;

	/**
	 * Keys and defaults: those of {@link SchedulerConfig}, {@code skip_prk_steps} false, {@code set_alpha_to_one} false,
	 * {@code timestep_spacing} leading, {@code prediction_type} epsilon or v_prediction.
	 *
	 * @throws DiffEditException if a value has a kind or range that is unknown
	 */
	public PNDMScheduler(final Config config) {
		this.config = new SchedulerConfig(config, TimestepSpacing.LEADING, SchedulerConfig.ZeroSnr.UNKNOWN);
		if (this.config.predictionType() == PredictionType.SAMPLE) throw config.unsupported("prediction_type", "epsilon or v_prediction");
		skipPrkSteps = config.getBoolean("skip_prk_steps", false);
		finalAlphaCumprod = config.getBoolean("set_alpha_to_one", false) ? 1 : this.config.alphaCumprod(0);
	}

	@Override
	public SchedulerConfig config() {
		return config;
	}

	@Override
	public SchedulerRun run(final int numInferenceSteps) {
		config.checkSteps(numInferenceSteps);
		final int stride = config.numTrainTimesteps() / numInferenceSteps;
		final double[] plain = config.timestepSpacing().descending(config.numTrainTimesteps(), numInferenceSteps, config.stepsOffset());
		config.alphaCumprod((int) plain[0]);
		if (skipPrkSteps) return new Run(secondTwice(plain), stride, 0);
		if (numInferenceSteps < ORDER) throw new DiffEditException("Got " + Counted.of(numInferenceSteps, "step")
			+ ", but PNDM with Runge-Kutta steps needs at least 4; choose more or set skip_prk_steps.");
		return new Run(withRungeKutta(plain, stride / 2), stride, 3 * ORDER);
	}

	/** The second timestep counts twice: the first step is repeated with the mean of two outputs. */
	private static double[] secondTwice(final double[] plain) {
		if (plain.length == 1) return plain;
		final double[] result = new double[plain.length + 1];
		result[0] = plain[0];
		System.arraycopy(plain, 1, result, 1, plain.length - 1);
		System.arraycopy(plain, 1, result, 2, plain.length - 1);
		return result;
	}

	/** Three Runge-Kutta steps of four calls each, at, halfway (twice) and at the end, then the rest. */
	private static double[] withRungeKutta(final double[] plain, final int half) {
		final double[] result = new double[3 * ORDER + plain.length - 3];
		for (int k = 0; k < 3; k++) {
			result[4 * k] = plain[k];
			result[4 * k + 1] = plain[k + 1] + half;
			result[4 * k + 2] = plain[k + 1] + half;
			result[4 * k + 3] = plain[k + 1];
		}
		System.arraycopy(plain, 3, result, 3 * ORDER, plain.length - 3);
		return result;
	}

	private final class Run extends MultistepRun {

		private final int stride;
		private final int rungeKuttaCalls;
		private Tensor origin;
		private Tensor sum;

		Run(final double[] timesteps, final int stride, final int rungeKuttaCalls) {
			super(PNDMScheduler.this.config, timesteps);
			this.stride = stride;
			this.rungeKuttaCalls = rungeKuttaCalls;
		}

		@Override
		StepResult moveOn(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
			if (steps() == 0 && i > 0 && rungeKuttaCalls > 0) throw new DiffEditException("Got step " + i
				+ " as the first, but PNDM with Runge-Kutta steps cannot begin in the middle; set skip_prk_steps.");
			final float bar = config.alphaCumprod(timestep(i));
			final Tensor clean = config.predictionType().clean(output, x, sqrt(bar), sqrt(1 - bar));
			return new StepResult(steps() < rungeKuttaCalls ? rungeKutta(output, i, x) : multistep(output, i, x), clean);
		}

		private Tensor rungeKutta(final Tensor output, final int i, final Tensor x) {
			final int call = i % ORDER;
			if (call == 0) {
				store(output, ORDER);
				origin = replace(origin, x);
			}
			final Tensor share = output.multiply(call == 0 || call == 3 ? 1 / 6.0 : 1 / 3.0);
			sum = replace(sum, call == 0 ? share : sum.plus(share));
			final int to = timestep(i) - (call % 2 == 0 ? stride / 2 : 0);
			return transfer(origin, timestep(i - call), to, call == 3 ? sum : output);
		}

		private Tensor multistep(final Tensor output, final int i, final Tensor x) {
			final int t = timestep(i);
			if (steps() == 1) return transfer(origin, t + stride, t, output.plus(past(0)).div(2));
			if (steps() == 0) origin = replace(origin, x);
			store(output, ORDER);
			return transfer(x, t, t - stride, adamsBashforth());
		}

		/** Equation 9 of the paper: from one timestep to another with a given output. */
		private Tensor transfer(final Tensor x, final int from, final int to, final Tensor output) {
			final float bar = config.alphaCumprod(from);
			final float barTo = to >= 0 ? config.alphaCumprod(to) : finalAlphaCumprod;
			final Tensor noise = config.predictionType().noise(output, x, sqrt(bar), sqrt(1 - bar));
			final float scale = (float) Math.sqrt(barTo / bar);
			final float divisor = bar * (float) Math.sqrt(1 - barTo) + (float) Math.sqrt(bar * (1 - bar) * barTo);
			return x.multiply(scale).minus(noise.multiply(barTo - bar).div(divisor));
		}
	}
}
