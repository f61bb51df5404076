package sc.fiji.diffedit.pipelines;

import java.util.function.IntFunction;

import sc.fiji.diffedit.schedulers.DDIMInverseScheduler;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Tensor;

/** A way from an image towards noise, a level at a time; level 0 is the image itself. Results are in the innermost scope. */
interface InversionPath {

	/** What is kept of level 0. @param latents of the images, (images, channels, h, w) */
	default Tensor start(final Tensor latents) {
		return latents;
	}

	/** The timestep that belongs to the step from a level. */
	double timestep(int level);

	/**
	 * What is kept of the next level.
	 *
	 * @param level of {@code here}, from 0
	 * @param here what is kept of this level
	 * @param kept what is kept of the levels up to this one
	 */
	Tensor up(int level, Tensor here, IntFunction<Tensor> kept);

	/** The path of a request. @param noise for what is drawn */
	static InversionPath of(final DiffusionModel model, final InvertRequest request, final Guidance guidance, final Noise noise) {
		final DDIMInverseScheduler ddim = (DDIMInverseScheduler) Stages.scheduler(model, "DDIMInverseScheduler");
		final int steps = request.numInferenceSteps();
		switch (request.inversionMethod()) {
			case DDIM:
				return new SolverPath(ddim.run(steps), guidance, InversionRegularization.of(request, ddim.config(), noise));
			case EASYINV:
				return new EasyInvPath(new SolverPath(ddim.run(steps), guidance, InversionRegularization.NONE), ddim.config().numTrainTimesteps());
			case DPM_SOLVER:
				return new SolverPath(Stages.solverUpwards(model, steps, request.steps()), guidance, InversionRegularization.NONE);
			case FIXED_POINT:
			case RENOISE:
				return new IteratedPath(LevelNoise.of(ddim.levels(steps), request.steps(), guidance, model), request.inversionRounds(), request.inversionMethod() == InversionMethod.RENOISE);
			default:
				return ExactPath.of(request.inversionMethod(), LevelNoise.of(Stages.levels(model, steps, request.steps()), request.steps(), guidance, model), noise);
		}
	}
}
