package sc.fiji.diffedit.fiji.form;

import java.awt.Color;
import java.awt.Font;

import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.UIManager;
import javax.swing.text.JTextComponent;

import org.scijava.module.ModuleItem;

/**
 * An input in a form: where its answer is typed or chosen, and what it is at the moment. The part that takes the keyboard has the
 * input's name.
 */
public abstract class Field {

	private static final Color WRONG = new Color(0xffd9d4), WARNED = new Color(0xfff0c2);

	private final ModuleItem<?> input;
	private final Object defaultValue;
	private JComponent caption;
	private Runnable changed = () -> {};
	private boolean wrong;
	private boolean warned;
	private boolean needed = true;

	Field(final ModuleItem<?> input) {
		this.input = input;
		defaultValue = input.getDefaultValue();
	}

	public final ModuleItem<?> input() {
		return input;
	}

	public final String name() {
		return input.getName();
	}

	/** Taken once: SciJava makes a new command to find the default of a command's own input. */
	final Object defaultValue() {
		return defaultValue;
	}

	/** All that stands in the field's place. */
	public abstract JComponent component();

	/** The part that takes the keyboard. */
	public abstract JComponent keyboard();

	/**
	 * The answer that stands there now.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if the input cannot take it; the message names the values it takes
	 */
	public abstract Object value();

	/** Puts an answer there. */
	public abstract void show(Object value);

	/** Whether it brings its label along. */
	boolean isLabelled() {
		return false;
	}

	public final void whenChanged(final Runnable listener) {
		changed = listener;
	}

	/** Called by the listeners of the component. */
	final void notifyChanged() {
		changed.run();
	}

	/** Where the label is; what differs from its default is shown there. */
	public final void setCaption(final JComponent label) {
		caption = label;
	}

	/** Shows whether the answer differs from the default, is wrong, and is needed at all. */
	final void mark(final boolean different, final boolean isWrong, final boolean isNeeded) {
		final JComponent marked = caption == null ? keyboard() : caption;
		marked.setFont(marked.getFont().deriveFont(different ? Font.BOLD : Font.PLAIN));
		if (caption != null) caption.setEnabled(isNeeded);
		enable(isNeeded);
		wrong = isWrong;
		needed = isNeeded;
		paint();
	}

	/** Shows whether a run with the answer may go wrong. */
	final void warn(final boolean may) {
		warned = may;
		paint();
	}

	private void paint() {
		if (keyboard() instanceof JTextComponent text) text.setBackground(wrong ? WRONG : warned ? WARNED : UIManager.getColor(needed ? "TextField.background" : "TextField.inactiveBackground"));
		if (keyboard() instanceof JLabel label) label.setForeground(warned ? StatusLine.WARNING : UIManager.getColor("Label.foreground"));
	}

	/** Lets it be changed or not. */
	void enable(final boolean needed) {
		keyboard().setEnabled(needed);
	}
}
