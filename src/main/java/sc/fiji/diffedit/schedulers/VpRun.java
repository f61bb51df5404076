package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** A run of a solver over lambda whose samples keep their variance: {@code alpha clean + sigma noise}. */
abstract class VpRun extends MultistepRun {

	/** One more than there are timesteps: the last is where the run ends. */
	final VpLevel[] levels;
	private final float[] sigmas;

	VpRun(final SchedulerConfig config, final double[] timesteps, final float[] sigmas) {
		this(config, timesteps, sigmas, VpLevel.of(sigmas));
	}

	VpRun(final SchedulerConfig config, final double[] timesteps, final float[] sigmas, final VpLevel[] levels) {
		super(config, timesteps);
		this.sigmas = sigmas;
		this.levels = levels;
	}

	@Override
	public double[] sigmas() {
		return SigmaTable.inDoubles(sigmas);
	}

	@Override
	public Tensor addNoise(final Tensor clean, final Tensor noise, final int i) {
		checkIndex(i);
		try (Scope scope = Scope.open()) {
			return scope.keep(clean.multiply(levels[i].alpha).plus(noise.multiply(levels[i].sigma)));
		}
	}

	@Override
	public Tensor addNoise(final Tensor clean, final Tensor noise, final double timestep) {
		return addNoise(clean, noise, SigmaRun.indexOf(timesteps, timestep));
	}

	/** The clean sample that an output means. */
	Tensor clean(final Tensor output, final int i, final Tensor x) {
		return config.predictionType().clean(output, x, levels[i].alpha, levels[i].sigma);
	}

	final Tensor noise(final Tensor output, final int i, final Tensor x) {
		return config.predictionType().noise(output, x, levels[i].alpha, levels[i].sigma);
	}
}
