package sc.fiji.diffedit.engine;

import org.slf4j.LoggerFactory;

import com.sun.jna.NativeLibrary;

/** Functions of the system's C library that a process may do without. */
public final class CLibrary {

	private CLibrary() {}

	/** Calls a function; does nothing in a Java without JNA, or on a system without that function. @param arguments as C takes them */
	public static void callIfThere(final String function, final Object... arguments) {
		try {
			NativeLibrary.getProcess().getFunction(function).invokeInt(arguments);
		}
		catch (final LinkageError e) {
			LoggerFactory.getLogger(CLibrary.class).debug("There is no {}", function, e);
		}
	}
}
