package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.tensor.Tensor;

/** Predicts the noise in latents, guided by prompts or not. */
@FunctionalInterface
interface NoisePredictor {

	/** The network's output for latents of shape (images, channels, h, w), in the innermost scope. */
	Tensor predict(Tensor latents, double timestep, StepOfRun step);
}
