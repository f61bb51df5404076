package sc.fiji.diffedit.schedulers;

/** A noise level where the variance is kept: scales of image and noise, and half the logarithm of their ratio squared. */
final class VpLevel {

	final float alpha;
	final float sigma;
	final float lambda;

	private VpLevel(final float alpha, final float sigma) {
		this.alpha = alpha;
		this.sigma = sigma;
		lambda = (float) Math.log(alpha) - (float) Math.log(sigma);
	}

	/** @param ratio sigma over alpha; 0 for the image itself, whose lambda is infinite */
	private static VpLevel of(final float ratio) {
		final float alpha = 1 / (float) Math.sqrt(ratio * ratio + 1);
		return new VpLevel(alpha, ratio * alpha);
	}

	static VpLevel[] of(final float[] ratios) {
		final VpLevel[] levels = new VpLevel[ratios.length];
		for (int i = 0; i < levels.length; i++) levels[i] = of(ratios[i]);
		return levels;
	}

	/** Levels whose image keeps its scale, so that the variance grows. */
	static VpLevel[] growing(final float[] sigmas) {
		final VpLevel[] levels = new VpLevel[sigmas.length];
		for (int i = 0; i < levels.length; i++) levels[i] = new VpLevel(1, sigmas[i]);
		return levels;
	}
}
