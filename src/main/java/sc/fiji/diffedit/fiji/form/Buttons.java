package sc.fiji.diffedit.fiji.form;

import java.awt.Insets;

import javax.swing.JButton;

/** Buttons whose names are their labels, by which tests and screenshots find them. */
public final class Buttons {

	private Buttons() {}

	/** @param tip null for none */
	public static JButton of(final String label, final String tip, final Runnable action) {
		final JButton button = new JButton(label);
		button.setName(label);
		button.setToolTipText(tip);
		button.addActionListener(event -> action.run());
		return button;
	}

	/** The same with little space around the words, for several in a narrow row. */
	public static JButton narrow(final String label, final String tip, final Runnable action) {
		final JButton button = of(label, tip, action);
		button.setMargin(new Insets(2, 2, 2, 2));
		return button;
	}
}
