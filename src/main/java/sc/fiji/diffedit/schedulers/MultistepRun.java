package sc.fiji.diffedit.schedulers;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** A run that remembers earlier tensors, and therefore wants its steps in turn. */
abstract class MultistepRun extends BaseRun {

	private final Scope memory = Scope.attached();
	private final List<Tensor> history = new ArrayList<>();
	private int first = -1;
	private int taken;

	MultistepRun(final SchedulerConfig config, final double[] timesteps) {
		super(config, timesteps);
	}

	@Override
	final StepResult move(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
		if (taken == 0) first = i;
		else if (i != first + taken) throw new DiffEditException("Got step " + i + " after step " + (first + taken - 1)
			+ ", but this scheduler needs its steps in turn; begin a new run.");
		final StepResult result = moveOn(output, i, x, arguments);
		taken++;
		return result;
	}

	/** The arithmetic of a step, in a scope of its own. */
	abstract StepResult moveOn(Tensor output, int i, Tensor x, StepArguments arguments);

	/** Number of steps taken before this one. */
	final int taken() {
		return taken;
	}

	/** Number of tensors in memory. */
	final int remembered() {
		return history.size();
	}

	/** A tensor from memory: 0 is the one remembered last. */
	final Tensor past(final int back) {
		return history.get(history.size() - 1 - back);
	}

	/** Keeps a copy, and forgets the oldest when there are more than {@code most}. */
	final void remember(final Tensor value, final int most) {
		history.add(memory.adopt(value.copy()));
		if (history.size() > most) history.remove(0).close();
	}

	/** Keeps a copy in a place of its own instead of the one before. */
	final Tensor replace(final Tensor before, final Tensor value) {
		final Tensor kept = memory.adopt(value.copy());
		if (before != null) before.close();
		return kept;
	}

	@Override
	public final void close() {
		memory.close();
	}
}
