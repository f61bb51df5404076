package sc.fiji.diffedit.tensor;

import org.slf4j.LoggerFactory;

import com.sun.jna.NativeLibrary;

/**
 * Gives native memory that was freed back to the system. The C library of most Linux systems keeps what lies between blocks that are
 * still in use, for each thread: after ten minutes of models that came and went a process had 260 MB more than it used.
 */
public final class FreedMemory {

	private FreedMemory() {}

	/** Does nothing where the C library has no function for it; others give memory back by themselves. */
	public static void giveBack() {
		try {
			final long keepNone = 0;
			NativeLibrary.getProcess().getFunction("malloc_trim").invokeInt(new Object[] { keepNone });
		}
		catch (final LinkageError e) {
			LoggerFactory.getLogger(FreedMemory.class).debug("Freed memory was not given back", e);
		}
	}
}
