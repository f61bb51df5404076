package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/**
 * A noise schedule and a method of walking along it: immutable, shared by any number of {@linkplain #run runs}.
 * Classes, keys and defaults are those of diffusers ({@code diffusers/schedulers}). For models of the Stable Diffusion
 * family pass configs through {@link SchedulerConfig#forStableDiffusion} or {@link SchedulerConfig#forLatents} first.
 */
public interface Scheduler {

	/** Makes the scheduler of the class that the config names itself in {@code _class_name}. */
	static Scheduler of(final Config config) {
		if (!config.has("_class_name")) throw new DiffEditException(config.source() + " names no scheduler class; choose a complete model folder.");
		return of(config.getString("_class_name", ""), config);
	}

	/** @throws DiffEditException if the class that the config names is unknown; its numbers are not looked at */
	static void check(final Config config) {
		Schedulers.requireKnown(config.getString("_class_name", ""), config);
	}

	/**
	 * Makes a scheduler of some class with the keys of a config that may have been written by another, as
	 * {@code from_config} in diffusers: shared keys count, others are ignored, missing ones have the class's default.
	 *
	 * @throws DiffEditException if the class is unknown, or a value has an unsupported type or range
	 */
	static Scheduler of(final String className, final Config config) {
		return Schedulers.of(className, config);
	}

	/** The numbers that all schedulers share. */
	SchedulerConfig config();

	/** Number of timesteps that make one step: 2 for Heun, else 1 ({@code order} in diffusers). */
	default int order() {
		return 1;
	}

	/** Whether its timesteps are those of training, so that a part of the schedule can be told by them; else they are angles or logarithms. */
	default boolean hasTrainingTimesteps() {
		return true;
	}

	/**
	 * Begins a run ({@code set_timesteps}) in the innermost scope of this thread.
	 *
	 * @param numInferenceSteps from 1 to the number of training timesteps
	 * @throws DiffEditException if the number of steps is not possible with this scheduler
	 */
	SchedulerRun run(int numInferenceSteps);
}
