package sc.fiji.diffedit.fiji.form;

import java.awt.Dimension;
import java.awt.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import javax.swing.JDialog;
import javax.swing.JEditorPane;
import javax.swing.JScrollPane;

import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import sc.fiji.diffedit.fiji.Sentences;

/** Help on inputs, made from their descriptions: tool tips, and one window with all inputs of a command. */
public final class Help {

	private static final int WIDTH = 560, HEIGHT = 480, TIP_WIDTH = 360;

	private Help() {}

	/** A tool tip: what it does, its default and range, and how macros call it. */
	public static String tip(final ModuleItem<?> input) {
		return "<html><div style='width: " + TIP_WIDTH + "px'>" + Sentences.escaped(description(input)) + "<br><i>" + Sentences.escaped(facts(input)) + "</i></div></html>";
	}

	private static String description(final ModuleItem<?> input) {
		final String said = Objects.toString(input.getDescription(), "");
		return said.isEmpty() ? Labels.of(input) : said;
	}

	/** Such as {@code Default: 10; 1 or more; in macros: maps; in diffusers: num_maps_per_mask}. */
	static String facts(final ModuleItem<?> input) {
		final List<String> facts = new ArrayList<>();
		final String initial = Objects.toString(input.getDefaultValue(), "");
		if (!initial.isEmpty()) facts.add("Default: " + initial);
		final String range = Values.range(input);
		if (!range.isEmpty()) facts.add(range);
		if (Inputs.recordable(input)) facts.add((facts.isEmpty() ? "In" : "in") + " macros: " + Inputs.key(input));
		final String diffusers = DiffusersNames.of(input.getName());
		if (!diffusers.isEmpty()) facts.add("in diffusers: " + diffusers);
		return String.join("; ", facts);
	}

	/** The page of a command. */
	static String page(final Module module, final Plan plan) {
		final StringBuilder html = new StringBuilder("<html><body style='font-family: sans-serif; margin: 8px'><h2>" + Sentences.escaped(title(module)) + "</h2>");
		html.append("<p>").append(Sentences.escaped(Objects.toString(module.getInfo().getDescription(), ""))).append("</p>");
		append(html, module, plan.first());
		plan.more().forEach((heading, rows) -> {
			html.append("<h3>More settings: ").append(Sentences.escaped(heading)).append("</h3>");
			append(html, module, rows);
		});
		return html.append("<p>Bold labels mark settings that differ from their defaults.</p></body></html>").toString();
	}

	private static void append(final StringBuilder html, final Module module, final List<String> rows) {
		for (final String row : rows) {
			for (final String name : Plan.names(row)) {
				final ModuleItem<?> input = module.getInfo().getInput(name);
				html.append("<p><b>").append(Sentences.escaped(Labels.of(input))).append("</b><br>").append(Sentences.escaped(description(input))).append("<br><i>")
					.append(Sentences.escaped(facts(input))).append("</i></p>");
			}
		}
	}

	/** The command as its menu entry has it, without the dots, unless it has a label of its own. */
	static String title(final Module module) {
		final String label = module.getInfo().getLabel();
		return label == null || label.isEmpty() ? Labels.of(module.getInfo()).replace("...", "") : label;
	}

	/** Opens the page beside the form, which stays usable. */
	static void open(final Window form, final Module module, final Plan plan) {
		final JEditorPane text = new JEditorPane("text/html", page(module, plan));
		text.setEditable(false);
		text.setCaretPosition(0);
		final JDialog window = new JDialog(form, "Help: " + title(module));
		window.setDefaultCloseOperation(javax.swing.WindowConstants.DISPOSE_ON_CLOSE);
		window.add(new JScrollPane(text));
		window.setSize(new Dimension(WIDTH, HEIGHT));
		window.setLocationRelativeTo(form);
		Keys.onEscape(window.getRootPane(), window::dispose);
		window.setVisible(true);
	}
}
