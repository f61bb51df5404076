package sc.fiji.diffedit.fiji.window;

import java.awt.Dimension;
import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.Insets;

import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;

import sc.fiji.diffedit.fiji.form.Field;
import sc.fiji.diffedit.fiji.form.Help;
import sc.fiji.diffedit.fiji.form.Labels;
import sc.fiji.diffedit.fiji.form.Note;
import sc.fiji.diffedit.fiji.form.PlainFonts;

/** Rows below each other, in three columns: label, what is moved or chosen, number. */
final class Rows {

	private static final int GAP = 1, BETWEEN = 6;

	private final JPanel panel;
	private int row;

	Rows(final JPanel panel) {
		this.panel = panel;
		panel.setLayout(new GridBagLayout());
	}

	/** Something as wide as the panel. */
	void add(final JComponent part) {
		place(part, at(0, 3, 1));
		row++;
	}

	/** A label of its own line. */
	void addLabel(final Field field) {
		add(label(field));
	}

	/** A label with what it stands for. */
	void add(final Field field) {
		place(label(field), at(0, 1, 0));
		place(explained(field, field.component()), at(1, 2, 1));
		row++;
	}

	/** A label and a number, without the hint that forms have room for. */
	void addNumber(final Field field) {
		field.setCaption(add(Labels.of(field.input()), field.keyboard(), Help.tip(field.input())));
	}

	/** A line, which is always there, for what is wrong with one of the fields above it. */
	void addNote(final Field... fields) {
		add(Note.of(fields));
	}

	/** A label and a choice, with which nothing can be wrong, so that no line for that is kept free. */
	void addChoice(final Field field) {
		place(label(field), at(0, 1, 0));
		place(explained(field, field.keyboard()), at(1, 2, 1));
		row++;
	}

	/** A label with what it stands for, and something beside it. */
	void add(final Field field, final JComponent beside) {
		place(label(field), at(0, 1, 0));
		place(explained(field, field.component()), at(1, 1, 1));
		place(beside, at(2, 1, 0));
		row++;
	}

	/** A label with something that is no field of a form. @return the label */
	JLabel add(final String label, final JComponent part, final String tip) {
		final JLabel caption = new JLabel(label);
		caption.setToolTipText(tip);
		part.setToolTipText(tip);
		place(caption, at(0, 1, 0));
		panel.add(part, at(1, 2, 1));
		row++;
		return caption;
	}

	/** A label, a slider and its number with its unit. */
	void add(final SliderField slider) {
		place(label(slider.field()), at(0, 1, 0));
		place(explained(slider.field(), slider), at(1, 1, 1));
		place(slider.number(), at(2, 1, 0));
		row++;
	}

	/** The same with the slider in a row of its own, as long as the panel is wide. */
	void addLong(final SliderField slider) {
		add(explained(slider.field(), slider));
		place(label(slider.field()), at(0, 2, 1));
		place(slider.number(), at(2, 1, 0));
		row++;
	}

	/**
	 * What stretches has no width of its own: else everything would shrink to its least size when one part asks for too much.
	 * A label becomes bold when its answer is changed, and must not be cut then.
	 */
	private void place(final JComponent part, final GridBagConstraints place) {
		final Dimension wanted = part instanceof JLabel ? PlainFonts.boldSize(part) : part.getPreferredSize();
		final Dimension size = new Dimension(place.weightx > 0 ? 0 : wanted.width, wanted.height);
		part.setPreferredSize(size);
		part.setMinimumSize(size);
		panel.add(part, place);
	}

	/** Takes up what room there is. */
	void fill() {
		final GridBagConstraints place = at(0, 3, 1);
		place.weighty = 1;
		panel.add(new JPanel(null), place);
		row++;
	}

	private static JLabel label(final Field field) {
		final JLabel label = new JLabel(Labels.of(field.input()).replace(SliderField.PIXELS, ""));
		label.setLabelFor(field.keyboard());
		field.setCaption(label);
		return (JLabel) explained(field, label);
	}

	private static JComponent explained(final Field field, final JComponent part) {
		final String tip = Help.tip(field.input());
		part.setToolTipText(tip);
		field.keyboard().setToolTipText(tip);
		return part;
	}

	private GridBagConstraints at(final int column, final int columns, final double weight) {
		final GridBagConstraints place = new GridBagConstraints();
		place.gridx = column;
		place.gridy = row;
		place.gridwidth = columns;
		place.weightx = weight;
		place.fill = GridBagConstraints.HORIZONTAL;
		place.anchor = GridBagConstraints.LINE_START;
		place.insets = new Insets(GAP, column == 0 ? 0 : BETWEEN, GAP, 0);
		return place;
	}
}
