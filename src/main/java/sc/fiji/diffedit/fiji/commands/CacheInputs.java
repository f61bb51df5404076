package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.pipelines.DeepCache;
import sc.fiji.diffedit.pipelines.InvertRequest;

/** What steps take over from those before them. */
class CacheInputs extends InputGroup {

	private static final String INTERVAL = "cacheInterval", BRANCH = "cacheBranch";

	@Parameter(label = "Whole steps, one of", min = "1", persist = false, attrs = @Attr(name = HINT, value = "more: faster, coarser"),
		description = "Of so many steps one computes all of the network, the others only its outer layers (DeepCache), which takes less time and changes the result. 1: all are whole.", callback = MemoryLine.CHANGED)
	private int cacheInterval = DeepCache.OFF.cacheInterval();
	@Parameter(label = "Outer parts", min = "0", persist = false, attrs = @Attr(name = HINT, value = "more: closer, slower"),
		description = "Up to which connection between the way down and the way up steps that are not whole compute the network; 0: the outermost alone.", callback = MemoryLine.CHANGED)
	private int cacheBranch = DeepCache.OFF.cacheBranch();

	CacheInputs() {
		onlyIf(BRANCH, () -> cacheInterval > 1);
	}

	@Override
	protected void check() {
		cache();
	}

	final DeepCache cache() {
		return new DeepCache(cacheInterval, cacheBranch);
	}

	/** The request with these answers in it. */
	final InvertRequest on(final InvertRequest request) {
		return request.withDeepCache(cache());
	}

	/** Without what is not used. */
	@Override
	protected Provenance addTo(final Provenance made) {
		final Provenance with = made.with(INTERVAL, cacheInterval);
		return isNeeded(BRANCH) ? with.with(BRANCH, cacheBranch) : with;
	}
}
