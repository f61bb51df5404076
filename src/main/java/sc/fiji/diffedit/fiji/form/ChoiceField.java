package sc.fiji.diffedit.fiji.form;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.swing.JComboBox;
import javax.swing.JComponent;

import org.scijava.module.ModuleItem;

/** One of several words. A value that is not among them, as macros may write, is one more. */
final class ChoiceField extends Field {

	private final Values values;
	private final JComboBox<String> box;

	ChoiceField(final ModuleItem<?> input, final Values values) {
		super(input);
		this.values = values;
		box = new JComboBox<>(choices(input).toArray(String[]::new));
		box.setName(input.getName());
		box.addItemListener(event -> notifyChanged());
	}

	/** The words; none if the input is free. */
	static List<String> choices(final ModuleItem<?> input) {
		final List<?> given = input.getChoices();
		final List<?> all = given != null && !given.isEmpty() ? given : input.getType().isEnum() ? Arrays.asList(input.getType().getEnumConstants()) : List.of();
		return new ArrayList<>(all.stream().map(String::valueOf).toList());
	}

	@Override
	public JComponent component() {
		return box;
	}

	@Override
	public JComponent keyboard() {
		return box;
	}

	@Override
	public Object value() {
		return values.of(input(), String.valueOf(box.getSelectedItem()));
	}

	@Override
	public void show(final Object value) {
		if (value == null) return;
		final String word = value.toString();
		if (!choices(input()).contains(word)) box.addItem(word);
		box.setSelectedItem(word);
	}
}
