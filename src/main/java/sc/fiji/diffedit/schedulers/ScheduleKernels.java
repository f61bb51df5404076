package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The tables of noise schedules, computed by libtorch itself: some of its functions (square roots by MKL) are not rounded
 * correctly, and schedules with almost no signal at their end magnify the last bit to what one can see.
 */
final class ScheduleKernels {

	private static final class Holder {

		static final Kernels KERNELS = Kernels.load("schedulers");
	}

	private ScheduleKernels() {}

	/** Numbers from start to end in 32 bits. */
	static float[] linspace(final double start, final double end, final int n) {
		try (Scope scope = Scope.open()) {
			return Holder.KERNELS.call("linspace", start, end, n).toFloatArray();
		}
	}

	/** Products of 1 - beta up to each timestep. */
	static float[] alphasCumprod(final float[] betas) {
		return table("alphas_cumprod", betas);
	}

	/** Betas whose abar begins as the given one does and ends at 0: Lin et al. 2023, algorithm 1. */
	static float[] rescaleZeroTerminalSnr(final float[] bars) {
		return table("rescale_zero_terminal_snr", bars);
	}

	/** {@code sqrt((1 - abar) / abar)} for each abar. */
	static float[] sigmas(final float[] bars) {
		return table("sigmas", bars);
	}

	private static float[] table(final String kernel, final float[] values) {
		try (Scope scope = Scope.open()) {
			return Holder.KERNELS.call(kernel, Tensor.of(values, values.length)).toFloatArray();
		}
	}

	/** Dynamic thresholding of each image of a batch. */
	static Tensor threshold(final Tensor x, final double ratio, final double largest) {
		return Holder.KERNELS.call("threshold", x, ratio, largest);
	}
}
