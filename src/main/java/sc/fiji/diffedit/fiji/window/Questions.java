package sc.fiji.diffedit.fiji.window;

import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JLabel;
import javax.swing.JPanel;

import sc.fiji.diffedit.fiji.form.GivenImage;

/** The window's upper part: the image, the two descriptions, the model, and the button that starts. */
final class Questions extends JPanel implements Session.Listener {

	private static final long serialVersionUID = 1L;

	private static final int SIDE = 8, GAP = 2;
	private static final String NO_IMAGE = "No image is open.";

	private final transient Session session;
	private final transient Asked asked;
	private final JLabel image = new JLabel();
	private final JButton find = new JButton("Find mask");

	Questions(final Session session, final Asked asked) {
		this.session = session;
		this.asked = asked;
		setBorder(BorderFactory.createEmptyBorder(GAP, SIDE, GAP, SIDE));
		image.setName("image");
		image.setText(NO_IMAGE);
		find.setName("Find mask");
		find.setToolTipText("Looks for what would have to change if the first description became the second; Fiji stays usable meanwhile");
		find.addActionListener(event -> start());
		final Rows rows = new Rows(this);
		rows.add(image);
		for (final String text : new String[] { "source", "target" }) {
			rows.addLabel(asked.field(text));
			rows.add(asked.field(text).component());
			rows.addNote(asked.field(text));
		}
		rows.add(asked.field("model"));
		rows.addNote(asked.field("model"), asked.field("workOn"));
		rows.add(asked.field("workOn"), find);
		session.addListener(this);
	}

	private void start() {
		asked.keep();
		session.findMask();
	}

	/** What Enter in a description does. */
	JButton findButton() {
		return find;
	}

	/** Says which image is followed, and enables what can be started. */
	void update() {
		final String words = session.image().map(GivenImage::describe).orElse(NO_IMAGE);
		if (!words.equals(image.getText())) {
			image.setText(words);
			image.setToolTipText(words);
		}
		find.setEnabled(session.image().isPresent() && !session.job().isBusy() && asked.trouble().isEmpty());
	}

	@Override
	public void imageChanged() {
		update();
	}

	@Override
	public void jobChanged() {
		update();
	}
}
