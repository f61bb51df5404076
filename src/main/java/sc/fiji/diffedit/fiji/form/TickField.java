package sc.fiji.diffedit.fiji.form;

import javax.swing.JCheckBox;
import javax.swing.JComponent;

import org.scijava.module.ModuleItem;

/** Yes or no. */
final class TickField extends Field {

	private final JCheckBox box;

	TickField(final ModuleItem<?> input) {
		super(input);
		box = new JCheckBox(Labels.of(input));
		box.setName(input.getName());
		box.addItemListener(event -> notifyChanged());
		setCaption(box);
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
	boolean isLabelled() {
		return true;
	}

	@Override
	public Object value() {
		return box.isSelected();
	}

	@Override
	public void show(final Object value) {
		box.setSelected(Boolean.TRUE.equals(value));
	}
}
