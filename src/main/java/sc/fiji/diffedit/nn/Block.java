package sc.fiji.diffedit.nn;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Parameters;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.QuantisedTensor;
import sc.fiji.diffedit.weights.Weights;

/**
 * A piece of a network that is computed in one native call: two short lists, what it is made of ({@link Leaves}, in the
 * constructor) and what it does (one kernel, in {@code forward}). Its tensors are checked against the checkpoint when it
 * is made and brought into memory when it is first called, or before by a policy.
 */
public abstract class Block implements AutoCloseable {

	private static final ThreadLocal<BlockListener> LISTENER = new ThreadLocal<>();

	private final Weights weights;
	private final Kernels kernels;
	private final DType dtype;
	private final Device device;
	private final String path;
	private final List<Leaf> leaves;
	private BlockPolicy policy = BlockPolicy.DIRECT;
	private Scope home;
	private Parameters parameters;
	private boolean replaced;

	/** @throws DiffEditException if the checkpoint lacks a tensor or has it in another shape */
	protected Block(final Parts parts, final Leaves leaves) {
		this.weights = parts.weights();
		this.kernels = parts.kernels();
		this.dtype = parts.dtype();
		this.device = parts.device();
		this.path = parts.prefix();
		this.leaves = leaves.list();
		this.leaves.forEach(this::check);
		parts.add(this);
	}

	private void check(final Leaf leaf) {
		for (final String tensor : leaf.tensors()) {
			final String name = path + tensor;
			if (!weights.has(name)) {
				throw new DiffEditException(weights.source() + " has no tensor '" + name
					+ "', which its config asks for; the file and its config.json do not belong together or the file is incomplete.");
			}
			if (!weights.dtype(name).isFloatingPoint()) {
				throw new DiffEditException(weights.source() + " has '" + name + "' in whole numbers (" + weights.dtype(name)
					+ "), which some quantiser made of the weights; take the model in float32, float16 or bfloat16.");
			}
			final long[] found = weights.shape(name);
			if (!Arrays.equals(found, leaf.shapeOf(tensor))) {
				throw new DiffEditException(weights.source() + " has '" + name + "' in shape " + Arrays.toString(found)
					+ ", but its config asks for " + Arrays.toString(leaf.shapeOf(tensor)) + "; take both from the same model.");
			}
		}
	}

	/**
	 * Runs a kernel of this block; its parameters are added as the last argument. Every block asks first whether its run is still
	 * wanted, before any policy begins something.
	 */
	protected final Tensor call(final String kernel, final Object... arguments) {
		Run.check();
		final BlockListener listener = LISTENER.get();
		if (listener == null) return policy.call(this, kernel, arguments);
		final long start = System.nanoTime();
		final Tensor result = policy.call(this, kernel, arguments);
		listener.computed(this, result, System.nanoTime() - start);
		return result;
	}

	/** Does work of which a listener hears every block that this thread computes. */
	public static <T, E extends Exception> T listening(final BlockListener listener, final Run.Work<T, E> work) throws E {
		return Run.during(work, LISTENER, listener);
	}

	// -- what policies see --

	/** Place in the checkpoint's tree of names, such as {@code down_blocks.0.resnets.0.}, ending with a dot unless empty. */
	public final String path() {
		return path;
	}

	public final List<Leaf> leaves() {
		return leaves;
	}

	public final Kernels kernels() {
		return kernels;
	}

	/** The type this block computes in. */
	public final DType dtype() {
		return dtype;
	}

	/** Where the tensors of this block live once they are loaded. */
	public final Device device() {
		return device;
	}

	/** The checkpoint behind this block; names there begin with {@link #path()}. */
	public final Weights weights() {
		return weights;
	}

	public final BlockPolicy policy() {
		return policy;
	}

	public final void setPolicy(final BlockPolicy policy) {
		this.policy = policy;
	}

	/** Whether the tensors of this block are in memory. */
	public final boolean isLoaded() {
		return parameters != null;
	}

	/** The tensors of this block, loaded now if they are not in memory. */
	public final Parameters parameters() {
		if (parameters == null) {
			try (Scope scope = Scope.open()) {
				final Map<String, Tensor> tensors = load();
				final Scope next = Scope.detached();
				tensors.values().forEach(next::adopt);
				hold(next, tensors);
			}
		}
		return parameters;
	}

	/** Fresh tensors from the checkpoint, in the type this block computes in and on its device, in the innermost scope. */
	public final Map<String, Tensor> load() {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		for (final Leaf leaf : leaves) {
			for (final String name : leaf.tensors()) tensors.put(name, cast(weights.get(path + name)));
			addExtras(leaf, tensors);
		}
		return tensors;
	}

	/** The same, but tensors that lie in quantised blocks are the bytes of these. */
	public final Map<String, Tensor> loadQuantised() {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		for (final Leaf leaf : leaves) {
			for (final String name : leaf.tensors()) tensors.put(name, quantised(name).map(stored -> stored.blocks().get()).orElseGet(() -> cast(weights.get(path + name))));
			addExtras(leaf, tensors);
		}
		return tensors;
	}

	/** How a tensor of this block lies in the checkpoint, if in quantised blocks. */
	public final Optional<QuantisedTensor> quantised(final String name) {
		return weights.quantised(path + name);
	}

	private void addExtras(final Leaf leaf, final Map<String, Tensor> tensors) {
		weights.extras(path + leaf.name()).forEach((extra, tensor) -> tensors.put(leaf.name() + "." + extra, cast(tensor)));
	}

	private Tensor cast(final Tensor stored) {
		final Tensor typed = stored.dtype() == dtype || !stored.dtype().isFloatingPoint() ? stored : stored.to(dtype);
		return device.isCpu() ? typed : typed.to(device);
	}

	/** Takes other tensors in place of the present ones, which are freed unless they are among the new ones. */
	public final void replace(final Map<String, Tensor> tensors) {
		final Scope next = Scope.detached();
		tensors.values().forEach(next::adopt);
		evict();
		hold(next, tensors);
		replaced = true;
	}

	/** Whether the tensors in memory are others than those of the checkpoint; evicting them would lose them. */
	public final boolean isReplaced() {
		return replaced;
	}

	private void hold(final Scope scope, final Map<String, Tensor> tensors) {
		home = scope;
		parameters = new Parameters(tensors);
	}

	/** Frees the tensors of this block; the next call loads them again. */
	public final void evict() {
		if (parameters != null) parameters.close();
		if (home != null) home.close();
		parameters = null;
		home = null;
		replaced = false;
		policy.evicted(this);
	}

	@Override
	public void close() {
		evict();
	}
}
