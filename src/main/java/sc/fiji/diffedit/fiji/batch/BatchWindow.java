package sc.fiji.diffedit.fiji.batch;

import java.awt.BorderLayout;
import java.awt.EventQueue;
import java.awt.FlowLayout;
import java.awt.GraphicsEnvironment;
import java.awt.GridLayout;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JProgressBar;
import javax.swing.WindowConstants;

import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.fiji.batch.RowResult.Status;
import sc.fiji.diffedit.memory.MemoryEstimate;

/** Shows how far a batch is, and stops it; without a display there is nothing to see, and nothing to stop it by. */
final class BatchWindow implements AutoCloseable {

	private static final int WIDTH = 460, GAP = 8;

	private final Run run;
	private final JFrame frame;
	private final JProgressBar bar = new JProgressBar();
	private final JLabel image = new JLabel(" "), counts = new JLabel(" ");
	private final JButton after = new JButton("Stop After This Image"), now = new JButton("Stop Now");
	private volatile boolean stopAsked;
	private int done, failed;

	private BatchWindow(final Run run) {
		this.run = run;
		frame = GraphicsEnvironment.isHeadless() ? null : new JFrame("Batch Folder");
	}

	/** @param run which is cancelled to stop at once */
	static BatchWindow open(final Run run) {
		final BatchWindow window = new BatchWindow(run);
		if (window.frame != null) EventQueue.invokeLater(window::build);
		return window;
	}

	private void build() {
		bar.setStringPainted(true);
		final JPanel lines = new JPanel(new GridLayout(0, 1, 0, GAP / 2));
		lines.add(image);
		lines.add(bar);
		lines.add(counts);
		after.addActionListener(event -> stopAfterThis());
		now.addActionListener(event -> run.cancel());
		final JPanel buttons = new JPanel(new FlowLayout(FlowLayout.RIGHT, GAP, 0));
		buttons.add(after);
		buttons.add(now);
		final JPanel all = new JPanel(new BorderLayout(0, GAP));
		all.setBorder(BorderFactory.createEmptyBorder(GAP, GAP, GAP, GAP));
		all.add(lines, BorderLayout.CENTER);
		all.add(buttons, BorderLayout.SOUTH);
		frame.setContentPane(all);
		frame.setDefaultCloseOperation(WindowConstants.DO_NOTHING_ON_CLOSE);
		frame.pack();
		frame.setSize(Math.max(WIDTH, frame.getWidth()), frame.getHeight());
		frame.setLocationRelativeTo(null);
		frame.setVisible(true);
	}

	private void stopAfterThis() {
		stopAsked = true;
		after.setEnabled(false);
		counts.setText("Stopping after this image...");
	}

	/** Whether the user wants no further image. */
	boolean isStopAsked() {
		return stopAsked;
	}

	/** A listener that shows everything here, and in ImageJ's status bar. */
	Batch.Listener and(final Consumer<String> status) {
		return new Batch.Listener() {

			@Override
			public void started(final BatchRow row, final int finished, final int total, final Optional<Duration> left) {
				final String time = left.map(rest -> ", " + MemoryEstimate.approximately(rest) + " left").orElse("");
				status.accept("Image " + (finished + 1) + " of " + total + time);
				show(() -> {
					image.setText(row.output());
					bar.setMaximum(total);
					bar.setValue(finished);
					bar.setString((finished + 1) + " of " + total + time);
				});
			}

			@Override
			public void finished(final RowResult result) {
				if (result.status() == Status.FAILED) failed++;
				else done++;
				final String text = done + " done" + (failed > 0 ? ", " + failed + " failed" : "");
				show(() -> counts.setText(stopAsked ? text + "; stopping" : text));
			}
		};
	}

	private void show(final Runnable change) {
		if (frame != null) EventQueue.invokeLater(change);
	}

	@Override
	public void close() {
		show(frame == null ? () -> {} : frame::dispose);
	}
}
