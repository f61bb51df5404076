package sc.fiji.diffedit.fiji.bridge;

import java.awt.AWTEvent;
import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Frame;
import java.awt.GridBagConstraints;
import java.awt.Insets;
import java.awt.Label;
import java.awt.Panel;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.scijava.ItemVisibility;
import org.scijava.module.MethodCallException;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.util.Types;
import org.scijava.widget.Button;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.DialogListener;
import ij.gui.GenericDialog;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.FormMessage;

/**
 * ImageJ's dialog for a command: one field per input, with its label, range and choices; the descriptions stand behind
 * the Help button, since ImageJ's dialogs have no tool tips. OK stays grey while a value cannot be used, and a line says why.
 * Callbacks of inputs are called as in SciJava's own forms; messages have a place that stays as it is ({@link FormMessage}).
 */
final class Form implements DialogListener {

	private static final int PROBLEM_COLUMNS = 70;
	private static final int MESSAGE_LEFT = 20;

	private final Module module;
	private final List<ModuleItem<?>> inputs;
	private final Values values;
	private final Map<ModuleItem<?>, Field> fields = new LinkedHashMap<>();
	private final Frame owner = IJ.getInstance();
	private Label problem;

	Form(final Module module, final List<ModuleItem<?>> inputs, final Values values) {
		this.module = module;
		this.inputs = inputs;
		this.values = values;
	}

	/** Asks for what is still open; false if the user does not want to go on. Shows nothing when there is nothing to ask. */
	static boolean fill(final Module module, final Values values) {
		final List<ModuleItem<?>> open = Inputs.of(module).stream().filter(input -> !module.isInputResolved(input.getName()))
			.filter(input -> input.getVisibility() != ItemVisibility.INVISIBLE && canAsk(input)).toList();
		if (open.stream().allMatch(input -> input.getVisibility() == ItemVisibility.MESSAGE)) return true;
		return new Form(module, open, values).show();
	}

	/** Whether a field can be made for it; other inputs are for scripts. */
	private static boolean canAsk(final ModuleItem<?> input) {
		final Class<?> type = Types.box(input.getType());
		return type == Boolean.class || type == String.class || type == File.class || type == ImagePlus.class
			|| type == Button.class || Number.class.isAssignableFrom(type) || type.isEnum();
	}

	/** Shows the dialog and puts the answers into the module; false if the user has cancelled. */
	boolean show() {
		final GenericDialog dialog = new GenericDialog(Labels.of(module.getInfo()).replace("...", ""), owner);
		inputs.forEach(input -> add(dialog, input));
		dialog.addMessage(" ".repeat(PROBLEM_COLUMNS), null, Color.RED);
		problem = (Label) dialog.getMessage();
		dialog.addDialogListener(this);
		dialog.addHelp(help());
		dialog.showDialog();
		if (dialog.wasCanceled()) return false;
		fields.forEach((input, field) -> {
			module.setInput(input.getName(), field.value(values, input));
			module.resolveInput(input.getName());
		});
		return true;
	}

	private void add(final GenericDialog dialog, final ModuleItem<?> input) {
		final Object value = module.getInput(input.getName());
		if (input.getVisibility() == ItemVisibility.MESSAGE) addMessage(dialog, input);
		else if (input.getType() == Button.class) dialog.addButton(Labels.of(input), event -> press(input));
		else fields.put(input, Field.add(dialog, input, value));
	}

	/** It shows what the command or another thread makes of it in the meantime. */
	private void addMessage(final GenericDialog dialog, final ModuleItem<?> input) {
		final Panel panel = new Panel(new BorderLayout());
		panel.add(new FormMessage(() -> Objects.toString(module.getInput(input.getName()), "")));
		dialog.addPanel(panel, GridBagConstraints.WEST, new Insets(0, MESSAGE_LEFT, 0, 0));
	}

	private void press(final ModuleItem<?> button) {
		call(button);
	}

	private void call(final ModuleItem<?> input) {
		try {
			input.callback(module);
		}
		catch (final MethodCallException e) {
			IJ.handleException(e);
		}
	}

	@Override
	public boolean dialogItemChanged(final GenericDialog dialog, final AWTEvent event) {
		final List<ModuleItem<?>> changed = new ArrayList<>();
		final String wrong = accept(changed);
		changed.forEach(this::call);
		problem.setText(wrong);
		return wrong.isEmpty();
	}

	/** Gives the command what stands in the fields now, up to the first that cannot be used; says why that is so. */
	private String accept(final List<ModuleItem<?>> changed) {
		for (final Map.Entry<ModuleItem<?>, Field> entry : fields.entrySet()) {
			final ModuleItem<?> input = entry.getKey();
			try {
				final Object value = entry.getValue().value(values, input);
				if (Objects.equals(module.getInput(input.getName()), value)) continue;
				module.setInput(input.getName(), value);
				changed.add(input);
			}
			catch (final DiffEditException e) {
				return e.getMessage();
			}
		}
		return "";
	}

	private String help() {
		final List<String> lines = new ArrayList<>();
		lines.add("<html><h3>" + escape(Labels.of(module.getInfo()).replace("...", "")) + "</h3>");
		final String about = module.getInfo().getDescription();
		if (about != null && !about.isEmpty()) lines.add("<p>" + escape(about) + "</p>");
		for (final ModuleItem<?> input : fields.keySet()) {
			final String description = input.getDescription() == null ? "" : input.getDescription();
			lines.add("<p><b>" + escape(Labels.of(input)) + "</b> <tt>" + Inputs.key(input) + "</tt><br>" + escape(description) + "</p>");
		}
		return String.join("\n", lines);
	}

	private static String escape(final String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}
}
