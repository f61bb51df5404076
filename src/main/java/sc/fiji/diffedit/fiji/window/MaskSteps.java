package sc.fiji.diffedit.fiji.window;

import java.util.ArrayDeque;
import java.util.Deque;

/** The masks of an image one after another: each correction and each mask that was found is a step that can be taken back. */
final class MaskSteps {

	/** Each step keeps a few bits per pixel. */
	private static final int MOST = 50;

	private final Deque<MaskState> past = new ArrayDeque<>(), future = new ArrayDeque<>();
	private MaskState now;

	MaskSteps(final MaskState first) {
		now = first;
	}

	MaskState now() {
		return now;
	}

	/** Takes a step. */
	void add(final MaskState next) {
		past.push(now);
		if (past.size() > MOST) past.removeLast();
		future.clear();
		now = next;
	}

	/** Moves the present mask to other settings; that is no step, since sliders move back by themselves. */
	void settle(final MaskSettings settings) {
		now = now.with(settings);
	}

	boolean canUndo() {
		return !past.isEmpty();
	}

	boolean canRedo() {
		return !future.isEmpty();
	}

	/** Whether there was a step to take back. */
	boolean undo() {
		return move(past, future);
	}

	/** Whether there was a step to take again. */
	boolean redo() {
		return move(future, past);
	}

	private boolean move(final Deque<MaskState> from, final Deque<MaskState> to) {
		if (from.isEmpty()) return false;
		to.push(now);
		now = from.pop();
		return true;
	}
}
