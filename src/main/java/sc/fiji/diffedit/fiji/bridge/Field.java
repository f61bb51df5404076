package sc.fiji.diffedit.fiji.bridge;

import java.awt.BorderLayout;
import java.awt.Checkbox;
import java.awt.CheckboxGroup;
import java.awt.Choice;
import java.awt.Insets;
import java.awt.Panel;
import java.awt.TextArea;
import java.awt.TextField;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Vector;
import java.util.function.Supplier;

import org.scijava.module.ModuleItem;
import org.scijava.util.Types;
import org.scijava.widget.ChoiceWidget;
import org.scijava.widget.FileWidget;
import org.scijava.widget.NumberWidget;
import org.scijava.widget.TextWidget;

import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;

/**
 * One input in ImageJ's dialog. It reads the component itself: the dialog's own {@code getNext...} methods would record
 * macros under the label's first word instead of the parameter's name.
 */
final class Field {

	private static final int TEXT_COLUMNS = 32;
	private static final int NUMBER_COLUMNS = 8;
	private static final int AREA_ROWS = 4;
	private static final String NO_IMAGE = "None";

	private final Supplier<Object> content;

	private Field(final Supplier<Object> content) {
		this.content = content;
	}

	/** The answer; texts are read as the input's type. */
	Object value(final Values values, final ModuleItem<?> input) {
		final Object now = content.get();
		return now instanceof String text ? values.of(input, text) : now;
	}

	static Field add(final GenericDialog dialog, final ModuleItem<?> input, final Object value) {
		final Class<?> type = Types.box(input.getType());
		if (type == ImagePlus.class) return image(dialog, input);
		if (type == Boolean.class) return checkbox(dialog, input, Boolean.TRUE.equals(value));
		if (!choices(input).isEmpty()) return choice(dialog, input, String.valueOf(value));
		if (type == File.class) return file(dialog, input, value == null ? "" : value.toString());
		if (Number.class.isAssignableFrom(type)) return number(dialog, input, (Number) value);
		return text(dialog, input, Objects.toString(value, ""));
	}

	private static Field image(final GenericDialog dialog, final ModuleItem<?> input) {
		final List<ImagePlus> open = new ArrayList<>();
		if (!input.isRequired()) open.add(null);
		final int[] ids = WindowManager.getIDList();
		for (final int id : ids == null ? new int[0] : ids) open.add(WindowManager.getImage(id));
		final String[] titles = open.stream().map(image -> image == null ? NO_IMAGE : image.getTitle()).toArray(String[]::new);
		final ImagePlus active = input.isRequired() ? WindowManager.getCurrentImage() : null;
		dialog.addChoice(Labels.of(input), titles, active == null ? NO_IMAGE : active.getTitle());
		final Choice choice = last(dialog.getChoices());
		return new Field(() -> open.isEmpty() ? null : open.get(choice.getSelectedIndex()));
	}

	private static Field checkbox(final GenericDialog dialog, final ModuleItem<?> input, final boolean value) {
		dialog.addCheckbox(Labels.of(input), value);
		final Checkbox box = last(dialog.getCheckboxes());
		return new Field(box::getState);
	}

	private static List<String> choices(final ModuleItem<?> input) {
		final List<?> choices = input.getChoices();
		if (choices != null && !choices.isEmpty()) return choices.stream().map(String::valueOf).toList();
		if (!input.getType().isEnum()) return List.of();
		return List.of(input.getType().getEnumConstants()).stream().map(String::valueOf).toList();
	}

	private static Field choice(final GenericDialog dialog, final ModuleItem<?> input, final String value) {
		final List<String> names = new ArrayList<>(choices(input));
		if (!names.contains(value) && !value.equals("null")) names.add(0, value);
		final String[] items = names.toArray(String[]::new);
		if (Inputs.hasStyle(input, ChoiceWidget.RADIO_BUTTON_HORIZONTAL_STYLE)) return radio(dialog, input, items, 1, value);
		if (Inputs.hasStyle(input, ChoiceWidget.RADIO_BUTTON_VERTICAL_STYLE)) return radio(dialog, input, items, items.length, value);
		dialog.addChoice(Labels.of(input), items, value);
		final Choice choice = last(dialog.getChoices());
		return new Field(choice::getSelectedItem);
	}

	private static Field radio(final GenericDialog dialog, final ModuleItem<?> input, final String[] items, final int rows,
		final String value)
	{
		dialog.addRadioButtonGroup(Labels.of(input), items, rows, items.length / rows, value);
		final CheckboxGroup group = last(dialog.getRadioButtonGroups());
		return new Field(() -> group.getSelectedCheckbox() == null ? value : group.getSelectedCheckbox().getLabel());
	}

	private static Field file(final GenericDialog dialog, final ModuleItem<?> input, final String value) {
		if (Inputs.hasStyle(input, FileWidget.DIRECTORY_STYLE)) dialog.addDirectoryField(Labels.of(input), value, TEXT_COLUMNS);
		else dialog.addFileField(Labels.of(input), value, TEXT_COLUMNS);
		final TextField field = last(dialog.getStringFields());
		return new Field(() -> field.getText().trim());
	}

	/** The exact text of the value stands in the field: ImageJ would round it to its number of digits. */
	private static Field number(final GenericDialog dialog, final ModuleItem<?> input, final Number value) {
		final Number shown = value == null ? 0 : value;
		final Object least = input.getMinimumValue();
		final Object most = input.getMaximumValue();
		final boolean slider = least instanceof Number && most instanceof Number
			&& (Inputs.hasStyle(input, NumberWidget.SLIDER_STYLE) || Inputs.hasStyle(input, NumberWidget.SCROLL_BAR_STYLE));
		if (slider) slider(dialog, input, (Number) least, (Number) most, shown);
		else dialog.addNumericField(Labels.of(input), shown.doubleValue(), 0, NUMBER_COLUMNS, Values.range(input));
		final TextField field = last(dialog.getNumericFields());
		field.setText(shown.toString());
		return new Field(field::getText);
	}

	private static void slider(final GenericDialog dialog, final ModuleItem<?> input, final Number least, final Number most,
		final Number value)
	{
		final double step = input.getStepSize() == null ? 0 : input.getStepSize().doubleValue();
		if (step > 0) dialog.addSlider(Labels.of(input), least.doubleValue(), most.doubleValue(), value.doubleValue(), step);
		else dialog.addSlider(Labels.of(input), least.doubleValue(), most.doubleValue(), value.doubleValue());
	}

	private static Field text(final GenericDialog dialog, final ModuleItem<?> input, final String value) {
		if (Inputs.hasStyle(input, TextWidget.AREA_STYLE)) return area(dialog, input, value);
		if (Inputs.hasStyle(input, TextWidget.PASSWORD_STYLE)) dialog.setEchoChar('*');
		dialog.addStringField(Labels.of(input), value, TEXT_COLUMNS);
		final TextField field = last(dialog.getStringFields());
		return new Field(field::getText);
	}

	/** ImageJ's dialog has at most two text areas, without labels; this makes as many as there are inputs. */
	private static Field area(final GenericDialog dialog, final ModuleItem<?> input, final String value) {
		dialog.addMessage(Labels.of(input) + ":");
		final TextArea area = new TextArea(value, AREA_ROWS, TEXT_COLUMNS, TextArea.SCROLLBARS_VERTICAL_ONLY);
		area.addTextListener(dialog);
		final Panel panel = new Panel(new BorderLayout());
		panel.add(area, BorderLayout.CENTER);
		dialog.addPanel(panel, java.awt.GridBagConstraints.CENTER, new Insets(0, 20, 5, 0));
		return new Field(area::getText);
	}

	@SuppressWarnings("unchecked")
	private static <T> T last(final Vector<?> components) {
		return (T) components.get(components.size() - 1);
	}
}
