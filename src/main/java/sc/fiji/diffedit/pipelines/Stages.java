package sc.fiji.diffedit.pipelines;

import java.util.Arrays;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.schedulers.DDIMInverseScheduler;
import sc.fiji.diffedit.schedulers.NoiseLevels;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerConfig;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Tensor;

/** What part of a noise schedule a pipeline walks, and with which scheduler. */
final class Stages {

	private Stages() {}

	/** The scheduler that the model's folder names. */
	static Scheduler scheduler(final DiffusionModel model) {
		return Scheduler.of(config(model));
	}

	/**
	 * The same for runs that begin with noise alone: there diffusers lets PNDM begin with Runge-Kutta steps unless the config skips them, and
	 * only its other pipelines skip them in any case.
	 */
	static Scheduler schedulerFromNoise(final DiffusionModel model) {
		final Config config = config(model);
		config.json().addProperty("skip_prk_steps", model.scheduler().getBoolean("skip_prk_steps", false));
		return Scheduler.of(config);
	}

	/** Another scheduler over the model's own noise schedule. */
	static Scheduler scheduler(final DiffusionModel model, final String className) {
		return Scheduler.of(className, config(model));
	}

	/**
	 * The noise levels that DDIM steps over, from the image upwards, for ways that are walked up and down.
	 *
	 * @param steps how many of the schedule's steps are taken
	 * @throws DiffEditException if nothing of the image is left after them
	 */
	static NoiseLevels levels(final DiffusionModel model, final int numInferenceSteps, final int steps) {
		final NoiseLevels levels = ((DDIMInverseScheduler) scheduler(model, "DDIMInverseScheduler")).levels(numInferenceSteps);
		levels.requireSomethingIsLeft(steps);
		return levels;
	}

	/**
	 * DPM-Solver's way up, whose noise levels must be those of its way down.
	 *
	 * @param steps how many of the schedule's steps are taken
	 */
	static SchedulerRun solverUpwards(final DiffusionModel model, final int numInferenceSteps, final int steps) {
		final SchedulerRun up = scheduler(model, "DPMSolverMultistepInverseScheduler").run(numInferenceSteps);
		final double[] rising = up.sigmas(), falling = scheduler(model, "DPMSolverMultistepScheduler").run(numInferenceSteps).sigmas();
		for (int level = 1; level <= steps; level++) {
			if (Math.abs(rising[level] - falling[numInferenceSteps - level]) <= 1e-3 * rising[level]) continue;
			throw new DiffEditException("DPM-Solver++ comes back from another noise level than the inversion reaches in step " + level + " of " + numInferenceSteps + "; use "
				+ (level == 1 ? "a model whose scheduler has timestep_spacing leading and no Karras sigmas, or another inversion." : "a strength below "
					+ level / (double) numInferenceSteps + ", or another inversion."));
		}
		return up;
	}

	private static Config config(final DiffusionModel model) {
		return model.unet().config().addedTextTime() ? SchedulerConfig.forLatents(model.scheduler())
			: SchedulerConfig.forStableDiffusion(model.scheduler());
	}

	/** Index of the first timestep that a strength leaves. */
	static int start(final String name, final Scheduler scheduler, final double strength, final int numInferenceSteps) {
		return (numInferenceSteps - Checks.steps(name, strength, numInferenceSteps)) * scheduler.order();
	}

	/**
	 * Index of the first timestep below the noise level at which another model stopped. A scheduler of order 2 is never cut
	 * between its two halves.
	 *
	 * @param denoisingStart part of the schedule that lies behind, in (0, 1)
	 */
	static int startAfter(final Scheduler scheduler, final SchedulerRun schedule, final double denoisingStart) {
		final double cutoff = cutoff(scheduler, denoisingStart);
		int left = 0;
		for (final double timestep : schedule.timesteps()) if (timestep < cutoff) left++;
		if (scheduler.order() == 2 && left % 2 == 0) left++;
		return Math.max(0, schedule.size() - left);
	}

	/** Index after the last timestep before a model hands over; the end for 1. */
	static int end(final Scheduler scheduler, final SchedulerRun schedule, final int from, final double denoisingEnd) {
		if (denoisingEnd <= 0 || denoisingEnd >= 1) return schedule.size();
		final double cutoff = cutoff(scheduler, denoisingEnd);
		int count = 0;
		for (int i = from; i < schedule.size(); i++) if (schedule.timesteps()[i] >= cutoff) count++;
		return from + count;
	}

	private static double cutoff(final Scheduler scheduler, final double part) {
		if (!scheduler.hasTrainingTimesteps()) throw new DiffEditException("Another model takes over at a part " + part
			+ " of the noise schedule, but the timesteps of " + scheduler.getClass().getSimpleName() + " are not those of training; choose another scheduler, or let one model do all.");
		final int training = scheduler.config().numTrainTimesteps();
		return Math.rint(training - part * training);
	}

	/** Refuses an inpainting model where a pipeline cannot feed it. */
	static void requirePlainUnet(final DiffusionModel model, final String pipeline) {
		final int channels = model.unet().config().inChannels();
		if (channels == model.vae().latentChannels()) return;
		throw new DiffEditException("unet/config.json asks for " + Counted.of(channels, "input channel") + "; " + pipeline + " needs "
			+ model.vae().latentChannels() + ". Choose a model that is not for inpainting.");
	}

	/** Refuses a model of few steps where a pipeline walks from image to noise. */
	static void requireInvertible(final DiffusionModel model) {
		if (model.unet().config().isGuidanceDistilled()) throw new DiffEditException("Model '" + model.name()
			+ "' was distilled to a few steps (time_cond_proj_dim) and cannot be walked back to noise. Find the mask with it and fill the mask by inpainting, or invert with the model that it was made of.");
	}

	/** Refuses a second model that cannot go on with the latents of a first one. */
	static void requireSameLatents(final DiffusionModel first, final DiffusionModel second) {
		if (first.vae().latentChannels() == second.vae().latentChannels() && first.vae().scaleFactor() == second.vae().scaleFactor()
			&& first.device().equals(second.device())) return;
		throw new DiffEditException("Model '" + second.name() + "' cannot go on with the latents of '" + first.name()
			+ "'; choose the refiner of that model, on the same device.");
	}

	/** Latents that another model has left, in the given shape. */
	static Tensor placed(final DiffusionModel model, final Latents given, final long... shape) {
		final Tensor latents = given.toTensor();
		if (!Arrays.equals(latents.shape(), shape)) {
			throw new DiffEditException("The latents have the shape " + Arrays.toString(latents.shape()) + "; needed is " + Arrays.toString(shape)
				+ ": those of the same image from a model with the same autoencoder.");
		}
		return latents.to(model.unet().dtype()).to(model.device());
	}
}
