package sc.fiji.diffedit.fiji.form;

import java.awt.BorderLayout;
import java.util.List;
import java.util.Objects;

import javax.swing.JButton;
import javax.swing.JComboBox;
import javax.swing.JComponent;
import javax.swing.JFileChooser;
import javax.swing.JPanel;
import javax.swing.text.JTextComponent;

import org.scijava.module.ModuleItem;

/** A model: one of those that are known here, or the name or path of another one. */
final class ModelField extends Field {

	private static final int GAP = 4;
	/** The box is as wide as the form, not as its longest name. */
	private static final String WIDTH = "a name of usual length";

	private final JComboBox<String> box = new JComboBox<>();
	private final JPanel panel = new JPanel(new BorderLayout(GAP, 0));
	private final JButton browse;

	ModelField(final ModuleItem<?> input) {
		super(input);
		box.setEditable(true);
		box.setPrototypeDisplayValue(WIDTH);
		browse = PathField.browse(input, panel, JFileChooser.FILES_AND_DIRECTORIES, () -> text().getText(), this::show);
		panel.add(box, BorderLayout.CENTER);
		panel.add(browse, BorderLayout.EAST);
		text().setName(input.getName());
		Typing.listen(text(), this::notifyChanged);
	}

	private JTextComponent text() {
		return (JTextComponent) box.getEditor().getEditorComponent();
	}

	/** What the list offers; the answer stays as it is. */
	void offer(final List<String> names) {
		final String now = text().getText();
		box.removeAllItems();
		names.forEach(box::addItem);
		show(now);
	}

	@Override
	boolean wantsNote(final boolean alone) {
		return true;
	}

	@Override
	public JComponent component() {
		return panel;
	}

	@Override
	public JComponent keyboard() {
		return (JComponent) box.getEditor().getEditorComponent();
	}

	@Override
	public Object value() {
		return text().getText().strip();
	}

	@Override
	public void show(final Object value) {
		final String name = Objects.toString(value, "");
		box.setSelectedItem(name);
		if (!text().getText().equals(name)) text().setText(name);
	}

	@Override
	void enable(final boolean needed) {
		box.setEnabled(needed);
		browse.setEnabled(needed);
	}
}
