package sc.fiji.diffedit.tensor;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The life of native values. Every {@link Tensor} belongs to the scope that was innermost on its thread when it was made,
 * and is freed with it, unless it is closed earlier or {@linkplain #keep kept} by the scope around.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *     Tensor noise = unet.forward(latents, timestep, words);
 *     return scope.keep(scheduler.step(noise, timestep, latents));   // noise dies here, the result lives on
 * }
 * }</pre>
 *
 * A scope belongs to the thread that opened it, and scopes close in the reverse order of opening. Values that outlive
 * every scope (weights) are made in a {@linkplain #detached() detached} scope, which one closes by hand.
 */
public final class Scope implements AutoCloseable {

	private static final ThreadLocal<Deque<Scope>> STACK = ThreadLocal.withInitial(ArrayDeque::new);
	private static final AtomicLong LIVE = new AtomicLong();

	private final Set<AutoCloseable> members = Collections.newSetFromMap(new IdentityHashMap<>());
	private final Scope parent;
	private final boolean stacked;
	private boolean closed;

	private Scope(final Scope parent, final boolean stacked) {
		this.parent = parent;
		this.stacked = stacked;
	}

	/** Opens a scope inside the innermost one of this thread. */
	public static Scope open() {
		final Deque<Scope> stack = STACK.get();
		final Scope scope = new Scope(stack.peek(), true);
		stack.push(scope);
		return scope;
	}

	/** A scope outside the stack: it takes only what is {@linkplain #adopt adopted} and lives until it is closed. */
	public static Scope detached() {
		return new Scope(null, false);
	}

	/**
	 * A scope outside the stack, as {@link #detached()}, that closes with the innermost one of this thread unless it is
	 * closed before. It holds what an object remembers between calls.
	 */
	public static Scope attached() {
		final Scope scope = new Scope(current(), false);
		scope.parent.add(scope);
		return scope;
	}

	/** The innermost open scope of this thread. */
	static Scope current() {
		final Scope scope = STACK.get().peek();
		if (scope == null) throw new IllegalStateException("tensors need an open Scope on this thread: try (Scope s = Scope.open())");
		return scope;
	}

	/** Number of native values alive in all scopes of all threads: what a leak test watches. */
	public static long liveValues() {
		return LIVE.get();
	}

	/** Lets a value outlive this scope: it goes to the scope around this one. Returns the value. */
	public Tensor keep(final Tensor value) {
		if (parent == null) throw new IllegalStateException("this scope has no scope around it; use adopt");
		parent.adopt(value);
		return value;
	}

	/** Moves a value, wherever it lived, into this scope. Returns the value. */
	public Tensor adopt(final Tensor value) {
		value.moveTo(this);
		return value;
	}

	synchronized void add(final AutoCloseable value) {
		if (closed) throw new IllegalStateException("this scope is closed");
		if (members.add(value)) LIVE.incrementAndGet();
	}

	synchronized void remove(final AutoCloseable value) {
		if (members.remove(value)) LIVE.decrementAndGet();
	}

	@Override
	public void close() {
		if (closed) return;
		if (stacked) leaveStack();
		else if (parent != null) parent.remove(this);
		final AutoCloseable[] rest;
		synchronized (this) {
			closed = true;
			rest = members.toArray(new AutoCloseable[0]);
		}
		for (final AutoCloseable value : rest) Quietly.close(value);
	}

	private void leaveStack() {
		final Deque<Scope> stack = STACK.get();
		if (stack.peek() != this) throw new IllegalStateException("scopes close in the reverse order of opening, on their own thread");
		stack.pop();
	}
}
