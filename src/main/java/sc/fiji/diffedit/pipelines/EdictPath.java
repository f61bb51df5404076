package sc.fiji.diffedit.pipelines;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

import sc.fiji.diffedit.schedulers.NoiseLevels;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * EDICT (Wallace, Gokul, Naik 2023, arXiv 2211.12446): two latents x and y that begin as equals. Each takes DDIM's steps
 * with the noise that is predicted from the other, which is there on the way back too; after a step down they are mixed a little,
 * so that they stay close. Which of the two goes first changes from level to level, as in the authors' program and the EDICT
 * pipeline of diffusers' community; there it changes with the steps from the noise, so that an odd number of them does not come back.
 * Kept of a level are x and y, one after the other along the channels; the image is x.
 *
 * @param noise what is predicted
 */
record EdictPath(LevelNoise noise) implements ExactPath {

	/** The authors' weight of a latent in its mixture. */
	private static final double P = 0.93;

	@Override
	public Tensor start(final Tensor latents) {
		final Tensor x = latents.to(DType.FLOAT32);
		return Tensor.cat(1, x, x);
	}

	@Override
	public Tensor up(final int level, final Tensor here, final IntFunction<Tensor> kept) {
		final List<Tensor> mixed = here.chunk(2, 1);
		final Tensor y = mixed.get(1).minus(mixed.get(0).multiply(1 - P)).div(P);
		final Tensor x = mixed.get(0).minus(y.multiply(1 - P)).div(P);
		final int next = level + 1;
		if (isXFirst(next)) {
			final Tensor movedY = step(y, x, next, level, next);
			return Tensor.cat(1, step(x, movedY, next, level, next), movedY);
		}
		final Tensor movedX = step(x, y, next, level, next);
		return Tensor.cat(1, movedX, step(y, movedX, next, level, next));
	}

	@Override
	public Tensor down(final int level, final Tensor here, final Optional<Tensor> above, final IntFunction<Tensor> kept) {
		Tensor x = here.chunk(2, 1).get(0), y = here.chunk(2, 1).get(1);
		if (isXFirst(level)) x = step(x, y, level, level, level - 1);
		y = step(y, x, level, level, level - 1);
		if (!isXFirst(level)) x = step(x, y, level, level, level - 1);
		final Tensor mixedX = x.multiply(P).plus(y.multiply(1 - P));
		return Tensor.cat(1, mixedX, y.multiply(P).plus(mixedX.multiply(1 - P)));
	}

	/** Whether x is the first of the two on the way down; on the way up it is the last. */
	private static boolean isXFirst(final int level) {
		return level % 2 == 0;
	}

	/** A latent moved along the noise in the other one. @param at the level whose timestep the network is told */
	private Tensor step(final Tensor latent, final Tensor other, final int at, final int from, final int to) {
		final NoiseLevels levels = noise.levels();
		return levels.move(latent, noise.of(other, at), from, to);
	}
}
