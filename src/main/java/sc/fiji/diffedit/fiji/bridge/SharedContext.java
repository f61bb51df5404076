package sc.fiji.diffedit.fiji.bridge;

import org.scijava.Context;

import ij.IJ;

/** The process's single SciJava context: Fiji's own, or one that is created here at the first command. */
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

	/** The context; created by the first caller and kept, with the models that its services have loaded. */
	public static synchronized Context get() {
		if (inFiji() && IJ.runPlugIn("org.scijava.Context", "") instanceof Context fiji) return fiji;
		if (started == null) started = start();
		return started;
	}

	/** SciJava finds its plugins with the thread's context class loader. */
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

	/** Disposes the context that was created here, and with it the models of its services. */
	public static synchronized void dispose() {
		if (started != null) started.dispose();
		started = null;
	}
}
