package sc.fiji.diffedit.models;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Whether what a network gives are numbers. NaN and infinity would go on silently: as an empty mask, as noise, or as a
 * complaint about the user's image. So each network's result is checked once on its device, by one reduction.
 */
public final class Finite {

	private Finite() {}

	/**
	 * Looks at the result of a network whose input was sound.
	 *
	 * @param network how messages name it, such as {@code text_encoder}
	 * @return the result
	 * @throws DiffEditException if it holds NaN or infinity
	 */
	public static Tensor result(final String network, final Tensor result) {
		if (result.isFinite()) return result;
		throw overflow(network, result.dtype());
	}

	/** The exception for a network that got numbers and gives none: by what type it computes in, precision is the cause or cannot be. */
	static DiffEditException overflow(final String network, final DType dtype) {
		if (dtype == DType.FLOAT32) {
			return new DiffEditException("The output of the " + network + " contains NaN or infinity; its weights are broken, or an adapter is too strong: "
				+ "take another copy of the model, or lower the adapter's scale.");
		}
		return new DiffEditException("The output of the " + network + " contains NaN or infinity; its numbers go beyond what " + dtype.torchName()
			+ " holds: load the model with dtype: " + (dtype == DType.FLOAT16 ? "bfloat16 or float32." : "float32."));
	}
}
