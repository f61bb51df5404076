package sc.fiji.diffedit.schedulers;

import java.util.Locale;

import sc.fiji.diffedit.config.Config;

/**
 * How the few timesteps of a run are spread over those of training: Lin et al. 2023, "Common Diffusion Noise Schedules
 * and Sample Steps are Flawed", table 2.
 */
public enum TimestepSpacing {
	LINSPACE, LEADING, TRAILING;

	static TimestepSpacing of(final Config config, final TimestepSpacing otherwise) {
		if (!config.has("timestep_spacing")) return otherwise;
		final String word = config.getString("timestep_spacing", "");
		for (final TimestepSpacing spacing : values()) {
			if (spacing.toString().equals(word)) return spacing;
		}
		throw config.unsupported("timestep_spacing", "linspace, leading or trailing");
	}

	/** Whole training timesteps, descending; the offset counts for the leading spacing only. */
	double[] descending(final int trainTimesteps, final int steps, final int offset) {
		switch (this) {
			case LINSPACE:
				return Timesteps.linspaceDescending(trainTimesteps, steps);
			case LEADING:
				return Timesteps.leadingDescending(trainTimesteps, steps, offset);
			default:
				return Timesteps.trailingDescending(trainTimesteps, steps);
		}
	}

	/** The word in a config. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}
}
