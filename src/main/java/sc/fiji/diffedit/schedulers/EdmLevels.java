package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Noise levels and scales of Karras et al. 2022 ("EDM", table 1), whose samples are {@code clean + sigma noise} and whose networks see
 * a quarter of sigma's logarithm as their timestep.
 */
final class EdmLevels {

	private final Config config;
	private final PredictionType predictionType;
	private final float dataVariance;
	private final double sigmaData;
	private final double smallest;
	private final double largest;
	private final double rho;
	private final boolean exponential;

	/**
	 * Reads {@code sigma_min} 0.002, {@code sigma_max} 80, {@code sigma_data} 0.5, {@code sigma_schedule} karras (exponential),
	 * {@code rho} 7, {@code prediction_type} epsilon (v_prediction).
	 */
	EdmLevels(final SchedulerConfig schedule) {
		config = schedule.json();
		predictionType = schedule.predictionType();
		if (predictionType == PredictionType.SAMPLE) throw config.unsupported("prediction_type", "epsilon or v_prediction");
		smallest = positive("sigma_min", 0.002);
		largest = positive("sigma_max", 80);
		if (largest < smallest) throw config.unsupported("sigma_max", "a number above sigma_min, " + smallest);
		sigmaData = positive("sigma_data", 0.5);
		dataVariance = (float) (sigmaData * sigmaData);
		rho = positive("rho", 7);
		exponential = ConfigWords.second(config, "sigma_schedule", "karras", "exponential");
	}

	private double positive(final String key, final double otherwise) {
		final double value = config.getDouble(key, otherwise);
		if (!(value > 0) || Double.isInfinite(value)) throw config.unsupported(key, "a finite number above 0");
		return value;
	}

	double smallest() {
		return smallest;
	}

	/** From the largest to the smallest. */
	double[] levels(final int steps) {
		return SigmaSchedule.inFloats(exponential ? SigmaSpacing.EXPONENTIAL.levels(largest, smallest, steps) : SigmaSpacing.karras(largest, smallest, steps, rho));
	}

	static double[] timesteps(final double[] levels) {
		final double[] timesteps = new double[levels.length];
		for (int i = 0; i < timesteps.length; i++) timesteps[i] = 0.25f * (float) Math.log((float) levels[i]);
		return timesteps;
	}

	double initNoiseSigma() {
		return Math.sqrt(largest * largest + 1);
	}

	/** What the network is shown. */
	Tensor scaled(final Tensor x, final float sigma) {
		return x.multiply(1 / (float) Math.sqrt(sigma * sigma + dataVariance));
	}

	/** The clean sample that an output means. */
	Tensor clean(final Tensor output, final Tensor x, final float sigma) {
		final float sum = sigma * sigma + dataVariance;
		final float scale = (float) (sigma * sigmaData) / (float) Math.sqrt(sum);
		return x.multiply(dataVariance / sum).plus(output.multiply(predictionType == PredictionType.EPSILON ? scale : -scale));
	}
}
