package sc.fiji.diffedit.fiji.window;

import java.awt.image.BufferedImage;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.layer.Edit;
import sc.fiji.diffedit.fiji.layer.EditJob;
import sc.fiji.diffedit.fiji.layer.EditOutputs;

/** The edits of a session: what is computed, what each image shows, what becomes of them. For the event thread. */
final class EditDesk implements AutoCloseable {

	private static final String ROOM = "The shape changes, so the edit has got room around the mask; set 'Grow mask' to choose that room yourself.";

	private final Session session;
	private final List<Listener> listeners = new CopyOnWriteArrayList<>();
	private final Map<ImagePlus, ShownEdits> shown = new WeakHashMap<>();
	private Optional<EditSeries> series = Optional.empty();
	private WeakReference<ImagePlus> edited = new WeakReference<>(null);

	/** Hears of what happens, on the event thread. */
	interface Listener {

		/** There are other edits than before, or another one is chosen. */
		default void changed() {}

		/** The edit that is computed, on its way. */
		default void previewed(final BufferedImage picture) {}

		/** The user has gone back to an earlier edit. */
		default void returned(final Edit edit) {}
	}

	EditDesk(final Session session) {
		this.session = session;
		session.addListener(new Session.Listener() {

			@Override
			public void imageChanged() {
				changed();
			}
		});
	}

	void addListener(final Listener listener) {
		listeners.add(listener);
	}

	private void changed() {
		listeners.forEach(Listener::changed);
	}

	/** The edits of the image that is followed. */
	Optional<ShownEdits> shown() {
		return session.image().map(shown::get);
	}

	private ShownEdits of(final ImagePlus image) {
		return shown.computeIfAbsent(image, any -> new ShownEdits());
	}

	/** Whether an edit of the image that is followed is computed now. */
	boolean isComing() {
		return series.isPresent() && session.image().filter(image -> image == edited.get()).isPresent();
	}

	/**
	 * Starts edits within the present mask.
	 *
	 * @param settings of each edit
	 * @throws DiffEditException if there is no image, or it shows another plane than the mask's
	 */
	void start(final List<Map<String, Object>> settings) {
		final ImagePlus image = session.requireImage();
		session.requirePlane();
		final MaskState state = session.state().orElseThrow();
		final Snapshot snapshot = Snapshot.of(image);
		session.job().prepare("Preparing the mask.", () -> new Prepared(EditJob.of(image, snapshot, state.editMask(), settings), MaskEntry.of(image, snapshot, state)),
			prepared -> start(image, state, prepared));
	}

	/** What edits need that takes longer than an eye notices. */
	private record Prepared(EditJob job, MaskEntry mask) {}

	private void start(final ImagePlus image, final MaskState state, final Prepared prepared) {
		session.history().addMask(prepared.mask());
		of(image).clear();
		edited = new WeakReference<>(image);
		series = Optional.of(new EditSeries(session.job(), prepared.job(), new Progress(prepared.job(), state)));
		series.get().start();
	}

	/** Shows another edit over the image that is followed. */
	void choose(final Edit edit) {
		shown().ifPresent(edits -> edits.choose(edit));
		shown().flatMap(ShownEdits::hidden).ifPresent(this::tell);
		changed();
	}

	/** Goes back to an edit with all that made it. */
	void returnTo(final Edit edit, final MaskState state) {
		final Optional<ImagePlus> image = edit.present().filter(edit::fits);
		if (image.isEmpty()) {
			EditOutputs.plane(edit).show();
			tell("\"" + edit.before().getTitle() + "\" is not open any more; its edit is a new image.");
			return;
		}
		session.follow(image.get());
		session.returnTo(state);
		final ShownEdits edits = of(image.get());
		if (!edits.edits().contains(edit)) {
			edits.clear();
			edits.add(edit);
		}
		choose(edit);
		listeners.forEach(listener -> listener.returned(edit));
	}

	void setVisible(final boolean visible) {
		shown().ifPresent(edits -> edits.setVisible(visible));
		changed();
	}

	/** Whether an edit lies over the image that is followed. */
	boolean isShown() {
		return shown().filter(ShownEdits::isShown).isPresent();
	}

	void setDivider(final double divider) {
		shown().ifPresent(edits -> edits.setDivider(divider));
	}

	void setOpacity(final double opacity) {
		shown().ifPresent(edits -> edits.setOpacity(opacity));
	}

	/** Makes a new image of the chosen edit and shows it beside the one that was edited, which stays active; says why if that cannot be. */
	void output(final Function<Edit, ImagePlus> make) {
		shown().flatMap(ShownEdits::chosen).ifPresent(edit -> session.job().aside(() -> make.apply(edit), made -> {
			session.image().ifPresent(image -> Beside.show(made, image));
			tell("New image: " + made.getTitle());
		}));
	}

	private void tell(final String sentence) {
		session.job().say(sentence, false);
	}

	/** Lets the edits of an image go that has been closed; the history still has them. */
	void forget(final ImagePlus closed) {
		final ShownEdits gone = shown.remove(closed);
		if (gone != null) gone.close();
	}

	/** Takes all edits off their images, and begins no more. */
	@Override
	public void close() {
		series.ifPresent(EditSeries::stop);
		shown.values().forEach(ShownEdits::close);
	}

	/** What becomes of the edits of a job. */
	private final class Progress implements EditSeries.Listener {

		private final EditJob job;
		private final MaskState state;

		Progress(final EditJob job, final MaskState state) {
			this.job = job;
			this.state = state;
		}

		@Override
		public void began(final int number, final int count) {
			session.job().setPrefix(count == 1 ? "" : "Edit " + (number + 1) + " of " + count + ". ");
			changed();
		}

		@Override
		public void previewed(final BufferedImage picture) {
			if (isComing()) listeners.forEach(listener -> listener.previewed(picture));
		}

		@Override
		public void made(final Edit edit) {
			session.history().addEdit(edit, state);
			if (job.snapshot().present().isEmpty()) {
				series.ifPresent(EditSeries::stop);
				EditOutputs.plane(edit).show();
			}
			else {
				final ShownEdits edits = of(job.image());
				edits.add(edit);
				if (edits.chosen().isEmpty()) edits.choose(edit);
				edits.hidden().ifPresent(EditDesk.this::tell);
			}
			if (!edit.inside().isSame(state.inside())) tell(ROOM);
			if (!edit.notices().isEmpty()) tell(edit.notices().get(edit.notices().size() - 1));
			changed();
		}

		@Override
		public void ended() {
			series = Optional.empty();
			session.job().setPrefix("");
			changed();
		}
	}
}
