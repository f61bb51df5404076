package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.config.Config;

/**
 * Timesteps and sigmas of the methods that Karras et al. 2022 describe (Euler, Heun, LMS): timesteps need not be whole,
 * and the run ends at the image.
 */
final class SigmaSchedule {

	private final SchedulerConfig config;
	private final SigmaTable table;
	private final SigmaSpacing spacing;

	SigmaSchedule(final SchedulerConfig config, final SigmaSpacing spacing) {
		this.config = config;
		this.spacing = spacing;
		table = new SigmaTable(config);
	}

	SigmaTable table() {
		return table;
	}

	/** The timesteps by the config's spacing, rounded to 32 bits. */
	double[] plainTimesteps(final int steps) {
		final int train = config.numTrainTimesteps();
		if (config.timestepSpacing() != TimestepSpacing.LINSPACE) return config.timestepSpacing().descending(train, steps, config.stepsOffset());
		return inFloats(Timesteps.reversed(Timesteps.linspace(0, train - 1, steps)));
	}

	/** The given noise levels, or others between the first and the last of them, by the config's spacing. */
	double[] levels(final double[] plain, final int steps) {
		return spacing == SigmaSpacing.TIMESTEPS ? plain : spacing.levels(plain[0], plain[plain.length - 1], steps);
	}

	/** As without limits, for classes that have {@code sigma_min} and {@code sigma_max}. */
	double[] levels(final double[] plain, final int steps, final Config limits) {
		if (spacing == SigmaSpacing.TIMESTEPS) return plain;
		final double largest = limits.getDouble("sigma_max", plain[0]);
		final double smallest = limits.getDouble("sigma_min", plain[plain.length - 1]);
		if (!(smallest > 0 && largest >= smallest)) throw limits.unsupported("sigma_min", "a positive number below sigma_max");
		return spacing.levels(largest, smallest, steps);
	}

	/** The timesteps to call the network with: the plain ones, or those of other levels. */
	double[] timesteps(final double[] plain, final double[] levels) {
		return spacing == SigmaSpacing.TIMESTEPS ? plain : inFloats(table.timestepsOf(levels));
	}

	static double[] inFloats(final double[] values) {
		final double[] result = new double[values.length];
		for (int i = 0; i < result.length; i++) result[i] = (float) values[i];
		return result;
	}
}
