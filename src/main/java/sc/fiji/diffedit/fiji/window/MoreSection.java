package sc.fiji.diffedit.fiji.window;

import java.awt.BorderLayout;

import javax.swing.JPanel;
import javax.swing.text.JTextComponent;

import org.scijava.util.Types;

import sc.fiji.diffedit.fiji.form.Field;
import sc.fiji.diffedit.fiji.form.Help;
import sc.fiji.diffedit.fiji.form.PlainFonts;

/** The settings that few need: most of those that the form of {@code Generate Mask...} has behind {@code More settings}. */
final class MoreSection extends JPanel {

	private static final long serialVersionUID = 1L;

	MoreSection(final Asked asked) {
		super(new BorderLayout());
		final Column all = new Column();
		final Rows rows = new Rows(all);
		rows.add(PlainFonts.heading("Mask and edit"));
		below(rows, asked, "preset");
		rows.add(PlainFonts.heading("Mask"));
		beside(rows, asked, "seed", "maps", "untilStable", "heatFrom", "maskRefinement", "noise", "steps", "guidance");
		below(rows, asked, "sourceNegative", "targetNegative");
		rows.add(PlainFonts.heading("Image"));
		beside(rows, asked, "intensity", "channels");
		rows.add(PlainFonts.heading("Model"));
		beside(rows, asked, "memory", "tile", "overlap");
		below(rows, asked, "options");
		rows.add(PlainFonts.heading("Adapters"));
		below(rows, asked, "lora");
		beside(rows, asked, "loraScale");
		below(rows, asked, "word");
		rows.fill();
		add(all.scrolled());
	}

	private static void beside(final Rows rows, final Asked asked, final String... names) {
		for (final String name : names) {
			final Field field = asked.field(name);
			final boolean isNumber = Number.class.isAssignableFrom(Types.box(field.input().getType()));
			if (isNumber) rows.addNumber(field);
			else if (Types.box(field.input().getType()) == Boolean.class) rows.add("", field.component(), Help.tip(field.input()));   // a tick says what it is
			else rows.add(field);
			if (isNumber || isText(field)) rows.addNote(field);
		}
	}

	private static void below(final Rows rows, final Asked asked, final String... names) {
		for (final String name : names) {
			final Field field = asked.field(name);
			rows.addLabel(field);
			rows.add(field.component());
			if (isText(field)) rows.addNote(field);
		}
	}

	/** Whether anything can be typed there, so that it can be wrong. */
	private static boolean isText(final Field field) {
		return field.input().getType() == String.class && field.keyboard() instanceof JTextComponent;
	}
}
