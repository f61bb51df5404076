package sc.fiji.diffedit.fiji.bridge;

import org.scijava.Context;

import ij.IJ;

/** The one SciJava context of this process: Fiji's own, or one that is started here at the first command. */
public final class SharedContext {

	private static final String LEGACY = "net.imagej.legacy.LegacyService";
	private static Context started;

	private SharedContext() {}

	/** Whether imagej-legacy is on the class path, so that SciJava's own user interface serves the commands. */
	static boolean inFiji() {
		try {
			Class.forName(LEGACY, false, SharedContext.class.getClassLoader());
			return true;
		}
		catch (final ClassNotFoundException | LinkageError e) {
			return false;
		}
	}

	/** The context; started by the first caller and kept, with the models that its services have loaded. */
	public static synchronized Context get() {
		if (inFiji() && IJ.runPlugIn("org.scijava.Context", "") instanceof Context fiji) return fiji;
		if (started == null) started = start();
		return started;
	}

	/** SciJava looks for its plugins with the thread's class loader. */
	private static Context start() {
		final Thread thread = Thread.currentThread();
		final ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(SharedContext.class.getClassLoader());
		try {
			return new Context();
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	/** Lets go of the context that was started here, and with it of all its services' models. */
	public static synchronized void dispose() {
		if (started != null) started.dispose();
		started = null;
	}
}
