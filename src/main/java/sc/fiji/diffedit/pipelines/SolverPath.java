package sc.fiji.diffedit.pipelines;

import java.util.function.IntFunction;

import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.tensor.Tensor;

/** A path whose steps are those of an inverse scheduler: DDIM or DPM-Solver++. */
record SolverPath(SchedulerRun schedule, Guidance guidance, InversionRegularization regularization) implements InversionPath {

	@Override
	public double timestep(final int level) {
		return schedule.timesteps()[level];
	}

	@Override
	public Tensor up(final int level, final Tensor here, final IntFunction<Tensor> kept) {
		final double timestep = timestep(level);
		return schedule.step(regularization.apply(guidance.predict(here, timestep, new StepOfRun(level, schedule.size())), here, timestep), level, here);
	}
}
