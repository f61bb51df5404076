package sc.fiji.diffedit.schedulers;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/** How the noise levels of a run are spread between its first and its last. */
enum SigmaSpacing {

	/** Those of the timesteps. */
	TIMESTEPS,
	/** Karras et al. 2022, equation 5, with rho 7: dense near the image. */
	KARRAS {

		@Override
		double[] levels(final double first, final double last, final int n) {
			return karras(first, last, n, RHO);
		}
	},
	/** Even in the logarithm. */
	EXPONENTIAL {

		@Override
		double[] levels(final double first, final double last, final int n) {
			final double[] logs = Timesteps.linspace(Math.log(first), Math.log(last), n);
			for (int i = 0; i < n; i++) logs[i] = Math.exp(logs[i]);
			return logs;
		}
	},
	/** Lee et al. 2024, "Beta Sampling is All You Need": quantiles of a beta distribution, dense at both ends. */
	BETA {

		@Override
		double[] levels(final double first, final double last, final int n) {
			final double[] ramp = Timesteps.linspace(0, 1, n);
			for (int i = 0; i < n; i++) ramp[i] = last + BetaDistribution.quantile(1 - ramp[i], 0.6) * (first - last);
			return ramp;
		}
	};

	private static final double RHO = 7;

	static double[] karras(final double first, final double last, final int n, final double rho) {
		final double from = Math.pow(first, 1 / rho);
		final double to = Math.pow(last, 1 / rho);
		final double[] ramp = Timesteps.linspace(0, 1, n);
		for (int i = 0; i < n; i++) ramp[i] = Math.pow(from + ramp[i] * (to - from), rho);
		return ramp;
	}

	/** Noise levels from the first to the last, both included. */
	double[] levels(final double first, final double last, final int n) {
		throw new UnsupportedOperationException("the noise levels are those of the timesteps");
	}

	/** The spacing selected in a config by one of three flags. */
	static SigmaSpacing of(final Config config) {
		final boolean karras = config.getBoolean("use_karras_sigmas", false);
		final boolean exponential = config.getBoolean("use_exponential_sigmas", false);
		final boolean beta = config.getBoolean("use_beta_sigmas", false);
		if ((karras ? 1 : 0) + (exponential ? 1 : 0) + (beta ? 1 : 0) > 1) throw new DiffEditException(config.source()
			+ " asks for more than one of use_karras_sigmas, use_exponential_sigmas and use_beta_sigmas; leave one.");
		return karras ? KARRAS : exponential ? EXPONENTIAL : beta ? BETA : TIMESTEPS;
	}
}
