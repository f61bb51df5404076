package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * What the network predicts about a noisy sample {@code x = a clean + s noise}, where {@code a} and {@code s} are the
 * scales of image and noise (sqrt(abar) and sqrt(1 - abar) where a schedule keeps the variance).
 */
public enum PredictionType {
	/** The noise. */
	EPSILON,
	/** The clean sample itself. */
	SAMPLE,
	/** {@code a noise - s clean}: Salimans and Ho 2022, section 2.4 of Imagen Video. */
	V_PREDICTION;

	static PredictionType of(final Config config) {
		switch (config.getString("prediction_type", "epsilon")) {
			case "epsilon":
				return EPSILON;
			case "sample":
				return SAMPLE;
			case "v_prediction":
				return V_PREDICTION;
			default:
				throw config.unsupported("prediction_type", "epsilon, sample or v_prediction");
		}
	}

	/** The clean sample implied by the network's output. */
	Tensor clean(final Tensor output, final Tensor sample, final double a, final double s) {
		switch (this) {
			case EPSILON:
				return sample.minus(output.multiply(s)).div(a);
			case SAMPLE:
				return output;
			default:
				return sample.multiply(a).minus(output.multiply(s));
		}
	}

	/** The noise implied by the network's output. */
	Tensor noise(final Tensor output, final Tensor sample, final double a, final double s) {
		switch (this) {
			case EPSILON:
				return output;
			case SAMPLE:
				return sample.minus(output.multiply(a)).div(s);
			default:
				return output.multiply(a).plus(sample.multiply(s));
		}
	}

	/**
	 * The clean sample where {@code x = clean + sigma noise}, and the network saw {@code x / sqrt(sigma^2 + 1)}.
	 *
	 * @param noisier the noise level after churning, which only a network that predicts noise hears of
	 */
	Tensor cleanAtSigma(final Tensor output, final Tensor sample, final float sigma, final float noisier) {
		switch (this) {
			case EPSILON:
				return sample.minus(output.multiply(noisier));
			case SAMPLE:
				return output;
			default:
				final float scale = sigma * sigma + 1;
				return output.multiply(-sigma / (float) Math.sqrt(scale)).plus(sample.div(scale));
		}
	}
}
