package sc.fiji.diffedit.schedulers;

/**
 * Noise levels as sigmas: standard deviation of the noise where the clean sample has scale 1,
 * {@code sqrt((1 - abar) / abar)}, for every training timestep, and the ways between sigmas and timesteps. The table is
 * in 32 bits, what is read between its entries in 64, as in NumPy.
 */
final class SigmaTable {

	private final float[] sigmas;
	private final float[] logs;

	SigmaTable(final SchedulerConfig config) {
		sigmas = ScheduleKernels.sigmas(config.alphasCumprod());
		logs = new float[sigmas.length];
		for (int t = 0; t < logs.length; t++) logs[t] = (float) Math.log(sigmas[t]);
	}

	/** The sigma of the last training timestep. */
	float largest() {
		return sigmas[sigmas.length - 1];
	}

	/** The sigma of training timestep 0. */
	float smallest() {
		return sigmas[0];
	}

	float at(final int timestep) {
		return sigmas[timestep];
	}

	/** The logarithm of the sigma of a training timestep. */
	float logAt(final int timestep) {
		return logs[timestep];
	}

	/** Sigmas of timesteps that may lie between training timesteps. */
	double[] at(final double[] timesteps) {
		final double[] result = new double[timesteps.length];
		for (int i = 0; i < result.length; i++) result[i] = interpolated(timesteps[i]);
		return result;
	}

	private double interpolated(final double t) {
		final int last = sigmas.length - 1;
		if (t <= 0) return sigmas[0];
		if (t >= last) return sigmas[last];
		final int low = (int) t;
		return ((double) sigmas[low + 1] - sigmas[low]) * (t - low) + sigmas[low];
	}

	/** Timesteps whose sigmas these are; interpolated between logarithms. */
	double[] timestepsOf(final double[] levels) {
		final double[] result = new double[levels.length];
		for (int i = 0; i < result.length; i++) result[i] = timestepOf(levels[i]);
		return result;
	}

	private double timestepOf(final double sigma) {
		final double log = Math.log(Math.max(sigma, 1e-10));
		int low = logs.length - 1;
		while (low > 0 && log < logs[low]) low--;
		low = Math.min(low, logs.length - 2);
		final double share = (logs[low] - log) / (logs[low] - logs[low + 1]);
		final double w = Math.min(Math.max(share, 0), 1);
		return (1 - w) * low + w * (low + 1);
	}

	static float[] withLast(final double[] levels, final double last) {
		final float[] result = new float[levels.length + 1];
		for (int i = 0; i < levels.length; i++) result[i] = (float) levels[i];
		result[levels.length] = (float) last;
		return result;
	}

	static double[] inDoubles(final float[] values) {
		final double[] result = new double[values.length];
		for (int i = 0; i < result.length; i++) result[i] = values[i];
		return result;
	}
}
