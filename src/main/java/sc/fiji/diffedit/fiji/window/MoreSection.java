package sc.fiji.diffedit.fiji.window;

import java.awt.BorderLayout;
import java.awt.Dimension;
import java.awt.Rectangle;

import javax.swing.BorderFactory;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTextField;
import javax.swing.ScrollPaneConstants;
import javax.swing.Scrollable;

import org.scijava.util.Types;

import sc.fiji.diffedit.fiji.form.Field;
import sc.fiji.diffedit.fiji.form.PlainFonts;

/** The settings that few need: those that the form of {@code Generate Mask...} has behind {@code More settings}. */
final class MoreSection extends JPanel {

	private static final long serialVersionUID = 1L;

	private static final int SIDE = 8, STEP = 16, DIGITS = 5;

	MoreSection(final Asked asked) {
		super(new BorderLayout());
		final JPanel all = new Column();
		all.setBorder(BorderFactory.createEmptyBorder(SIDE, SIDE, SIDE, SIDE));
		final Rows rows = new Rows(all);
		rows.add(PlainFonts.heading("Mask"));
		beside(rows, asked, "preset", "seed", "maps", "heatFrom", "maskRefinement", "noise", "steps", "guidance");
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
		final JScrollPane scroll = new JScrollPane(all, ScrollPaneConstants.VERTICAL_SCROLLBAR_AS_NEEDED, ScrollPaneConstants.HORIZONTAL_SCROLLBAR_NEVER);
		scroll.setBorder(BorderFactory.createEmptyBorder());
		add(scroll);
	}

	private static void beside(final Rows rows, final Asked asked, final String... names) {
		for (final String name : names) {
			final Field field = asked.field(name);
			if (Number.class.isAssignableFrom(Types.box(field.input().getType()))) ((JTextField) field.keyboard()).setColumns(DIGITS);
			rows.add(field);
		}
	}

	private static void below(final Rows rows, final Asked asked, final String... names) {
		for (final String name : names) {
			final Field field = asked.field(name);
			rows.addLabel(field);
			rows.add(field.component());
		}
	}

	/** A panel that is as wide as what it scrolls in. */
	private static final class Column extends JPanel implements Scrollable {

		private static final long serialVersionUID = 1L;

		@Override
		public Dimension getPreferredScrollableViewportSize() {
			return getPreferredSize();
		}

		@Override
		public int getScrollableUnitIncrement(final Rectangle shown, final int orientation, final int direction) {
			return STEP;
		}

		@Override
		public int getScrollableBlockIncrement(final Rectangle shown, final int orientation, final int direction) {
			return shown.height;
		}

		@Override
		public boolean getScrollableTracksViewportWidth() {
			return true;
		}

		@Override
		public boolean getScrollableTracksViewportHeight() {
			return false;
		}
	}
}
