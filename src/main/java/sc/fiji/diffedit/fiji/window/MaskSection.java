package sc.fiji.diffedit.fiji.window;

import java.awt.BorderLayout;
import java.awt.FlowLayout;
import java.awt.GridLayout;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import javax.swing.JButton;
import javax.swing.JCheckBox;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.SwingConstants;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.fiji.form.Buttons;
import sc.fiji.diffedit.fiji.form.Field;
import sc.fiji.diffedit.fiji.form.Help;

/** The window's part about the mask: how it is cut from the heat map, shaped and corrected, and where it goes. */
final class MaskSection extends JPanel implements Session.Listener {

	private static final long serialVersionUID = 1L;

	private static final int GAP = 4;
	/** Right ends of sliders. */
	private static final int SMOOTHEST = 32, SQUARE = 100, FARTHEST = 50;

	private final transient Session session;
	private final CutSection cut;
	private final List<SliderField> sliders;
	private final JLabel facts = new JLabel(" ");
	private final JButton undo, redo, clear;
	private final JScrollPane scroll;

	MaskSection(final Session session, final Asked asked) {
		super(new BorderLayout());
		this.session = session;
		cut = new CutSection(asked);
		sliders = List.of(SliderField.linear(asked.field("smoothMap"), SMOOTHEST), SliderField.squares(asked.field("holes"), SQUARE),
			SliderField.squares(asked.field("smallest"), SQUARE), SliderField.linear(asked.field("grow"), FARTHEST));
		facts.setName("facts");
		undo = Buttons.of("Undo", "Takes the last correction back, or the last mask that was found", session::undo);
		redo = Buttons.of("Redo", "Makes it again", session::redo);
		clear = Buttons.of("Clear", "Takes all that was added and removed by hand away; Undo brings it back", session::clearCorrections);
		final Column all = new Column();
		scroll = all.scrolled();
		add(scroll);
		final Rows rows = new Rows(all);
		cut.follow(session.settings());                     // a row takes the height that its part has now
		rows.add(cut);
		rows.addNote(Stream.concat(cut.numbers().stream(), sliders.stream().map(SliderField::field)).toArray(Field[]::new));
		sliders.forEach(rows::add);
		rows.add(outlineAndFacts(asked.field("smooth")));
		rows.add(corrections());
		rows.add(shown());
		rows.add(new SendMask(session));
		rows.fill();
		session.addListener(this);
		maskChanged();
	}

	/** How many pixels of it one would have to scroll to. */
	int hidden() {
		return Math.max(0, scroll.getViewport().getView().getPreferredSize().height - scroll.getViewport().getExtentSize().height);
	}

	private JPanel outlineAndFacts(final Field smooth) {
		final JPanel both = new JPanel(new BorderLayout(GAP, 0));
		smooth.keyboard().setToolTipText(Help.tip(smooth.input()));
		facts.setHorizontalAlignment(SwingConstants.TRAILING);
		both.add(smooth.component(), BorderLayout.WEST);
		both.add(facts, BorderLayout.CENTER);
		return both;
	}

	private JPanel corrections() {
		final JPanel marks = new JPanel(new GridLayout(1, 0, GAP, 0)), steps = new JPanel(new GridLayout(1, 0, GAP, 0)), both = new JPanel(new GridLayout(0, 1, 0, GAP));
		marks.add(Buttons.of("Add selection", "Adds ImageJ's selection on the image to the mask: draw it with any tool, such as the brush or the wand", () -> correct(true)));
		marks.add(Buttons.of("Remove selection", "Removes ImageJ's selection on the image from the mask", () -> correct(false)));
		steps.add(undo);
		steps.add(redo);
		steps.add(clear);
		both.add(marks);
		both.add(steps);
		return both;
	}

	private void correct(final boolean isAdded) {
		session.job().attempt(() -> session.correct(isAdded));
	}

	private JPanel shown() {
		final JPanel boxes = new JPanel(new FlowLayout(FlowLayout.LEADING, 0, 0));
		final JCheckBox heat = new JCheckBox("Heat map", session.isHeatShown()), outline = new JCheckBox("Outline", session.isOutlineShown());
		heat.setName("heat shown");
		outline.setName("outline shown");
		heat.addActionListener(event -> session.show(heat.isSelected(), outline.isSelected()));
		outline.addActionListener(event -> session.show(heat.isSelected(), outline.isSelected()));
		boxes.add(new JLabel("Show"));
		boxes.add(heat);
		boxes.add(outline);
		return boxes;
	}

	@Override
	public void maskChanged() {
		final Optional<MaskState> state = session.state();
		undo.setEnabled(session.canUndo());
		redo.setEnabled(session.canRedo());
		clear.setEnabled(state.filter(MaskState::isCorrected).isPresent());
		cut.follow(session.settings());
		sliders.forEach(SliderField::follow);
	}

	/** Shows what the mask is cut from, and says how large it is. */
	void tell(final Optional<MaskLook> look) {
		cut.show(look);
		facts.setText(look.map(MaskSection::facts).orElse(" "));
		facts.setToolTipText(facts.getText());
	}

	private static String facts(final MaskLook look) {
		final double percent = 100 * look.area();
		if (percent == 0) return "The mask is empty.";
		return Counted.of(look.parts(), "part") + ", " + String.format(Locale.ROOT, percent < 1 ? "%.2f" : "%.1f", percent) + " % of the image";
	}
}
