package sc.fiji.diffedit.schedulers;

import java.util.Arrays;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/** Whole timesteps of the solvers over lambda, which spread one step more than they take. */
final class SolverSchedule {

	private SolverSchedule() {}

	/**
	 * Descending timesteps of the leading, trailing or linspace kind.
	 *
	 * @param last number of training timesteps that are used, from 0
	 */
	static double[] descending(final SchedulerConfig config, final int steps, final int last) {
		switch (config.timestepSpacing()) {
			case LINSPACE:
				return firsts(Timesteps.linspaceDescending(last, steps + 1), steps);
			case LEADING:
				if (last / (steps + 1) == 0) throw new DiffEditException("Got " + Counted.of(steps, "step") + ", but the leading spacing of "
					+ config.json().source() + " has room for fewer than " + last + "; choose fewer steps or another timestep_spacing.");
				final double[] leading = new double[steps];
				for (int i = 0; i < steps; i++) leading[i] = (double) (steps - i) * (last / (steps + 1)) + config.stepsOffset();
				return leading;
			default:
				final double[] trailing = Timesteps.rounded(Timesteps.downFrom(last, config.numTrainTimesteps() / (double) steps));
				for (int i = 0; i < trailing.length; i++) trailing[i] -= 1;
				return trailing;
		}
	}

	static double[] firsts(final double[] values, final int n) {
		return Arrays.copyOf(values, n);
	}

	/** Timesteps as whole numbers: rounded to the nearest, or cut off. */
	static double[] whole(final double[] timesteps, final boolean round) {
		final double[] result = new double[timesteps.length];
		for (int i = 0; i < result.length; i++) result[i] = round ? Math.rint(timesteps[i]) : Math.floor(timesteps[i]);
		return result;
	}
}
