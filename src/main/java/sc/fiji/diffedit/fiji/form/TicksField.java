package sc.fiji.diffedit.fiji.form;

import java.awt.FlowLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import javax.swing.JCheckBox;
import javax.swing.JComponent;
import javax.swing.JPanel;

import org.scijava.module.ModuleItem;

/** Any number of several words: a box for each, none of which stands for {@value #NOTHING}. The answer has commas between them. */
final class TicksField extends Field {

	static final String NOTHING = "Nothing";
	private static final int GAP = 10;

	private final JPanel panel = new JPanel(new FlowLayout(FlowLayout.LEADING, 0, 0));
	private final List<JCheckBox> boxes = new ArrayList<>();

	TicksField(final ModuleItem<?> input) {
		super(input);
		for (final String word : ChoiceField.choices(input)) {
			if (!word.equals(NOTHING)) add(word);
		}
	}

	private void add(final String word) {
		final JCheckBox box = new JCheckBox(word);
		box.setName(name() + " " + word);
		box.addItemListener(event -> notifyChanged());
		if (!boxes.isEmpty()) panel.add(javax.swing.Box.createHorizontalStrut(GAP));
		boxes.add(box);
		panel.add(box);
	}

	/** The words of an answer. */
	static List<String> ticked(final Object answer) {
		return Arrays.stream(Objects.toString(answer, "").split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
	}

	@Override
	public JComponent component() {
		return panel;
	}

	@Override
	public JComponent keyboard() {
		return boxes.get(0);
	}

	@Override
	public Object value() {
		final String ticked = boxes.stream().filter(JCheckBox::isSelected).map(JCheckBox::getText).collect(Collectors.joining(", "));
		return ticked.isEmpty() ? NOTHING : ticked;
	}

	@Override
	public void show(final Object value) {
		boxes.forEach(box -> box.setSelected(ticked(value).contains(box.getText())));
	}

	@Override
	void enable(final boolean needed) {
		boxes.forEach(box -> box.setEnabled(needed));
	}
}
