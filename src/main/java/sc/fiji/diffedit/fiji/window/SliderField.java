package sc.fiji.diffedit.fiji.window;

import java.awt.BorderLayout;
import java.util.function.DoubleUnaryOperator;

import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JSlider;
import javax.swing.JTextField;
import javax.swing.SwingConstants;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.form.Field;
import sc.fiji.diffedit.fiji.form.Labels;

/** A slider that moves the number of a field, and follows it. Numbers beyond its end can be typed. */
final class SliderField extends JSlider {

	private static final long serialVersionUID = 1L;

	/** The unit in labels; in a window it stands behind the number. */
	static final String PIXELS = " (pixels)";

	private static final int COLUMNS = 4, GAP = 4;

	private final transient Field field;
	private final transient DoubleUnaryOperator numbers;
	private final transient DoubleUnaryOperator ticks;
	private final JPanel number = new JPanel(new BorderLayout(GAP, 0));
	private boolean following;

	/**
	 * @param most tick at its right end; 0 is at its left
	 * @param numbers the number at a tick
	 * @param ticks the tick of a number
	 */
	SliderField(final Field field, final int most, final DoubleUnaryOperator numbers, final DoubleUnaryOperator ticks) {
		super(0, most, 0);
		this.field = field;
		this.numbers = numbers;
		this.ticks = ticks;
		setName(field.name() + " slider");
		final JTextField text = (JTextField) field.keyboard();
		text.setColumns(COLUMNS);
		text.setHorizontalAlignment(SwingConstants.TRAILING);
		number.add(text, BorderLayout.CENTER);
		final JLabel unit = new JLabel("px");
		unit.setPreferredSize(unit.getPreferredSize());
		if (!Labels.of(field.input()).endsWith(PIXELS)) unit.setText("");
		number.add(unit, BorderLayout.EAST);
		addChangeListener(event -> move());
	}

	/** Whole numbers, one by one. */
	static SliderField linear(final Field field, final int most) {
		return new SliderField(field, most, tick -> tick, number -> number);
	}

	/** Areas: each tick is a square of so many pixels along its side. */
	static SliderField squares(final Field field, final int most) {
		return new SliderField(field, most, side -> side * side, Math::sqrt);
	}

	Field field() {
		return field;
	}

	/** The line in which the number stands, and its unit. */
	JComponent number() {
		return number;
	}

	private void move() {
		if (!following) set(numbers.applyAsDouble(getValue()));
	}

	/** Puts a number into the field. */
	void set(final double number) {
		field.show(number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number));
	}

	/** Moves to where the field's number is. */
	void follow() {
		try {
			following = true;
			final double number = ((Number) field.value()).doubleValue();
			setValue((int) Math.round(ticks.applyAsDouble(number)));
			if (((JTextField) field.keyboard()).getText().endsWith(".0") && !field.keyboard().isFocusOwner()) set(number);
		}
		catch (final DiffEditException e) {
			return;                                                         // the number is being typed
		}
		finally {
			following = false;
		}
	}

	/** Moves the right end. */
	void setEnd(final int most) {
		following = true;
		setMaximum(most);
		following = false;
		follow();
	}
}
