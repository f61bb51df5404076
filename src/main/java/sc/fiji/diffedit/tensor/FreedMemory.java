package sc.fiji.diffedit.tensor;

import sc.fiji.diffedit.engine.CLibrary;

/**
 * Gives native memory that was freed back to the system. The C library of most Linux systems keeps what lies between blocks that are
 * still in use, for each thread: after ten minutes of models that came and went a process had 260 MB more than it used.
 */
public final class FreedMemory {

	private FreedMemory() {}

	/** Does nothing where the C library has no function for it; others give memory back by themselves. */
	public static void giveBack() {
		final long keepNone = 0;
		CLibrary.callIfThere("malloc_trim", keepNone);
	}
}
