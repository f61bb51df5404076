package sc.fiji.diffedit.fiji.form;

import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Cursor;
import java.awt.Dimension;
import java.awt.Insets;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JLabel;
import javax.swing.JPanel;

/**
 * A line below a row of fields for what is wrong with one of them. It has its room whether or not it says something, so that nothing
 * moves while somebody types. What does not fit into it stands in its tool tip, and at the foot of a form that cannot be accepted because of it.
 */
public final class Note extends JPanel {

	private static final long serialVersionUID = 1L;

	private static final float SMALLER = 0.92f;
	private static final int GAP = 8;

	private final JLabel text = new JLabel();
	private final JButton install = link(StatusLine.INSTALL);
	private final transient Map<Field, Said> said = new LinkedHashMap<>();
	private boolean naming;

	/** What one of the fields says. */
	private record Said(String sentence, Color color, boolean canInstall) {}

	/** @param name of the row's first field; that of the label is {@code note} and this */
	Note(final String name) {
		super(new BorderLayout(GAP, 0));
		text.setName("note " + name);
		text.setFont(text.getFont().deriveFont(text.getFont().getSize2D() * SMALLER));
		install.setName("install " + name);
		install.addActionListener(event -> StatusLine.installEngine());
		final JPanel both = new JPanel(new BorderLayout(GAP, 0));
		both.add(text, BorderLayout.CENTER);
		both.add(install, BorderLayout.EAST);
		add(both, BorderLayout.CENTER);
		show(new Said("", StatusLine.WARNING, false));
	}

	/** The line of one or several fields, which is named after the first of them. */
	public static Note of(final Field... fields) {
		final Note note = new Note(fields[0].name());
		note.naming = fields.length > 1;
		for (final Field field : fields) field.setNote(note);
		return note;
	}

	/** Whether it has to name the field, since several stand around it. */
	boolean isNaming() {
		return naming;
	}

	/** Whether it is too narrow for what it says; false before it has a place. */
	boolean isCut() {
		return text.getWidth() > 0 && text.getPreferredSize().width > text.getWidth();
	}

	/** A button that is no higher than a line of text. */
	private static JButton link(final String label) {
		final JButton link = new JButton("<html><u>" + label + "</u></html>");
		link.setForeground(StatusLine.TO_DO);
		link.setBorder(BorderFactory.createEmptyBorder());
		link.setMargin(new Insets(0, 0, 0, 0));
		link.setContentAreaFilled(false);
		link.setCursor(Cursor.getPredefinedCursor(Cursor.HAND_CURSOR));
		return link;
	}

	/**
	 * Says something about a field; what the others say is seen while the first has nothing to say.
	 *
	 * @param sentence empty for nothing
	 * @param canInstall whether an engine that can be installed would help
	 */
	void say(final Field field, final String sentence, final Color color, final boolean canInstall) {
		said.put(field, new Said(sentence, color, canInstall));
		show(said.values().stream().filter(one -> !one.sentence().isEmpty()).findFirst().orElseGet(() -> said.get(field)));
	}

	private void show(final Said now) {
		text.setForeground(now.color());
		text.setText(now.sentence());
		text.setToolTipText(now.sentence().isEmpty() ? null : FormMessage.tip(now.sentence()));
		install.setVisible(now.canInstall());
	}

	/** One line, and no width of its own: a long sentence does not make the form wider. */
	@Override
	public Dimension getPreferredSize() {
		return new Dimension(0, text.getFontMetrics(text.getFont()).getHeight());
	}

	@Override
	public Dimension getMinimumSize() {
		return getPreferredSize();
	}
}
