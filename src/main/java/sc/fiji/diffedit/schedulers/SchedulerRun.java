package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * One walk along the timesteps of a {@link Scheduler} for one batch. Everything is given by the index into
 * {@link #timesteps()}, so equal timesteps (PNDM, Heun) are no riddle.
 *
 * <pre>{@code
 * try (SchedulerRun run = scheduler.run(50)) {
 *     Tensor latents = noise.randn(dtype, shape).multiply(run.initNoiseSigma());
 *     for (int i = 0; i < run.size(); i++) {
 *         Tensor output = unet.forward(run.scaleModelInput(latents, i), run.timesteps()[i], words);
 *         latents = run.step(output, i, latents, noise, eta);
 *     }
 * }
 * }</pre>
 *
 * A run may begin at any index (image-to-image: {@code t_start * order}); from there, methods that store earlier
 * outputs need every index in order. What they store belongs to the scope that was innermost when the run was made and
 * is freed with it or by {@link #close()}, whichever comes first.
 */
public interface SchedulerRun extends AutoCloseable {

	/** The timesteps in the order of use, one for each call of the network; whole numbers or, for some methods, not. */
	double[] timesteps();

	/** Number of timesteps. */
	default int size() {
		return timesteps().length;
	}

	/**
	 * The noise levels of methods that walk along them: standard deviation of the noise where the clean sample has scale 1,
	 * one more than there are timesteps; empty for methods that use only timesteps (DDIM, PNDM).
	 */
	double[] sigmas();

	/** Standard deviation of the pure noise that a run from index 0 begins with. */
	double initNoiseSigma();

	/** The network's input at the {@code i}-th timestep ({@code scale_model_input} in diffusers). */
	Tensor scaleModelInput(Tensor sample, int i);

	/**
	 * Takes the {@code i}-th step.
	 *
	 * @param modelOutput output of the network after guidance, in the shape of the sample
	 * @param i index into {@link #timesteps()}
	 * @param sample the sample at the noise level of the {@code i}-th timestep, not scaled
	 * @throws DiffEditException if the index is out of turn, or noise is needed and there is none
	 */
	StepResult advance(Tensor modelOutput, int i, Tensor sample, StepArguments arguments);

	/** As {@link #advance}, returning only the sample. */
	default Tensor step(final Tensor modelOutput, final int i, final Tensor sample, final StepArguments arguments) {
		final StepResult result = advance(modelOutput, i, sample, arguments);
		if (result.predOriginalSample() != result.prevSample()) result.predOriginalSample().close();
		return result.prevSample();
	}

	/** A step with a source of noise and, for DDIM, an eta from 0 to 1. */
	default Tensor step(final Tensor modelOutput, final int i, final Tensor sample, final Noise noise, final double eta) {
		return step(modelOutput, i, sample, StepArguments.DEFAULTS.withNoise(noise).withEta(eta));
	}

	/** A step without randomness. */
	default Tensor step(final Tensor modelOutput, final int i, final Tensor sample) {
		return step(modelOutput, i, sample, StepArguments.DEFAULTS);
	}

	/** The clean sample with noise of the level of the {@code i}-th timestep. */
	Tensor addNoise(Tensor clean, Tensor noise, int i);

	/**
	 * The clean sample with noise of the level of a timestep.
	 *
	 * @throws DiffEditException if this method knows levels only at its own {@link #timesteps()} and this is none of them
	 */
	Tensor addNoise(Tensor clean, Tensor noise, double timestep);

	@Override
	void close();
}
