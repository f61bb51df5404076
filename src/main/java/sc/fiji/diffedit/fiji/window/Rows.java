package sc.fiji.diffedit.fiji.window;

import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.Insets;

import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;

import sc.fiji.diffedit.fiji.form.Field;
import sc.fiji.diffedit.fiji.form.Help;
import sc.fiji.diffedit.fiji.form.Labels;

/** Rows below each other, in three columns: label, what is moved or chosen, number. */
final class Rows {

	private static final int GAP = 2, BETWEEN = 6;

	private final JPanel panel;
	private int row;

	Rows(final JPanel panel) {
		this.panel = panel;
		panel.setLayout(new GridBagLayout());
	}

	/** Something as wide as the panel. */
	void add(final JComponent part) {
		panel.add(part, at(0, 3, 1));
		row++;
	}

	/** A label of its own line. */
	void addLabel(final Field field) {
		add(label(field));
	}

	/** A label with what it stands for. */
	void add(final Field field) {
		panel.add(label(field), at(0, 1, 0));
		panel.add(explained(field, field.component()), at(1, 2, 1));
		row++;
	}

	/** A label, a slider and its number. */
	void add(final SliderField slider) {
		panel.add(label(slider.field()), at(0, 1, 0));
		panel.add(explained(slider.field(), slider), at(1, 1, 1));
		panel.add(explained(slider.field(), slider.number()), at(2, 1, 0));
		row++;
	}

	/** Takes up what room there is. */
	void fill() {
		final GridBagConstraints place = at(0, 3, 1);
		place.weighty = 1;
		panel.add(new JPanel(), place);
		row++;
	}

	private static JLabel label(final Field field) {
		final JLabel label = new JLabel(Labels.of(field.input()));
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
