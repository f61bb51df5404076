package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

import sc.fiji.diffedit.schedulers.NoiseLevels;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * DDIM backwards, where the noise is that of the level a step leads to: what a denoising step will see. Since that level is not
 * known before the step, it is guessed with DDIM's inversion and the step repeated from the guess: x' = move(x, noise(x')) as a
 * fixed point (Pan et al. 2023, arXiv 2309.04907).
 * <p>
 * ReNoise (Garibi et al. 2024, arXiv 2403.14602) ends with a step along the mean of predictions: of all of them in
 * the first quarter of the timesteps, where guesses are good from the start, and of the last two above, as its authors' program
 * does. The two further parts of that paper, which pull the noise towards normal numbers and correct it for samplers that add
 * noise, are not in here: edits gain from the first, but reconstruction, which this is for, does not, and DDIM adds no noise.
 *
 * @param noise what is predicted
 * @param rounds how often a step is repeated
 * @param averaged as in ReNoise
 */
record IteratedPath(LevelNoise noise, int rounds, boolean averaged) implements InversionPath {

	private static final double EARLY = 0.25;

	@Override
	public Tensor start(final Tensor latents) {
		return latents.to(DType.FLOAT32);
	}

	@Override
	public double timestep(final int level) {
		return noise.levels().timestep(level + 1);
	}

	@Override
	public Tensor up(final int level, final Tensor here, final IntFunction<Tensor> kept) {
		final NoiseLevels levels = noise.levels();
		final List<Tensor> predictions = new ArrayList<>(List.of(noise.of(here, level, level + 1)));
		for (int round = 0; round < rounds; round++) {
			final Tensor guess = levels.move(here, predictions.get(round), level, level + 1);
			predictions.add(noise.of(guess, level + 1));
		}
		return levels.move(here, averaged ? mean(averagedAt(level, predictions)) : predictions.get(rounds), level, level + 1);
	}

	private List<Tensor> averagedAt(final int level, final List<Tensor> predictions) {
		final boolean early = timestep(level) < EARLY * noise.levels().numTrainTimesteps();
		return early ? predictions : predictions.subList(rounds - 1, rounds + 1);
	}

	private static Tensor mean(final List<Tensor> predictions) {
		return predictions.stream().reduce(Tensor::plus).orElseThrow().div(predictions.size());
	}
}
