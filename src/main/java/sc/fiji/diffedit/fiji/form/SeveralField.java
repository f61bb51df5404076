package sc.fiji.diffedit.fiji.form;

import java.util.Objects;
import java.util.function.Consumer;

import javax.swing.JComponent;
import javax.swing.JTextField;

import org.scijava.module.ModuleItem;

/** One or several values of an input, as they are typed; whoever reads them makes a run of each. */
public final class SeveralField extends Field {

	private final JTextField text = new JTextField();
	private final Consumer<String> check;

	/**
	 * A field that shows the input's default.
	 *
	 * @param check throws a {@link sc.fiji.diffedit.DiffEditException} if a text cannot be read
	 */
	public SeveralField(final ModuleItem<?> input, final Consumer<String> check) {
		super(input);
		this.check = check;
		show(defaultValue());
		Typing.listen(text, this::notifyChanged);
	}

	@Override
	public JComponent component() {
		return text;
	}

	@Override
	public JTextField keyboard() {
		return text;
	}

	/** What stands there. */
	public String text() {
		return text.getText();
	}

	/** A number where there is only one, otherwise the text. */
	@Override
	public Object value() {
		final String typed = text.getText().strip();
		check.accept(typed);
		return typed.matches("\\d*\\.?\\d+") ? (Object) Double.valueOf(typed) : typed;
	}

	@Override
	public void show(final Object value) {
		text.setText(Objects.toString(value, ""));
	}
}
