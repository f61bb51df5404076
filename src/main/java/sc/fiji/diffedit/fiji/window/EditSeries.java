package sc.fiji.diffedit.fiji.window;

import java.awt.image.BufferedImage;

import javax.swing.SwingUtilities;

import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.layer.Edit;
import sc.fiji.diffedit.fiji.layer.EditJob;

/** Edits one after another in the background, such as one for each of several seeds. For the event thread. */
final class EditSeries {

	private final Job job;
	private final EditJob edits;
	private final Listener listener;
	private boolean stopped;

	/** Hears how far it is, on the event thread. */
	interface Listener {

		/** The next edit begins. @param number from 0 */
		void began(int number, int count);

		/** The edit on its way. */
		void previewed(BufferedImage picture);

		void made(Edit edit);

		/** Nothing more comes: all are made, one has failed, or somebody has stopped it. */
		void ended();
	}

	EditSeries(final Job job, final EditJob edits, final Listener listener) {
		this.job = job;
		this.edits = edits;
		this.listener = listener;
	}

	/** Starts the first edit. */
	void start() {
		next(0);
	}

	private void next(final int number) {
		if (stopped || number == edits.settings().size()) {
			listener.ended();
			return;
		}
		listener.began(number, edits.settings().size());
		job.run(EditWithMask.class, edits.inputs(number), command -> edits.prepare((EditWithMask) command, this::previewed), module -> edits.edit(number, module), made -> {
			listener.made(made);
			next(number + 1);
		}, listener::ended);
	}

	/** Called by the thread that computes. */
	private void previewed(final BufferedImage picture) {
		SwingUtilities.invokeLater(() -> {
			if (!stopped) listener.previewed(picture);
		});
	}

	/** Begins no other edit; the one that is computed comes to its end. */
	void stop() {
		stopped = true;
	}
}
