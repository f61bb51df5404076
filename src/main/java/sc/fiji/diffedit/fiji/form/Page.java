package sc.fiji.diffedit.fiji.form;

import java.awt.Component;
import java.awt.FlowLayout;
import java.awt.Font;
import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.Insets;
import java.awt.Rectangle;
import java.awt.event.FocusAdapter;
import java.awt.event.FocusEvent;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.swing.BorderFactory;
import javax.swing.Box;
import javax.swing.JCheckBox;
import javax.swing.JComboBox;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.UIManager;

/** Rows of fields with their labels in a column before them. */
final class Page extends JPanel {

	private static final long serialVersionUID = 1L;

	private static final int GAP = 2, SIDE = 10, HEADING_GAP = 8;

	private final transient Function<String, Field> fields;
	private int row;

	/**
	 * @param fields of the names that rows consist of
	 * @param labelsWidth of the column of labels, in pixels: pages below each other have the same
	 */
	Page(final Function<String, Field> fields, final int labelsWidth) {
		super(new GridBagLayout());
		this.fields = fields;
		setBorder(BorderFactory.createEmptyBorder(GAP, SIDE, 0, SIDE));
		add(Box.createHorizontalStrut(labelsWidth + SIDE), at(0, new Insets(0, 0, 0, 0)));
		row++;
	}

	/** How wide the labels of rows are. */
	static int labelsWidth(final List<String> rows, final Function<String, Field> fields) {
		final Stream<Field> firsts = rows.stream().map(names -> fields.apply(Plan.names(names).get(0))).filter(field -> !field.isLabelled());
		return firsts.mapToInt(field -> bold(new JLabel(Labels.of(field.input()))).getPreferredSize().width).max().orElse(0);
	}

	private static JLabel bold(final JLabel label) {
		label.setFont(label.getFont().deriveFont(Font.BOLD));
		return label;
	}

	/** Adds a heading with its rows. */
	void add(final String heading, final List<String> rows) {
		final JLabel title = PlainFonts.heading(heading);
		title.setBorder(BorderFactory.createCompoundBorder(BorderFactory.createMatteBorder(1, 0, 0, 0, UIManager.getColor("controlShadow")),
			BorderFactory.createEmptyBorder(GAP, 0, 0, 0)));
		final GridBagConstraints place = at(0, new Insets(HEADING_GAP, 0, GAP, 0));
		place.gridwidth = 2;
		place.fill = GridBagConstraints.HORIZONTAL;
		add(title, place);
		row++;
		add(rows);
	}

	/** Adds rows without a heading. */
	void add(final List<String> rows) {
		for (final String names : rows) addRow(Plan.names(names).stream().map(fields).toList());
	}

	private void addRow(final List<Field> side) {
		final Field first = side.get(0);
		if (!first.isLabelled()) {
			final JLabel label = new JLabel(Labels.of(first.input()));
			label.setLabelFor(first.keyboard());
			first.setCaption(label);
			final GridBagConstraints place = at(0, new Insets(GAP, 0, GAP, SIDE));
			if (first instanceof DescriptionField) place.anchor = GridBagConstraints.FIRST_LINE_START;
			add(label, place);
		}
		addWide(side.size() == 1 ? first.component() : together(side), new Insets(GAP, 0, GAP, 0));
		if (side.stream().anyMatch(field -> field.wantsNote(side.size() == 1))) addNote(side);
		side.forEach(this::explain);
	}

	private void addWide(final JComponent part, final Insets insets) {
		final GridBagConstraints place = at(1, insets);
		place.weightx = 1;
		place.fill = GridBagConstraints.HORIZONTAL;
		add(part, place);
		row++;
	}

	/** Close to what it is about. */
	private void addNote(final List<Field> side) {
		final Note note = new Note(side.get(0).name());
		side.stream().filter(field -> field.wantsNote(side.size() == 1) || !field.speaks()).forEach(field -> field.setNote(note));
		addWide(note, new Insets(-GAP, 0, 0, 0));
	}

	/** Fields side by side; those after the first have a label only where the field itself shows none. */
	private JPanel together(final List<Field> side) {
		final JPanel panel = new JPanel(new FlowLayout(FlowLayout.LEADING, 0, 0));
		for (final Field field : side) {
			if (panel.getComponentCount() > 0) panel.add(Box.createHorizontalStrut(SIDE));
			if (field != side.get(0)) keepWidth(field.keyboard());
			if (field != side.get(0) && (field instanceof NumberField || field instanceof PresetField)) {
				final JLabel label = new JLabel(Labels.of(field.input()) + " ");
				label.setLabelFor(field.keyboard());
				field.setCaption(label);
				panel.add(label);
			}
			panel.add(field.component());
		}
		return panel;
	}

	/** What has no label becomes bold itself when it is changed, and must not push away what is beside it. */
	private static void keepWidth(final JComponent part) {
		if (part instanceof JComboBox || part instanceof JCheckBox) part.setPreferredSize(PlainFonts.boldSize(part));
	}

	private void explain(final Field field) {
		final String tip = Help.tip(field.input());
		field.keyboard().setToolTipText(tip);
		for (final Component label : getComponents()) {
			if (label instanceof JLabel text && text.getLabelFor() == field.keyboard()) text.setToolTipText(tip);
		}
		field.keyboard().addFocusListener(new FocusAdapter() {

			@Override
			public void focusGained(final FocusEvent event) {
				final JComponent component = field.component();
				component.scrollRectToVisible(new Rectangle(0, -HEADING_GAP, component.getWidth(), component.getHeight() + 2 * HEADING_GAP));
			}
		});
	}

	private GridBagConstraints at(final int column, final Insets insets) {
		final GridBagConstraints place = new GridBagConstraints();
		place.gridx = column;
		place.gridy = row;
		place.anchor = GridBagConstraints.LINE_START;
		place.insets = insets;
		return place;
	}
}
