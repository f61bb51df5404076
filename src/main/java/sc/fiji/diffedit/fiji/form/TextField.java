package sc.fiji.diffedit.fiji.form;

import java.util.Objects;

import javax.swing.JComponent;
import javax.swing.JPasswordField;
import javax.swing.JTextField;
import javax.swing.text.JTextComponent;

import org.scijava.module.ModuleItem;
import org.scijava.widget.TextWidget;

/** A text in one line. */
class TextField extends Field {

	private static final int COLUMNS = 30;

	private final Values values;
	private final JTextField text;

	TextField(final ModuleItem<?> input, final Values values) {
		this(input, values, Inputs.hasStyle(input, TextWidget.PASSWORD_STYLE) ? new JPasswordField(COLUMNS) : new JTextField(COLUMNS));
	}

	TextField(final ModuleItem<?> input, final Values values, final JTextField text) {
		super(input);
		this.values = values;
		this.text = text;
		text.setName(input.getName());
		Typing.listen(text, this::notifyChanged);
	}

	/** The line itself. */
	final JTextComponent text() {
		return text;
	}

	@Override
	boolean wantsNote(final boolean alone) {
		return true;
	}

	@Override
	public JComponent component() {
		return text;
	}

	@Override
	public final JComponent keyboard() {
		return text;
	}

	@Override
	public final Object value() {
		return values.of(input(), typed());
	}

	/** What stands there, as the input reads it. */
	String typed() {
		return text instanceof JPasswordField secret ? new String(secret.getPassword()) : text.getText();
	}

	@Override
	public final void show(final Object value) {
		text.setText(Objects.toString(value, ""));
		text.setCaretPosition(0);
	}
}
