package sc.fiji.diffedit.weights;

import sc.fiji.diffedit.DiffEditException;

/** Error messages for pickles, and the limit of work for one. */
final class PickleGuard {

	/** Ten times what the largest checkpoints need; keeps time and memory for one of many tiny values small. */
	private static final int MAX_STEPS = 1_000_000;

	private final String source;
	private int steps;

	/** @param source how messages name the file */
	PickleGuard(final String source) {
		this.source = source;
	}

	/** Counts work; repeated use of a memoised value counts each time. */
	void count(final int work) {
		steps += work;
		if (steps > MAX_STEPS || steps < 0) throw damaged("it has more than " + MAX_STEPS + " steps");
	}

	DiffEditException damaged(final String what) {
		return new DiffEditException(source + " is not a valid PyTorch file: " + what + ". Download or copy it again.");
	}

	DiffEditException refused(final String what) {
		return new DiffEditException(source + " asks for " + what + ", which is more than tensors, dictionaries, lists, texts and numbers; "
			+ "such files could run programs and are not opened. Get the model as safetensors.");
	}
}
