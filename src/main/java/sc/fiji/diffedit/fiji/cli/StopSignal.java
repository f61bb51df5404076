package sc.fiji.diffedit.fiji.cli;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Ctrl-C (or the signal by which a cluster announces the end of a job) asks to stop after the present image; the second one ends the
 * program at once. Java has signals in {@code sun.misc} alone, of which javac and javadoc warn wherever it is named; so it is called by
 * reflection.
 */
final class StopSignal implements AutoCloseable {

	private static final String[] SIGNALS = { "INT", "TERM" };

	private final Object[] before = new Object[SIGNALS.length];
	private volatile boolean asked;

	/** @param say tells the user what will happen */
	StopSignal(final Consumer<String> say) {
		for (int i = 0; i < SIGNALS.length; i++) before[i] = handle(SIGNALS[i], handler(say));
	}

	private void arrived(final Consumer<String> say) {
		if (asked) Runtime.getRuntime().halt(ExitCode.STOPPED);
		asked = true;
		say.accept("Stopping after this image; once more stops at once.");
	}

	private Object handler(final Consumer<String> say) {
		try {
			final Class<?> type = Class.forName("sun.misc.SignalHandler");
			return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				if (method.getName().equals("handle")) arrived(say);
				return null;
			});
		}
		catch (final ClassNotFoundException e) {
			throw new IllegalStateException("This Java has no signals", e);
		}
	}

	/** Sets who handles a signal; returns who did before. */
	private static Object handle(final String name, final Object handler) {
		try {
			final Class<?> signal = Class.forName("sun.misc.Signal");
			return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
				.invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
		}
		catch (final ReflectiveOperationException e) {
			throw new IllegalStateException("This Java has no signals", e);
		}
	}

	boolean isAsked() {
		return asked;
	}

	@Override
	public void close() {
		for (int i = 0; i < SIGNALS.length; i++) handle(SIGNALS[i], before[i]);
	}
}
