package sc.fiji.diffedit.weights;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** What a table of a noise schedule holds: diffusers', CompVis's and Stability AI's names for numbers that all follow from the first of them. */
public enum NoiseTableKind {
	ALPHAS_CUMPROD("alphas_cumprod", bar -> bar),
	ALPHAS_CUMPROD_PREV("alphas_cumprod_prev", bar -> bar),
	BETAS("betas", bar -> 1 - bar),
	ALPHAS("alphas", bar -> bar),
	SQRT_ALPHAS_CUMPROD("sqrt_alphas_cumprod", Math::sqrt),
	SQRT_ONE_MINUS_ALPHAS_CUMPROD("sqrt_one_minus_alphas_cumprod", bar -> Math.sqrt(1 - bar)),
	LOG_ONE_MINUS_ALPHAS_CUMPROD("log_one_minus_alphas_cumprod", bar -> Math.log(1 - bar)),
	SQRT_RECIP_ALPHAS_CUMPROD("sqrt_recip_alphas_cumprod", bar -> Math.sqrt(1 / bar)),
	SQRT_RECIPM1_ALPHAS_CUMPROD("sqrt_recipm1_alphas_cumprod", bar -> Math.sqrt(1 / bar - 1)),
	SIGMAS("denoiser.sigmas", bar -> Math.sqrt(1 / bar - 1));

	private final String tensor;
	private final DoubleUnaryOperator number;

	NoiseTableKind(final String tensor, final DoubleUnaryOperator number) {
		this.tensor = tensor;
		this.number = number;
	}

	/** The kind of a tensor of this name, which may be that of a whole training program's model; empty where it is no table. */
	static Optional<NoiseTableKind> of(final String name) {
		final String own = name.startsWith("model.") ? name.substring("model.".length()) : name;
		return Arrays.stream(values()).filter(kind -> kind.tensor.equals(own)).findFirst();
	}

	/**
	 * The table of a schedule.
	 *
	 * @param alphasCumprod share of the clean sample's variance that is left at each training timestep
	 */
	float[] of(final float[] alphasCumprod) {
		final float[] table = new float[alphasCumprod.length];
		for (int i = 0; i < table.length; i++) {
			final double before = i == 0 ? 1 : alphasCumprod[i - 1];
			table[i] = (float) number.applyAsDouble(switch (this) {
				case ALPHAS, BETAS -> alphasCumprod[i] / before;
				case ALPHAS_CUMPROD_PREV -> before;
				default -> alphasCumprod[i];
			});
		}
		return table;
	}
}
