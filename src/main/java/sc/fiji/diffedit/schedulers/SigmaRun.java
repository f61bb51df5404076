package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** A run whose samples are {@code clean + sigma noise}, and whose network sees them scaled to variance 1. */
abstract class SigmaRun extends MultistepRun {

	/** One more than there are timesteps: the last is where the run ends. */
	final float[] sigmas;

	SigmaRun(final SchedulerConfig config, final double[] timesteps, final float[] sigmas) {
		super(config, timesteps);
		this.sigmas = sigmas;
	}

	@Override
	public double[] sigmas() {
		return SigmaTable.inDoubles(sigmas);
	}

	@Override
	public double initNoiseSigma() {
		float largest = 0;
		for (final float sigma : sigmas) largest = Math.max(largest, sigma);
		return config.timestepSpacing() == TimestepSpacing.LEADING ? (float) Math.sqrt(largest * largest + 1) : largest;
	}

	@Override
	public Tensor scaleModelInput(final Tensor sample, final int i) {
		checkIndex(i);
		return scaled(sample, sigmas[i]);
	}

	/** A sample of a noise level with variance 1. */
	static Tensor scaled(final Tensor sample, final float sigma) {
		return sample.div((float) Math.sqrt(sigma * sigma + 1));
	}

	@Override
	public Tensor addNoise(final Tensor clean, final Tensor noise, final int i) {
		checkIndex(i);
		try (Scope scope = Scope.open()) {
			return scope.keep(clean.plus(noise.multiply(sigmas[i])));
		}
	}

	@Override
	public Tensor addNoise(final Tensor clean, final Tensor noise, final double timestep) {
		return addNoise(clean, noise, indexOf(timesteps, timestep));
	}

	static int indexOf(final double[] timesteps, final double timestep) {
		for (int i = 0; i < timesteps.length; i++) {
			if (timesteps[i] == timestep) return i;
		}
		throw new DiffEditException("Got timestep " + timestep + ", which is none of this run's; use DDIM, or one of timesteps().");
	}
}
