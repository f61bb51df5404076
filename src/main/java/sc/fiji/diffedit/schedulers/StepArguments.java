package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Arguments of a step besides the network's output; each scheduler reads those it supports and ignores the rest, as the
 * pipelines of diffusers do.
 */
public final class StepArguments {

	/** No source of noise, eta 0, no churn, LMS of order 4. */
	public static final StepArguments DEFAULTS = new StepArguments(null, 0, false, 4, 0, 0, Double.POSITIVE_INFINITY, 1);

	private final Noise noise;
	private final double eta;
	private final boolean useClippedModelOutput;
	private final int order;
	private final double sChurn;
	private final double sTmin;
	private final double sTmax;
	private final double sNoise;

	private StepArguments(final Noise noise, final double eta, final boolean useClippedModelOutput, final int order,
		final double sChurn, final double sTmin, final double sTmax, final double sNoise)
	{
		this.noise = noise;
		this.eta = eta;
		this.useClippedModelOutput = useClippedModelOutput;
		this.order = order;
		this.sChurn = sChurn;
		this.sTmin = sTmin;
		this.sTmax = sTmax;
		this.sNoise = sNoise;
	}

	/** Where methods that add noise in each step draw it from. */
	public StepArguments withNoise(final Noise source) {
		return new StepArguments(source, eta, useClippedModelOutput, order, sChurn, sTmin, sTmax, sNoise);
	}

	/** DDIM: 0 draws nothing, 1 is DDPM. */
	public StepArguments withEta(final double value) {
		if (!(value >= 0 && value <= 1)) throw new DiffEditException("Got eta " + value + ", but a number from 0 to 1 is needed; 0 adds no noise.");
		return new StepArguments(noise, value, useClippedModelOutput, order, sChurn, sTmin, sTmax, sNoise);
	}

	/** DDIM: whether the noise is recomputed from a clipped estimate of the clean sample. */
	public StepArguments withUseClippedModelOutput(final boolean value) {
		return new StepArguments(noise, eta, value, order, sChurn, sTmin, sTmax, sNoise);
	}

	/** LMS: how many outputs are combined at most, from 1. */
	public StepArguments withOrder(final int value) {
		if (value < 1) throw new DiffEditException("Got order " + value + ", but at least 1 is needed; 4 is usual.");
		return new StepArguments(noise, eta, useClippedModelOutput, value, sChurn, sTmin, sTmax, sNoise);
	}

	/**
	 * Euler and Heun: noise added before a step, Karras et al. 2022, algorithm 2.
	 *
	 * @param churn amount over all steps; 0 for none
	 * @param tmin smallest noise level that is churned
	 * @param tmax largest noise level that is churned
	 * @param scale of the noise that is added
	 */
	public StepArguments withChurn(final double churn, final double tmin, final double tmax, final double scale) {
		return new StepArguments(noise, eta, useClippedModelOutput, order, churn, tmin, tmax, scale);
	}

	public double eta() {
		return eta;
	}

	public boolean useClippedModelOutput() {
		return useClippedModelOutput;
	}

	public int order() {
		return order;
	}

	public double sNoise() {
		return sNoise;
	}

	/** The noise level from which a step at level {@code sigma} goes, the level itself without churn. */
	float churned(final float sigma, final int levels) {
		final double churn = sigma < sTmin || sigma > sTmax ? 0 : Math.min(sChurn / levels, Math.sqrt(2) - 1);
		return sigma * (float) (1 + churn);
	}

	/** The sample with noise from one level up to another; like {@code like} is how the noise is drawn. */
	Tensor churn(final Tensor x, final Tensor like, final float sigma, final float noisier) {
		if (noisier <= sigma) return x;
		final float added = (float) Math.sqrt(noisier * noisier - sigma * sigma);
		return x.plus(drawLike(like).multiply(sNoise).multiply(added));
	}

	/** Noise of the shape, type and device of a tensor. */
	Tensor drawLike(final Tensor x) {
		if (noise == null) throw new DiffEditException("This step adds noise and got no seed; give it a Noise, or use eta 0 and a scheduler that is not ancestral.");
		return noise.randn(x.dtype(), x.shape()).to(x.device());
	}
}
