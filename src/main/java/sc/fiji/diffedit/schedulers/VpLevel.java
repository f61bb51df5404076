package sc.fiji.diffedit.schedulers;

/** A noise level where the variance is kept: scales of image and noise, and half the logarithm of their ratio squared. */
final class VpLevel {

	final float alpha;
	final float sigma;
	final float lambda;

	/** @param ratio sigma over alpha; 0 for the image itself, whose lambda is infinite */
	VpLevel(final float ratio) {
		alpha = 1 / (float) Math.sqrt(ratio * ratio + 1);
		sigma = ratio * alpha;
		lambda = (float) Math.log(alpha) - (float) Math.log(sigma);
	}

	static VpLevel[] of(final float[] ratios) {
		final VpLevel[] levels = new VpLevel[ratios.length];
		for (int i = 0; i < levels.length; i++) levels[i] = new VpLevel(ratios[i]);
		return levels;
	}
}
