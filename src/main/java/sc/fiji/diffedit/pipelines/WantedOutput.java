package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** What a network would predict if it knew the noise that was added. */
final class WantedOutput {

	private WantedOutput() {}

	/**
	 * In 32 bits and the innermost scope.
	 *
	 * @param clean latents before the noise
	 * @param noise what was added, of the same shape
	 * @param level index into the timesteps of the schedule
	 */
	static Tensor of(final Scheduler scheduler, final SchedulerRun schedule, final Tensor clean, final Tensor noise, final int level) {
		final Tensor wanted = switch (scheduler.config().predictionType()) {
			case EPSILON -> noise;
			case SAMPLE -> clean;
			case V_PREDICTION -> schedule.addNoise(noise, clean.multiply(-1), level);   // a noise - s clean
		};
		return wanted.to(DType.FLOAT32);
	}
}
