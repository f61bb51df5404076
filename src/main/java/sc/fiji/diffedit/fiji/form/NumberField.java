package sc.fiji.diffedit.fiji.form;

import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;
import java.math.BigDecimal;
import java.util.Objects;

import javax.swing.AbstractAction;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JTextField;
import javax.swing.KeyStroke;
import javax.swing.UIManager;

import org.scijava.module.ModuleItem;
import org.scijava.util.Types;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.inputs.InputGroup;

/** A number, with what more or less of it does, or its range, behind it; the up and down keys take a step. A decimal comma is read as a point. */
final class NumberField extends TextField {

	private static final int COLUMNS = 8, GAP = 8;

	/** What the hint's place must have room for, if it is to say what is wrong. */
	private static final String MESSAGE = "'1x': write a whole number.";

	private final JPanel panel = new JPanel(new BorderLayout(GAP, 0));
	private final JLabel hint;
	private final String usual;

	NumberField(final ModuleItem<?> input, final Values values) {
		super(input, values, new JTextField(COLUMNS));
		usual = Objects.requireNonNullElseGet(input.get(InputGroup.HINT), () -> plain(Values.range(input)));
		hint = new JLabel(usual);
		hint.setName("note " + input.getName());
		hint.setPreferredSize(new Dimension(hint.getPreferredSize().width, new JLabel(MESSAGE).getPreferredSize().height));
		say("", Color.BLACK, false);
		panel.add(text(), BorderLayout.WEST);
		panel.add(hint, BorderLayout.CENTER);
		step(KeyEvent.VK_UP, 1);
		step(KeyEvent.VK_DOWN, -1);
	}

	@Override
	public JComponent component() {
		return panel;
	}

	/** Without the zeros of {@code 0.0 to 1.0}. */
	private static String plain(final String text) {
		return text.replaceAll("\\.0\\b", "");
	}

	/** Alone it has room enough; beside others no more than its hint takes. */
	@Override
	boolean wantsNote(final boolean alone) {
		return !alone && hint.getPreferredSize().width < new JLabel(MESSAGE).getPreferredSize().width;
	}

	@Override
	boolean speaks() {
		return true;
	}

	@Override
	void say(final String sentence, final Color color, final boolean canInstall) {
		if (super.speaks()) {
			super.say(plain(sentence), color, canInstall);
			return;
		}
		hint.setForeground(sentence.isEmpty() ? UIManager.getColor("Label.disabledForeground") : color);
		hint.setText(sentence.isEmpty() ? usual : plain(sentence));
		hint.setToolTipText(sentence.isEmpty() ? null : FormMessage.tip(sentence));
	}

	@Override
	String typed() {
		final String typed = super.typed();
		return !isWhole() && typed.matches("[^.,]*,[^.,]*") ? typed.replace(',', '.') : typed;
	}

	private boolean isWhole() {
		final Class<?> type = Types.box(input().getType());
		return type != Double.class && type != Float.class;
	}

	private void step(final int key, final int direction) {
		final Number size = input().getStepSize();
		final BigDecimal step = size == null || size.doubleValue() == 0 ? BigDecimal.ONE : new BigDecimal(size.toString());
		text().getInputMap().put(KeyStroke.getKeyStroke(key, 0), direction);
		text().getActionMap().put(direction, new AbstractAction() {

			private static final long serialVersionUID = 1L;

			@Override
			public void actionPerformed(final ActionEvent event) {
				move(step.multiply(BigDecimal.valueOf(direction)));
			}
		});
	}

	/** Stays where it is when the next number is out of range. */
	private void move(final BigDecimal by) {
		final String before = text().getText();
		try {
			text().setText(new BigDecimal(value().toString()).add(by).toString());
			show(value());
		}
		catch (final DiffEditException | NumberFormatException e) {
			text().setText(before);
		}
	}
}
