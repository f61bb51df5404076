package sc.fiji.diffedit.pipelines;

import java.util.function.IntFunction;

import sc.fiji.diffedit.tensor.Tensor;

/**
 * Zhang et al. 2025, "EasyInv: Toward Fast and Better DDIM Inversion" (arXiv 2408.05159): latents that a step leads to are mixed in
 * equal parts with those before it, where the timestep lies between 5 and 25 percent of all, so that the image counts more. It
 * costs nothing.
 *
 * @param ddim the steps
 * @param numTrainTimesteps number of all timesteps
 */
record EasyInvPath(InversionPath ddim, int numTrainTimesteps) implements InversionPath {

	private static final double ETA = 0.5, FROM = 0.05, TO = 0.25;

	@Override
	public double timestep(final int level) {
		return ddim.timestep(level);
	}

	@Override
	public Tensor up(final int level, final Tensor here, final IntFunction<Tensor> kept) {
		final Tensor next = ddim.up(level, here, kept);
		final double time = timestep(level) / numTrainTimesteps;
		return time > FROM && time < TO ? next.multiply(ETA).plus(here.multiply(1 - ETA)) : next;
	}
}
