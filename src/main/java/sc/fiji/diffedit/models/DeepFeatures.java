package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Features of a UNet's deep levels that the steps of a run hand on to one another (Ma, Fang, Wang: "DeepCache: Accelerating Diffusion Models for Free", arXiv 2312.00858).
 * A prediction for which nothing is kept is computed as usual, and what comes up from the deep levels is kept; the next ones compute only the outer layers, down
 * and up, and take that for the rest, until {@link #renew} is called. The outer layers are those up to a branch, which is the number of a skip connection
 * as {@code cache_branch_id} of the Python package {@code DeepCache} counts them: with 0 the first convolution and the last layer of the way up.
 * <p>
 * Wrappers that cut a call into parts give each its {@linkplain #part own features}. What is kept belongs to the scope in which this was made.
 */
public final class DeepFeatures {

	/** Nothing is kept: each prediction is computed as a whole. */
	public static final DeepFeatures NONE = new DeepFeatures(-1, Optional.empty());

	private final int branch;
	/** Where what is kept lives; empty where nothing is. */
	private final Optional<Scope> scope;
	private final List<Tensor> kept = new ArrayList<>();
	private final Map<List<Object>, DeepFeatures> parts = new HashMap<>();

	private DeepFeatures(final int branch, final Optional<Scope> scope) {
		this.branch = branch;
		this.scope = scope;
	}

	/**
	 * Features that are kept until the innermost scope of this thread closes.
	 *
	 * @param branch from 0 to one less than the UNet has {@linkplain UNet2DConditionConfig#skips skip connections}
	 */
	public static DeepFeatures ofBranch(final int branch) {
		return new DeepFeatures(branch, Optional.of(Scope.attached()));
	}

	public boolean isNone() {
		return scope.isEmpty();
	}

	/** Frees what is kept, in all parts: the next predictions are computed as a whole. */
	public void renew() {
		kept.forEach(Tensor::close);
		kept.clear();
		parts.values().forEach(DeepFeatures::renew);
	}

	/**
	 * The features of a part of a call.
	 *
	 * @param which tells parts of other rows and places apart
	 */
	public DeepFeatures part(final Object... which) {
		return isNone() ? this : parts.computeIfAbsent(List.of(which), key -> new DeepFeatures(branch, scope));
	}

	int branch() {
		return branch;
	}

	/** Whether the next prediction can do without the deep levels. */
	boolean isKept() {
		return !kept.isEmpty();
	}

	/** What is kept of a conditioning, in a tensor of its own in the innermost scope. @param conditioning index in the call */
	Tensor of(final int conditioning) {
		final Tensor features = kept.get(conditioning);
		return features.to(features.device());
	}

	/** Keeps the features of the call's next conditioning, in a tensor of their own. */
	void keep(final Tensor features) {
		scope.ifPresent(run -> kept.add(run.adopt(features.to(features.device()))));
	}
}
