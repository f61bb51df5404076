package sc.fiji.diffedit.schedulers;

/** Lists of timesteps as NumPy makes them; rounding is to the nearest even number there. */
final class Timesteps {

	private Timesteps() {}

	/** {@code np.linspace(start, stop, n)}. */
	static double[] linspace(final double start, final double stop, final int n) {
		final double[] values = new double[n];
		if (n == 1) {
			values[0] = start;
			return values;
		}
		final double step = (stop - start) / (n - 1);
		for (int i = 0; i < n; i++) values[i] = i * step + start;
		values[n - 1] = stop;
		return values;
	}

	/** {@code np.arange(start, 0, -step)}. */
	static double[] downFrom(final double start, final double step) {
		final int n = (int) Math.ceil((0 - start) / -step);
		final double delta = (start - step) - start;
		final double[] values = new double[n];
		for (int i = 0; i < n; i++) values[i] = start + i * delta;
		return values;
	}

	/** Evenly over all training timesteps, both ends included, descending. */
	static double[] linspaceDescending(final int trainTimesteps, final int steps) {
		return rounded(reversed(linspace(0, trainTimesteps - 1, steps)));
	}

	/** Multiples of a whole ratio, descending, moved up by the offset. */
	static double[] leadingDescending(final int trainTimesteps, final int steps, final int offset) {
		final int ratio = trainTimesteps / steps;
		final double[] values = new double[steps];
		for (int i = 0; i < steps; i++) values[i] = (double) (steps - 1 - i) * ratio + offset;
		return values;
	}

	/** From the last training timestep downwards, descending. */
	static double[] trailingDescending(final int trainTimesteps, final int steps) {
		final double[] values = rounded(downFrom(trainTimesteps, trainTimesteps / (double) steps));
		for (int i = 0; i < values.length; i++) values[i] -= 1;
		return values;
	}

	static double[] rounded(final double[] values) {
		final double[] whole = new double[values.length];
		for (int i = 0; i < whole.length; i++) whole[i] = Math.rint(values[i]);
		return whole;
	}

	static double[] reversed(final double[] values) {
		final double[] result = new double[values.length];
		for (int i = 0; i < result.length; i++) result[i] = values[values.length - 1 - i];
		return result;
	}
}
