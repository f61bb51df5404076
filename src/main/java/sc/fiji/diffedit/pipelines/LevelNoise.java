package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.schedulers.NoiseLevels;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** Noise predictions for methods that do their own arithmetic: always in 32 bits, whatever the network computes in. */
interface LevelNoise {

	NoiseLevels levels();

	/** The network's output for a sample that is told the timestep of a level, in 32 bits and the innermost scope. */
	Tensor output(Tensor sample, int told);

	/** The noise in a sample of a level, told the timestep of that level. */
	default Tensor of(final Tensor sample, final int level) {
		return of(sample, level, level);
	}

	/** The noise in a sample of a level, told the timestep of perhaps another. */
	default Tensor of(final Tensor sample, final int level, final int told) {
		return levels().noise(output(sample, told), sample, level);
	}

	/** @param steps how many levels are walked down; on the way up it makes no difference */
	static LevelNoise of(final NoiseLevels levels, final int steps, final NoisePredictor guidance, final DiffusionModel model) {
		return new LevelNoise() {

			@Override
			public NoiseLevels levels() {
				return levels;
			}

			@Override
			public Tensor output(final Tensor sample, final int told) {
				return guidance.predict(sample.to(model.unet().dtype()), levels.timestep(told), new StepOfRun(steps - told, steps)).to(DType.FLOAT32);
			}
		};
	}
}
