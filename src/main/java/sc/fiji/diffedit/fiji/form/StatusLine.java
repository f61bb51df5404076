package sc.fiji.diffedit.fiji.form;

import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Dimension;

import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JPanel;
import javax.swing.JTextArea;

import ij.IJ;

/** One place of fixed size for what is wrong, with a button where an engine would help. */
public final class StatusLine extends JPanel {

	private static final long serialVersionUID = 1L;

	/** For what is wrong, may go wrong, and is only not done yet. */
	public static final Color TROUBLE = new Color(0xa61b00), WARNING = new Color(0x7a5200), TO_DO = new Color(0x305080);

	/** The command that helps where there is no engine. */
	static final String INSTALL = "Install Engine...";

	private static final int GAP = 8;

	private final int rows;

	private final JTextArea text = new JTextArea();
	private final JButton help = new JButton(INSTALL);

	/** @param rows of text that it has room for */
	public StatusLine(final int rows) {
		super(new BorderLayout(GAP, 0));
		this.rows = rows;
		text.setName("status");
		text.setEditable(false);
		text.setFocusable(false);
		text.setOpaque(false);
		text.setBorder(BorderFactory.createEmptyBorder());                  // some looks put a margin around texts
		text.setLineWrap(true);
		text.setWrapStyleWord(true);
		help.setName("help out");
		help.addActionListener(event -> installEngine());
		final JPanel beside = new JPanel(new BorderLayout());
		beside.add(help, BorderLayout.NORTH);
		add(text, BorderLayout.CENTER);
		add(beside, BorderLayout.EAST);
		setStatus("", WARNING, false);
	}

	/** Opens the form that installs an engine. */
	static void installEngine() {
		IJ.doCommand(INSTALL);
	}

	/**
	 * Shows a sentence; its whole text is also the tool tip.
	 *
	 * @param color for how bad it is
	 * @param canHelp whether the button would help
	 */
	public void setStatus(final String sentence, final Color color, final boolean canHelp) {
		text.setForeground(color);
		text.setText(sentence);
		text.setToolTipText(sentence.isEmpty() ? null : FormMessage.tip(sentence));
		help.setVisible(canHelp);
	}

	/** The same for every text. */
	@Override
	public Dimension getPreferredSize() {
		final int height = rows * text.getFontMetrics(text.getFont()).getHeight();
		return new Dimension(0, Math.max(height, help.getPreferredSize().height) + getInsets().top + getInsets().bottom);
	}
}
