package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.DiffEditException;

/**
 * The steps of a run in which guidance counts (Kynkäänniemi, Aittala, Karras, Laine, Aila, Lehtinen: "Applying Guidance in a Limited Interval Improves
 * Sample and Distribution Quality in Diffusion Models", arXiv 2404.07724). In all others only the conditional prediction is computed: one row of the network in
 * place of two. {@code start} and {@code stop} are those of the guiders in diffusers 0.42.1 ({@code guiders/classifier_free_guidance.py}), which count steps in the same way.
 *
 * @param start part of the run's steps that goes by without guidance first, in [0, 1)
 * @param stop part of the run's steps after which there is no more guidance, from {@code start} to 1
 */
public record GuidanceInterval(double start, double stop) {

	/** Guidance in every step. */
	public static final GuidanceInterval ALL = new GuidanceInterval(0, 1);

	/** @throws DiffEditException if a value is outside its range */
	public GuidanceInterval {
		if (!(start >= 0 && start < 1)) throw new DiffEditException("guidanceStart is " + start + "; it must be 0 or more, and less than 1.");
		if (!(stop >= start && stop <= 1)) throw new DiffEditException("guidanceStop is " + stop + "; it must lie between guidanceStart, which is " + start + ", and 1.");
	}

	/** Whether a step is guided. */
	boolean contains(final StepOfRun step) {
		return step.index() >= first(step.count()) && step.index() < end(step.count());
	}

	/** How many of so many steps are guided. */
	public long steps(final long count) {
		return end(count) - first(count);
	}

	private long first(final long count) {
		return (long) (start * count);
	}

	private long end(final long count) {
		return (long) (stop * count);
	}
}
