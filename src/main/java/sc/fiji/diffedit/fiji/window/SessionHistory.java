package sc.fiji.diffedit.fiji.window;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.layer.Edit;
import sc.fiji.diffedit.fiji.layer.History;
import sc.fiji.diffedit.fiji.layer.HistoryEntry;

/** The masks and edits of a session: each mask that was found, each one that was used for an edit, and each edit. For the event thread. */
final class SessionHistory {

	private final History history = new History();
	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
	private final Job job;
	/** Of the mask whose entry is made now or was made last. */
	private Optional<LocatedMap> coming = Optional.empty();

	SessionHistory(final Session session) {
		job = session.job();
		session.addListener(new Session.Listener() {

			@Override
			public void maskChanged() {
				session.image().ifPresent(image -> session.state().ifPresent(state -> found(image, state)));
			}
		});
	}

	/** @param listener called when an entry was added */
	void addListener(final Runnable listener) {
		listeners.add(listener);
	}

	/** The newest first. */
	List<HistoryEntry> entries() {
		return history.entries();
	}

	/** A sentence about what was dropped; empty for nothing. */
	String notice() {
		return history.notice();
	}

	/** A new map is a mask that was found; sliders and corrections make no entry of their own. */
	private void found(final ImagePlus image, final MaskState state) {
		if (state.map().isEmpty() || state.map().equals(coming) || masks().anyMatch(entry -> entry.state().map().equals(state.map()))) return;
		coming = state.map();
		final Snapshot snapshot = Snapshot.of(image);
		job.aside(() -> MaskEntry.of(image, snapshot, state), this::addMask);
	}

	private Stream<MaskEntry> masks() {
		return history.entries().stream().filter(MaskEntry.class::isInstance).map(MaskEntry.class::cast);
	}

	/** A mask that is used, unless it is there already. */
	void addMask(final MaskEntry mask) {
		if (masks().noneMatch(entry -> entry.isOf(mask.state()))) add(mask);
	}

	void addEdit(final Edit edit, final MaskState state) {
		add(new EditEntry(edit, state));
	}

	private void add(final HistoryEntry entry) {
		history.add(entry);
		listeners.forEach(Runnable::run);
	}
}
