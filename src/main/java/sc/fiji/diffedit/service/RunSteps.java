package sc.fiji.diffedit.service;

import sc.fiji.diffedit.pipelines.DeepCache;
import sc.fiji.diffedit.pipelines.GuidanceInterval;

/**
 * What the UNet computes in the steps of a run.
 *
 * @param steps how many are taken
 */
record RunSteps(Networks model, double guidanceScale, GuidanceInterval interval, DeepCache cache, long steps) {

	/** Rows of a call, for so many images. */
	int rows(final int images) {
		return images * model.halves(guidanceScale);
	}

	/** Rows of all calls, each counted as the part of the UNet that it goes through; about right for a time. @param predictions of each image, without guidance */
	long all(final int images, final long predictions) {
		final double guided = model.halves(guidanceScale) == 1 ? 0 : (double) interval.steps(steps) / steps;
		return Math.max(1, Math.round(images * predictions * (1 + guided) * whole()));
	}

	/** The outer layers are the largest ones: of SD 1.5 at 256 x 256 pixels those of branch 0 take 8 %, of branch 1 24 % of the time (UNetBenchmark). */
	private double whole() {
		final double share = Math.min(1, (2.0 * cache.cacheBranch() + 1) / model.unet().config().skips());
		final double part = (double) cache.whole(steps) / steps;
		return part + (1 - part) * share;
	}
}
