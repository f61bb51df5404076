package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.models.DeepFeatures;

/**
 * How steps hand on what the deep levels of the UNet make (Ma, Fang, Wang: "DeepCache: Accelerating Diffusion Models for Free", arXiv 2312.00858): one of some steps is computed as a
 * whole, and those between compute the outer layers alone. The names are those of the Python package {@code DeepCache}.
 *
 * @param cacheInterval of how many steps one is whole; 1 for all of them
 * @param cacheBranch number of the skip connection up to which layers are computed in every step, from 0
 */
public record DeepCache(int cacheInterval, int cacheBranch) {

	/** Each step is whole. */
	public static final DeepCache OFF = new DeepCache(1, 0);

	/** @throws sc.fiji.diffedit.DiffEditException if a value is outside its range */
	public DeepCache {
		Checks.atLeastOne("cacheInterval", cacheInterval);
		Checks.notNegative("cacheBranch", cacheBranch);
	}

	public boolean isOff() {
		return cacheInterval == 1;
	}

	/** How many of so many steps are whole. */
	public long whole(final long steps) {
		return (steps + cacheInterval - 1) / cacheInterval;
	}

	/** What a run hands on, which lives as long as the innermost scope. */
	DeepFeatures features() {
		return isOff() ? DeepFeatures.NONE : DeepFeatures.ofBranch(cacheBranch);
	}

	/** Lets a step be whole if it is one of these. */
	void begin(final StepOfRun step, final DeepFeatures features) {
		if (step.index() % cacheInterval == 0) features.renew();
	}
}
