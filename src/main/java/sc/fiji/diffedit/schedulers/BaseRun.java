package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** What the runs have in common: a scope around each step, checks of indices, noise levels. */
abstract class BaseRun implements SchedulerRun {

	final SchedulerConfig config;
	final double[] timesteps;

	BaseRun(final SchedulerConfig config, final double[] timesteps) {
		this.config = config;
		this.timesteps = timesteps;
	}

	@Override
	public double[] timesteps() {
		return timesteps.clone();
	}

	@Override
	public int size() {
		return timesteps.length;
	}

	@Override
	public double[] sigmas() {
		return new double[0];
	}

	@Override
	public double initNoiseSigma() {
		return 1;
	}

	@Override
	public Tensor scaleModelInput(final Tensor sample, final int i) {
		checkIndex(i);
		return sample;
	}

	@Override
	public final StepResult advance(final Tensor modelOutput, final int i, final Tensor sample, final StepArguments arguments) {
		checkIndex(i);
		try (Scope scope = Scope.open()) {
			final StepResult result = move(modelOutput, i, sample, arguments);
			return new StepResult(keepCopy(scope, result.prevSample(), modelOutput, sample), keepCopy(scope, result.predOriginalSample(), modelOutput, sample));
		}
	}

	/** A caller's own tensor is not handed back as ours, or closing the result would close it. */
	private static Tensor keepCopy(final Scope scope, final Tensor value, final Tensor modelOutput, final Tensor sample) {
		return scope.keep(value == modelOutput || value == sample ? value.copy() : value);
	}

	/** The arithmetic of a step, in a scope of its own. */
	abstract StepResult move(Tensor modelOutput, int i, Tensor sample, StepArguments arguments);

	/** The timestep of an index, as a place in the tables of training timesteps. */
	final int timestep(final int i) {
		return (int) timesteps[i];
	}

	@Override
	public Tensor addNoise(final Tensor clean, final Tensor noise, final int i) {
		checkIndex(i);
		return addNoise(clean, noise, timesteps[i]);
	}

	@Override
	public Tensor addNoise(final Tensor clean, final Tensor noise, final double timestep) {
		if (timestep != Math.rint(timestep)) throw new DiffEditException("Got timestep " + timestep + ", but a whole number is needed.");
		final float alpha = config.alphaCumprod((int) timestep);
		try (Scope scope = Scope.open()) {
			// as in diffusers, abar is rounded to the sample's type before the roots are taken
			final Tensor kept = Tensor.full(alpha, clean.dtype(), 1).to(clean.device());
			final Tensor lost = kept.negative().plus(1).sqrt();
			return scope.keep(clean.multiply(kept.sqrt()).plus(noise.multiply(lost)));
		}
	}

	final void checkIndex(final int i) {
		if (i < 0 || i >= timesteps.length) throw new DiffEditException("Got step " + i + ", but this run has steps 0 to " + (timesteps.length - 1) + ".");
	}

	@Override
	public void close() {}

	static double sqrt(final float x) {
		return (float) Math.sqrt(x);
	}
}
