package sc.fiji.diffedit.schedulers;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.weights.Config;

/**
 * The numbers that all schedulers share: betas, their cumulative products, what the network predicts, and how timesteps
 * are spread. Computed in the precision of diffusers: 32-bit betas, products accumulated in 64 bits and stored in 32.
 */
public final class SchedulerConfig {

	private static final int MAX_TRAIN_TIMESTEPS = 1_000_000;
	private static final double MAX_BETA = 0.999;

	private final Config config;
	private final PredictionType predictionType;
	private final TimestepSpacing timestepSpacing;
	private final int stepsOffset;
	private final boolean rescaleBetasZeroSnr;
	private final float[] betas;
	private final float[] alphasCumprod;

	/** @param spacing the class's own default, used when the config has none */
	SchedulerConfig(final Config config, final TimestepSpacing spacing) {
		this(config, spacing, config.getBoolean("rescale_betas_zero_snr", false));
	}

	/** @param zeroSnr whether betas are rescaled: some classes do not know that key */
	SchedulerConfig(final Config config, final TimestepSpacing spacing, final boolean zeroSnr) {
		this.config = config;
		predictionType = PredictionType.of(config);
		timestepSpacing = TimestepSpacing.of(config, spacing);
		stepsOffset = config.getInt("steps_offset", 0);
		rescaleBetasZeroSnr = zeroSnr;
		betas = zeroSnr ? rescaleZeroTerminalSnr(betas(config)) : betas(config);
		alphasCumprod = cumulativeProduct(betas);
		if (stepsOffset < 0 || stepsOffset >= betas.length) throw config.unsupported("steps_offset", "0 to " + (betas.length - 1));
	}

	// -- configs of the Stable Diffusion family --

	/**
	 * The config as the pipelines of Stable Diffusion 1 and 2 use it: latents are never clipped or thresholded,
	 * {@code steps_offset} is 1 and {@code skip_prk_steps} is true, whatever the file says. Diffusers does the same with
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

	/** Whether the last training timestep is pure noise. */
	public boolean rescaleBetasZeroSnr() {
		return rescaleBetasZeroSnr;
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

	/** Throws unless the number of steps lies between 1 and the number of training timesteps. */
	void checkSteps(final int steps) {
		if (steps < 1 || steps > betas.length) throw new DiffEditException("Got " + steps + " steps, but the model was trained with "
			+ betas.length + " timesteps; choose 1 to " + betas.length + " steps.");
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
				return linspace(start, end, n);
			case "scaled_linear":
				return squares(linspace(Math.sqrt(start), Math.sqrt(end), n));
			case "squaredcos_cap_v2":
				return cosine(n);
			default:
				throw config.unsupported("beta_schedule", "linear, scaled_linear or squaredcos_cap_v2");
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

	/** {@code torch.linspace} in 32 bits, which counts from both ends. */
	static float[] linspace(final double start, final double end, final int n) {
		final float[] values = new float[n];
		final float first = (float) start;
		final float last = (float) end;
		final float step = n > 1 ? (last - first) / (n - 1) : 0;
		for (int i = 0; i < n; i++) values[i] = i < n / 2 || n == 1 ? first + step * i : last - step * (n - 1 - i);
		return values;
	}

	private static float[] squares(final float[] values) {
		for (int i = 0; i < values.length; i++) values[i] *= values[i];
		return values;
	}

	/** Nichol and Dhariwal 2021: abar falls as a squared cosine, no beta above 0.999. */
	private static float[] cosine(final int n) {
		final float[] betas = new float[n];
		for (int i = 0; i < n; i++) {
			betas[i] = (float) Math.min(1 - cosineBar((i + 1) / (double) n) / cosineBar(i / (double) n), MAX_BETA);
		}
		return betas;
	}

	private static double cosineBar(final double t) {
		final double cos = Math.cos((t + 0.008) / 1.008 * Math.PI / 2);
		return cos * cos;
	}

	/** Lin et al. 2023, algorithm 1: shifts and scales sqrt(abar), so that the last is 0 and the first stays. */
	private static float[] rescaleZeroTerminalSnr(final float[] betas) {
		final float[] bar = cumulativeProduct(betas);
		final int n = bar.length;
		final float[] roots = new float[n];
		for (int i = 0; i < n; i++) roots[i] = (float) Math.sqrt(bar[i]);
		final float last = roots[n - 1];
		final float scale = roots[0] / (roots[0] - last);
		for (int i = 0; i < n; i++) {
			final float root = (roots[i] - last) * scale;
			bar[i] = root * root;
		}
		final float[] rescaled = new float[n];
		for (int i = 0; i < n; i++) rescaled[i] = 1 - (i == 0 ? bar[0] : bar[i] / bar[i - 1]);
		return rescaled;
	}

	/** Products of 1 - beta, accumulated in 64 bits as torch does on the CPU. */
	private static float[] cumulativeProduct(final float[] betas) {
		final float[] products = new float[betas.length];
		double product = 1;
		for (int i = 0; i < products.length; i++) {
			product *= 1 - betas[i];
			products[i] = (float) product;
		}
		return products;
	}
}
