package sc.fiji.diffedit.pipelines;

import java.util.Optional;
import java.util.function.IntFunction;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * A path that also leads back: {@link #down} is {@link #up} solved for what it came from. With equal predictions the way back ends
 * where the way up began, to rounding; all arithmetic is in 32 bits.
 */
interface ExactPath extends InversionPath {

	@Override
	default Tensor start(final Tensor latents) {
		return latents.to(DType.FLOAT32);
	}

	/** What is predicted. */
	LevelNoise noise();

	@Override
	default double timestep(final int level) {
		return noise().levels().timestep(level + 1);
	}

	/**
	 * What belongs to the level below.
	 *
	 * @param level of {@code here}, from 1
	 * @param here what belongs to this level, maybe edited
	 * @param above what belonged to the level above; empty on the first step
	 * @param kept what the inversion kept of every level up to the first one
	 */
	Tensor down(int level, Tensor here, Optional<Tensor> above, IntFunction<Tensor> kept);

	/**
	 * The path of an exact method.
	 *
	 * @param predicted what is predicted
	 * @param drawn for what is drawn on the way up; none is needed on the way down
	 */
	static ExactPath of(final InversionMethod method, final LevelNoise predicted, final Noise drawn) {
		switch (method) {
			case EDICT:
				return new EdictPath(predicted);
			case BDIA:
				return TwoStepPath.bdia(predicted);
			case O_BELM:
				return TwoStepPath.obelm(predicted);
			case EDIT_FRIENDLY:
				return new EditFriendlyPath(predicted, drawn);
			default:
				throw new IllegalArgumentException(method + " is not exact");
		}
	}
}
