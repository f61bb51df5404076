package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/** Timesteps of models that were distilled to few steps: some of those that they were distilled with, from the last one on. */
final class ConsistencyTimesteps {

	private ConsistencyTimesteps() {}

	/**
	 * Reads {@code original_inference_steps}, 50 by default.
	 *
	 * @throws DiffEditException if there are more steps than timesteps in distillation
	 */
	static double[] descending(final SchedulerConfig config, final int steps) {
		config.checkSteps(steps);
		final int train = config.numTrainTimesteps();
		final int original = config.json().getInt("original_inference_steps", 50);
		if (original < 1 || original > train) throw config.json().unsupported("original_inference_steps", "1 to " + train);
		if (steps > original) throw new DiffEditException("Got " + Counted.of(steps, "step") + ", but " + config.json().source() + " says that the model was distilled with "
			+ Counted.of(original, "timestep") + " (original_inference_steps); choose 1 to " + Counted.of(original, "step") + ", 4 to 8 are usual.");
		final double share = original / (double) steps;
		final double[] timesteps = new double[steps];
		for (int i = 0; i < steps; i++) timesteps[i] = (original - Math.floor(i * share)) * (train / original) - 1;
		return timesteps;
	}
}
