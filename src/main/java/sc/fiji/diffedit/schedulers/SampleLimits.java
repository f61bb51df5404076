package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * What is done to an estimate of the clean sample: nothing, clipping to a range, or dynamic thresholding (Saharia et al.
 * 2022, Imagen, section 2.3), which wins over clipping. Meant for pixels, not for latents.
 */
final class SampleLimits {

	private final boolean clip;
	private final double range;
	private final boolean thresholding;
	private final double ratio;
	private final double largest;

	private SampleLimits(final Config config, final boolean clip, final boolean thresholding) {
		this.clip = clip;
		this.thresholding = thresholding;
		range = config.getDouble("clip_sample_range", 1);
		ratio = config.getDouble("dynamic_thresholding_ratio", 0.995);
		largest = config.getDouble("sample_max_value", 1);
		if (!(ratio >= 0 && ratio <= 1)) throw config.unsupported("dynamic_thresholding_ratio", "0 to 1");
	}

	/** Clipping if enabled in the config or by the class's default, and thresholding if enabled. */
	static SampleLimits of(final Config config, final boolean otherwise) {
		return new SampleLimits(config, config.getBoolean("clip_sample", otherwise), config.getBoolean("thresholding", false));
	}

	/** Clipping if enabled in the config or by the class's default; no thresholding. */
	static SampleLimits clipping(final Config config, final boolean otherwise) {
		return new SampleLimits(config, config.getBoolean("clip_sample", otherwise), false);
	}

	/** Thresholding if enabled in the config; no clipping. */
	static SampleLimits thresholding(final Config config) {
		return new SampleLimits(config, false, config.getBoolean("thresholding", false));
	}

	boolean changeAnything() {
		return clip || thresholding;
	}

	Tensor apply(final Tensor clean) {
		if (thresholding) return ScheduleKernels.threshold(clean, ratio, largest);
		return clip ? clean.clamp(-range, range) : clean;
	}
}
