package sc.fiji.diffedit.fiji.form;

import javax.swing.JButton;
import javax.swing.JComponent;

import org.scijava.module.ModuleItem;

/** A button that calls the command back; it has no answer. */
final class ButtonField extends Field {

	private final JButton button;

	ButtonField(final ModuleItem<?> input) {
		super(input);
		button = new JButton(Labels.of(input));
		button.setName(input.getName());
		button.addActionListener(event -> notifyChanged());
	}

	@Override
	public JComponent component() {
		return button;
	}

	@Override
	public JComponent keyboard() {
		return button;
	}

	@Override
	boolean isLabelled() {
		return true;
	}

	@Override
	public Object value() {
		return null;
	}

	@Override
	public void show(final Object value) {}
}
