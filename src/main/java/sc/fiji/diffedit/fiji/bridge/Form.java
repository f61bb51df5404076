package sc.fiji.diffedit.fiji.bridge;

import java.awt.AWTEvent;
import java.awt.Color;
import java.awt.Frame;
import java.awt.Label;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

/**
 * ImageJ's dialog for a command: one field per input, with its label, range and choices; the descriptions stand behind
 * the Help button, since ImageJ's dialogs have no tool tips. OK stays grey while a value cannot be used, and a line says why.
 */
final class Form implements DialogListener {

	private static final int PROBLEM_COLUMNS = 70;

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

	/** Whether a field can be made for it; other inputs are for scripts. */
	static boolean canAsk(final ModuleItem<?> input) {
		final Class<?> type = Types.box(input.getType());
		return type == Boolean.class || type == String.class || type == File.class || type == ImagePlus.class
			|| type == Button.class || Number.class.isAssignableFrom(type) || type.isEnum();
	}

	/** Shows the dialog and puts the answers into the module; false if the user has cancelled. */
	boolean ask() {
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
		if (input.getVisibility() == ItemVisibility.MESSAGE) dialog.addMessage(plain(String.valueOf(value)));
		else if (input.getType() == Button.class) dialog.addButton(Labels.of(input), event -> press(input));
		else fields.put(input, Field.add(dialog, input, value));
	}

	private void press(final ModuleItem<?> button) {
		try {
			button.callback(module);
		}
		catch (final MethodCallException e) {
			IJ.handleException(e);
		}
	}

	@Override
	public boolean dialogItemChanged(final GenericDialog dialog, final AWTEvent event) {
		for (final Map.Entry<ModuleItem<?>, Field> entry : fields.entrySet()) {
			try {
				entry.getValue().value(values, entry.getKey());
			}
			catch (final DiffEditException e) {
				problem.setText(e.getMessage());
				return false;
			}
		}
		problem.setText("");
		return true;
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

	private static String plain(final String html) {
		return html.replaceAll("(?i)<br/?>", "\n").replaceAll("<[^>]*>", "").trim();
	}

	private static String escape(final String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}
}
