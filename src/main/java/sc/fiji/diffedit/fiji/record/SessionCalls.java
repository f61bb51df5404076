package sc.fiji.diffedit.fiji.record;

import java.util.ArrayList;
import java.util.List;

import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.SciJavaService;
import org.scijava.service.Service;

/** Calls that the user has made since ImageJ was started, or since they were cleared. */
@Plugin(type = Service.class)
public class SessionCalls extends AbstractService implements SciJavaService {

	private static final int MOST = 1000;

	private final List<RecordedCall> calls = new ArrayList<>();
	private Runnable changed = () -> {};

	/** Adds a call. */
	public synchronized void add(final RecordedCall call) {
		calls.add(call);
		if (calls.size() > MOST) calls.remove(0);
		changed.run();
	}

	synchronized List<RecordedCall> calls() {
		return List.copyOf(calls);
	}

	synchronized void clear() {
		calls.clear();
		changed.run();
	}

	/** @param listener called on any thread when there is another call; replaces the last one */
	synchronized void whenChanged(final Runnable listener) {
		changed = listener;
	}
}
