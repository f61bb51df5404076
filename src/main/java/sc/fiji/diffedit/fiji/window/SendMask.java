package sc.fiji.diffedit.fiji.window;

import java.awt.BorderLayout;

import javax.swing.JButton;
import javax.swing.JComboBox;
import javax.swing.JLabel;
import javax.swing.JPanel;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.LabelImages;
import sc.fiji.diffedit.fiji.MaskOutputs;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Titles;

/** Gives the mask to the rest of ImageJ. */
final class SendMask extends JPanel {

	private static final long serialVersionUID = 1L;

	private static final String MANAGER = "ROI Manager", LABELS = "Label image", SELECTION = "Selection", OVERLAY = "Overlay";
	private static final int GAP = 6;

	private final transient Session session;
	private final JComboBox<String> place = new JComboBox<>(new String[] { MANAGER, LABELS, SELECTION, OVERLAY });

	SendMask(final Session session) {
		super(new BorderLayout(GAP, 0));
		this.session = session;
		final JButton send = new JButton("Send");
		place.setName("place");
		send.setName("Send");
		send.setToolTipText("Gives the mask, as it is drawn, to ImageJ; the window goes on with it");
		send.addActionListener(event -> session.job().attempt(this::send));
		add(new JLabel("Send mask to"), BorderLayout.WEST);
		add(place, BorderLayout.CENTER);
		add(send, BorderLayout.EAST);
	}

	private void send() {
		final ImagePlus image = session.requireImage();
		final MaskState state = session.state().orElseThrow();
		if (state.isBlank()) throw missing();
		final String to = (String) place.getSelectedItem();
		session.job().aside(() -> to.equals(LABELS) ? labels(image, state) : roi(image, state, to), show -> {
			show.run();
			session.job().say("The mask was sent: " + to + ".", false);
		});
	}

	/** What shows the mask as a selection. */
	private static Runnable roi(final ImagePlus image, final MaskState state, final String to) {
		final Roi roi = Masks.toRoi(state.mask());
		if (roi == null) throw missing();
		return switch (to) {
			case MANAGER -> () -> MaskOutputs.manage(image, roi, state.position());
			case SELECTION -> () -> MaskOutputs.select(image, roi);
			default -> () -> MaskOutputs.overlay(image, roi, state.position());
		};
	}

	/** What shows it as a label image. */
	private static Runnable labels(final ImagePlus image, final MaskState state) {
		if (state.inside().count() == 0) throw missing();
		final ImagePlus labels = LabelImages.toImagePlus(state.mask(), false, image);
		labels.setTitle(Titles.of(image, "mask"));
		state.made().describe(labels);
		return () -> Beside.show(labels, image);                            // the window goes on with the picture
	}

	private static DiffEditException missing() {
		return new DiffEditException("There is no mask yet, or it is empty; press Find mask, or add a selection.");
	}
}
