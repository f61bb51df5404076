package sc.fiji.diffedit.schedulers;

import java.util.function.DoubleUnaryOperator;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/**
 * The numbers that all schedulers share: betas, their cumulative products, what the network predicts, and how timesteps
 * are spread. Tables are in 32 bits and computed by libtorch, so they equal those of diffusers bit for bit.
 */
public final class SchedulerConfig {

	private static final int MAX_TRAIN_TIMESTEPS = 1_000_000;
	private static final double MAX_BETA = 0.999;

	/** What a class makes of {@code rescale_betas_zero_snr}. */
	enum ZeroSnr {
		/** The class does not have the key. */
		UNKNOWN,
		/** The last abar is 0. */
		EXACT,
		/** The last abar is 2^-24, as noise levels without end cannot be stepped over. */
		NEARLY
	}

	private final Config config;
	private final PredictionType predictionType;
	private final TimestepSpacing timestepSpacing;
	private final int stepsOffset;
	private final float[] betas;
	private final float[] alphasCumprod;

	/** @param spacing the class's own default, used when the config has none */
	SchedulerConfig(final Config config, final TimestepSpacing spacing, final ZeroSnr zeroSnr) {
		this.config = config;
		predictionType = PredictionType.of(config);
		timestepSpacing = TimestepSpacing.of(config, spacing);
		stepsOffset = config.getInt("steps_offset", 0);
		final boolean rescaleBetasZeroSnr = zeroSnr != ZeroSnr.UNKNOWN && config.getBoolean("rescale_betas_zero_snr", false);
		betas = rescaleBetasZeroSnr ? ScheduleKernels.rescaleZeroTerminalSnr(ScheduleKernels.alphasCumprod(betas(config))) : betas(config);
		alphasCumprod = ScheduleKernels.alphasCumprod(betas);
		if (rescaleBetasZeroSnr && zeroSnr == ZeroSnr.NEARLY) alphasCumprod[betas.length - 1] = 0x1p-24f;
		if (stepsOffset < 0 || stepsOffset >= betas.length) throw config.unsupported("steps_offset", "0 to " + (betas.length - 1));
	}

	// -- configs of the Stable Diffusion family --

	/**
	 * The config as the pipelines of Stable Diffusion 1 and 2 use it: latents are never clipped or thresholded,
	 * {@code steps_offset} is 1 and {@code skip_prk_steps} is true, whatever the file contains. Diffusers does the same with
	 * a warning ({@code pipeline_stable_diffusion.py}), but lets a missing {@code clip_sample} become true when another
	 * class takes the config over.
	 */
	public static Config forStableDiffusion(final Config config) {
		final JsonObject json = forLatents(config).json();
		json.addProperty("steps_offset", 1);
		json.addProperty("skip_prk_steps", true);
		return new Config(config.source(), json);
	}

	/** The config for latents of any model (SDXL, inverse schedulers): never clipped or thresholded, else as it is. */
	public static Config forLatents(final Config config) {
		final JsonObject json = config.json().deepCopy();
		json.addProperty("clip_sample", false);
		json.addProperty("thresholding", false);
		return new Config(config.source(), json);
	}

	/** The config with the betas of Stable Diffusion where it has none, for classes with defaults of their own. */
	static Config withBetas(final Config config, final String schedule) {
		final JsonObject json = config.json().deepCopy();
		if (!config.has("beta_start")) json.addProperty("beta_start", 0.00085);
		if (!config.has("beta_end")) json.addProperty("beta_end", 0.012);
		if (!config.has("beta_schedule")) json.addProperty("beta_schedule", schedule);
		return new Config(config.source(), json);
	}

	// -- looking --

	/** The config as read, with the keys of its class. */
	public Config json() {
		return config;
	}

	public int numTrainTimesteps() {
		return betas.length;
	}

	public PredictionType predictionType() {
		return predictionType;
	}

	public TimestepSpacing timestepSpacing() {
		return timestepSpacing;
	}

	/** What is added to timesteps of the leading spacing. */
	public int stepsOffset() {
		return stepsOffset;
	}

	/** Variances of the noise added by each training timestep. */
	public float[] betas() {
		return betas.clone();
	}

	/** Share of the clean sample's variance (abar) that is left at each training timestep. */
	public float[] alphasCumprod() {
		return alphasCumprod.clone();
	}

	/** Share of the clean sample's variance (abar) that is left at a training timestep. */
	public float alphaCumprod(final int timestep) {
		if (timestep < 0 || timestep >= betas.length) throw new DiffEditException("Got timestep " + timestep + ", but "
			+ config.source() + " has only 0 to " + (betas.length - 1) + "; use fewer steps or steps_offset 0.");
		return alphasCumprod[timestep];
	}

	/** Throws if abar is 0 and the network predicts noise: one cannot divide by nothing. */
	void checkSomethingIsLeft(final float bar) {
		if (bar == 0 && predictionType == PredictionType.EPSILON) throw new DiffEditException(config.source()
			+ " rescales betas to zero terminal SNR, where predicted noise says nothing about the image; use prediction_type v_prediction or timestep_spacing leading.");
	}

	/** Throws unless the number of steps lies between 1 and the number of training timesteps. */
	void checkSteps(final int steps) {
		if (steps < 1 || steps > betas.length) throw new DiffEditException("Got " + Counted.of(steps, "step") + ", but the model was trained with "
			+ Counted.of(betas.length, "timestep") + "; choose 1 to " + Counted.of(betas.length, "step") + ".");
	}

	// -- schedules --

	private static float[] betas(final Config config) {
		if (config.has("trained_betas")) return trained(config);
		final int n = config.getInt("num_train_timesteps", 1000);
		if (n < 1 || n > MAX_TRAIN_TIMESTEPS) throw config.unsupported("num_train_timesteps", "1 to " + MAX_TRAIN_TIMESTEPS);
		final double start = config.getDouble("beta_start", 0.0001);
		final double end = config.getDouble("beta_end", 0.02);
		checkBeta(config, "beta_start", start);
		checkBeta(config, "beta_end", end);
		switch (config.getString("beta_schedule", "linear")) {
			case "linear":
				return ScheduleKernels.linspace(start, end, n);
			case "scaled_linear":
				return squares(ScheduleKernels.linspace(Math.sqrt(start), Math.sqrt(end), n));
			case "squaredcos_cap_v2":
				return fromBar(n, SchedulerConfig::cosineBar);
			case "exp":
				return fromBar(n, t -> Math.exp(-12 * t));
			case "laplace":
				return fromBar(n, SchedulerConfig::laplaceBar);
			case "sigmoid":
				return sigmoid(ScheduleKernels.linspace(-6, 6, n), start, end);
			default:
				throw config.unsupported("beta_schedule", "linear, scaled_linear, squaredcos_cap_v2, exp, laplace or sigmoid");
		}
	}

	private static void checkBeta(final Config config, final String key, final double beta) {
		if (!(beta > 0 && beta < 1)) throw config.unsupported(key, "a number between 0 and 1");
	}

	private static float[] trained(final Config config) {
		final double[] given = config.getDoubles("trained_betas");
		if (given.length == 0) throw config.unsupported("trained_betas", "a list of at least one beta");
		final float[] betas = new float[given.length];
		for (int i = 0; i < betas.length; i++) {
			betas[i] = (float) given[i];
			checkBeta(config, "trained_betas", given[i]);
		}
		return betas;
	}

	private static float[] squares(final float[] values) {
		for (int i = 0; i < values.length; i++) values[i] *= values[i];
		return values;
	}

	private static float[] sigmoid(final float[] values, final double start, final double end) {
		for (int i = 0; i < values.length; i++) values[i] = (float) (1 / (1 + Math.exp(-values[i]))) * (float) (end - start) + (float) start;
		return values;
	}

	/** Betas that make abar a given function of time from 0 to 1; none above 0.999. */
	private static float[] fromBar(final int n, final DoubleUnaryOperator bar) {
		final float[] betas = new float[n];
		for (int i = 0; i < n; i++) {
			betas[i] = (float) Math.min(1 - bar.applyAsDouble((i + 1) / (double) n) / bar.applyAsDouble(i / (double) n), MAX_BETA);
		}
		return betas;
	}

	/** Nichol and Dhariwal 2021: abar falls as a squared cosine. */
	private static double cosineBar(final double t) {
		final double cos = Math.cos((t + 0.008) / 1.008 * Math.PI / 2);
		return cos * cos;
	}

	/** Hang et al. 2024: the logarithm of the ratio of image and noise has Laplace's distribution. */
	private static double laplaceBar(final double t) {
		final double lambda = -0.5 * Math.copySign(1, 0.5 - t) * Math.log(1 - 2 * Math.abs(0.5 - t) + 1e-6);
		final double ratio = Math.exp(lambda);
		return Math.sqrt(ratio / (1 + ratio));
	}
}
