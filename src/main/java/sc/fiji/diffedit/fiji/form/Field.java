package sc.fiji.diffedit.fiji.form;

import java.awt.Color;
import java.awt.Font;
import java.util.Objects;
import java.util.Optional;

import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.UIManager;
import javax.swing.text.JTextComponent;

import org.scijava.module.ModuleItem;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;

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
	private Optional<Note> note = Optional.empty();
	private Optional<Trouble> wrong = Optional.empty();
	private Optional<Trouble> warning = Optional.empty();
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

	/** Whether the answer differs from the default; images and descriptions have none. */
	final boolean isChanged() {
		if (input.getType() == ImagePlus.class || this instanceof DescriptionField || this instanceof ButtonField) return false;
		try {
			return !Objects.equals(Objects.toString(value(), ""), Objects.toString(defaultValue, ""));
		}
		catch (final DiffEditException e) {
			return true;
		}
	}

	/** Shows whether the answer differs from the default and whether it can be used, for a field that is in no form. */
	public final void markAlone() {
		Optional<Trouble> trouble = Optional.empty();
		try {
			value();
		}
		catch (final DiffEditException e) {
			trouble = Optional.of(Trouble.wrong(name(), e.getMessage()));
		}
		mark(isChanged(), trouble, true);
	}

	/** Whether it wants a line below its row for what is wrong with it. @param alone whether it is alone in its row */
	boolean wantsNote(final boolean alone) {
		return false;
	}

	/** Whether it says itself, beside the answer, what is wrong with it. */
	boolean speaks() {
		return note.isPresent();
	}

	/** Whether the line that says what is wrong with it has no room for all of that. */
	final boolean isNoteCut() {
		return note.filter(Note::isCut).isPresent();
	}

	/** Whether the user sees the line that says what is wrong with it. */
	public final boolean isNoteSeen() {
		return note.filter(Note::isShowing).isPresent();
	}

	/** The line below its row. */
	final void setNote(final Note line) {
		note = Optional.of(line);
	}

	/**
	 * Shows whether the answer differs from the default, is wrong, and is needed at all.
	 *
	 * @param trouble what is wrong, which an answer that is only missing is not
	 */
	final void mark(final boolean different, final Optional<Trouble> trouble, final boolean isNeeded) {
		final JComponent marked = caption == null ? keyboard() : caption;
		marked.setFont(marked.getFont().deriveFont(different ? Font.BOLD : Font.PLAIN));
		if (caption != null) caption.setEnabled(isNeeded);
		enable(isNeeded);
		wrong = trouble.filter(found -> !found.isEmpty());
		needed = isNeeded;
		paint();
	}

	/** Shows why a run with the answer may go wrong; empty if nothing is known. */
	final void warn(final Optional<Trouble> found) {
		warning = found;
		paint();
	}

	private void paint() {
		final boolean warned = warning.isPresent();
		if (keyboard() instanceof JTextComponent text) text.setBackground(wrong.isPresent() ? WRONG : warned ? WARNED : UIManager.getColor(needed ? "TextField.background" : "TextField.inactiveBackground"));
		if (keyboard() instanceof JLabel label) label.setForeground(warned ? StatusLine.WARNING : UIManager.getColor("Label.foreground"));
		final Optional<Trouble> told = wrong.or(() -> warning);
		say(told.map(this::told).orElse(""), wrong.isPresent() ? StatusLine.TROUBLE : StatusLine.WARNING, told.filter(Trouble::isEngineMissing).isPresent());
	}

	private String told(final Trouble trouble) {
		return note.filter(Note::isNaming).isPresent() ? trouble.sentence() : trouble.beside(input);
	}

	/**
	 * Says something beside the answer.
	 *
	 * @param sentence empty for nothing
	 * @param canInstall whether an engine that can be installed would help
	 */
	void say(final String sentence, final Color color, final boolean canInstall) {
		note.ifPresent(line -> line.say(this, sentence, color, canInstall));
	}

	/** Lets it be changed or not. */
	void enable(final boolean needed) {
		keyboard().setEnabled(needed);
	}
}
