package sc.fiji.diffedit.schedulers;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** A run that stores earlier tensors, and therefore needs its steps in order. */
abstract class MultistepRun extends BaseRun {

	private final Scope stored = Scope.attached();
	private final List<Tensor> history = new ArrayList<>();
	private int first = -1;
	private int steps;

	MultistepRun(final SchedulerConfig config, final double[] timesteps) {
		super(config, timesteps);
	}

	@Override
	final StepResult move(final Tensor output, final int i, final Tensor x, final StepArguments arguments) {
		if (steps == 0) first = i;
		else if (i != first + steps) throw new DiffEditException("Got step " + i + " after step " + (first + steps - 1)
			+ ", but this scheduler needs its steps in turn; begin a new run.");
		final StepResult result = moveOn(output, i, x, arguments);
		steps++;
		return result;
	}

	/** The arithmetic of a step, in a scope of its own. */
	abstract StepResult moveOn(Tensor output, int i, Tensor x, StepArguments arguments);

	/** Number of steps taken before this one. */
	final int steps() {
		return steps;
	}

	/** Number of tensors in memory. */
	final int stored() {
		return history.size();
	}

	/** A stored tensor: 0 is the latest. */
	final Tensor past(final int back) {
		return history.get(history.size() - 1 - back);
	}

	/** Keeps a copy, and forgets the oldest when there are more than {@code most}. */
	final void store(final Tensor value, final int most) {
		history.add(stored.adopt(value.copy()));
		if (history.size() > most) history.remove(0).close();
	}

	/** Adams-Bashforth of as high an order as there are tensors in memory, 4 at most. */
	final Tensor adamsBashforth() {
		switch (stored()) {
			case 1:
				return past(0);
			case 2:
				return past(0).multiply(3).minus(past(1)).div(2);
			case 3:
				return past(0).multiply(23).minus(past(1).multiply(16)).plus(past(2).multiply(5)).div(12);
			default:
				return past(0).multiply(55).minus(past(1).multiply(59)).plus(past(2).multiply(37)).minus(past(3).multiply(9)).multiply(1 / 24.0);
		}
	}

	/** Keeps a copy in a place of its own instead of the one before. */
	final Tensor replace(final Tensor before, final Tensor value) {
		final Tensor copy = stored.adopt(value.copy());
		if (before != null) before.close();
		return copy;
	}

	@Override
	public final void close() {
		stored.close();
	}
}
