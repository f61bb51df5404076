package sc.fiji.diffedit.updatesite;

import java.security.Permission;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Refuses each connection and each question for an address of a name, and remembers it, by whichever way Java is asked. Needs
 * {@code -Djava.security.manager=allow} and a Java before 24.
 */
@SuppressWarnings("removal")
final class NoNetwork extends SecurityManager {

	private final List<String> attempts = new CopyOnWriteArrayList<>();

	/** From now on; for the whole process. */
	static NoNetwork watch() {
		final NoNetwork watch = new NoNetwork();
		System.setSecurityManager(watch);
		return watch;
	}

	/** What was tried, and by whom, in one line; empty if nothing was. */
	String attempts() {
		return String.join("; ", attempts);
	}

	@Override
	public void checkConnect(final String host, final int port) {
		attempts.add(host + ":" + port + " from " + StackWalker.getInstance().walk(frames -> frames.map(Object::toString)
			.filter(frame -> !frame.startsWith("java.") && !frame.startsWith(getClass().getName())).limit(5).toList()));
		throw new SecurityException("No network here: " + host);
	}

	@Override
	public void checkConnect(final String host, final int port, final Object context) {
		checkConnect(host, port);
	}

	@Override
	public void checkPermission(final Permission permission) {
		// everything but the network is allowed
	}

	@Override
	public void checkPermission(final Permission permission, final Object context) {
		// everything but the network is allowed
	}
}
