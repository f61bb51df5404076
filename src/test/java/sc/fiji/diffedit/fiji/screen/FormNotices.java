package sc.fiji.diffedit.fiji.screen;

import java.awt.Component;
import java.awt.Rectangle;
import java.awt.Window;
import java.awt.event.KeyEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

import javax.swing.JComboBox;
import javax.swing.JDialog;
import javax.swing.JEditorPane;
import javax.swing.JViewport;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;

import sc.fiji.diffedit.fiji.commands.GenerateMask;

/** What a form says while somebody types, and its help. */
public final class FormNotices {

	private FormNotices() {}

	public static void main(final String[] args) {
		Program.start(GenerateMask.class);
		IJ.createImage("cells.tif", "RGB black", 40, 32, 1).show();
		final JDialog form = Forms.open(GenerateMask.class);
		Forms.type("green nuclei\tcyan nuclei");
		Program.waitFor(() -> Forms.status(form).isEmpty(), "nothing left to do, but " + Forms.status(form));
		aModelThatIsNotThere(form);
		aNumberThatIsNone(form);
		aSelectionThatIsNotThere(form);
		anAnswerBehindMoreSettings(form);
		aLongDescription(form);
		help(form);
		System.exit(0);
	}

	/** Beside the field, without a move of anything, and not at the foot as well. */
	private static void isSaidBeside(final JDialog form, final String field, final BooleanSupplier isSaid, final Map<String, Rectangle> before) {
		Program.waitFor(isSaid, "a word beside " + field + ", but " + Forms.note(form, field));
		final Component note = Forms.find(form, "note " + field), what = seen(form, field);
		final Rectangle said = new Rectangle(note.getLocationOnScreen(), note.getSize()), asked = new Rectangle(what.getLocationOnScreen(), what.getSize());
		final int below = said.y - asked.y - asked.height, right = said.x - asked.x - asked.width;
		Program.require(note.isShowing() && (below >= -2 && below <= 8 || right >= 0 && right <= 16), field + " is at " + asked + ", its note at " + said);
		Program.require(Forms.status(form).isEmpty(), "said twice: " + Forms.status(form));
		Program.require(places(form).equals(before), "something has moved: " + before + " became " + places(form));
	}

	/** A long text scrolls in its place. */
	private static Component seen(final JDialog form, final String name) {
		final Component part = Forms.find(form, name);
		return part.getParent() instanceof JViewport place ? place.getParent() : part;
	}

	private static Map<String, Rectangle> places(final JDialog form) {
		final Map<String, Rectangle> places = new TreeMap<>();
		for (final String name : List.of("image", "workOn", "source", "target", "model", "thresholdLevel", "maps", "seed", "preset", "show Selection", "more", "OK")) {
			final Component part = seen(form, name);
			places.put(name, new Rectangle(part.getLocationOnScreen(), part.getSize()));
		}
		places.put("form", form.getBounds());
		return places;
	}

	private static void aModelThatIsNotThere(final JDialog form) {
		final Map<String, Rectangle> before = places(form);
		Forms.focus(form, "model");
		Forms.typeOver("dmo");
		isSaidBeside(form, "model", () -> Forms.note(form, "model").startsWith("No model 'dmo' here; there is demo."), before);
		Forms.typeOver("demo");
		Program.waitFor(() -> Forms.note(form, "model").isEmpty(), "no complaint any more, but " + Forms.note(form, "model"));
	}

	private static void aNumberThatIsNone(final JDialog form) {
		final Map<String, Rectangle> before = places(form);
		final String usual = Forms.note(form, "seed");
		Forms.focus(form, "seed");
		Forms.typeOver("abc");
		isSaidBeside(form, "seed", () -> Forms.note(form, "seed").equals("'abc': write a whole number."), before);
		Program.require(!Forms.isEnabled(form, "OK"), "it cannot be run");
		Forms.typeOver("0");
		Program.waitFor(() -> Forms.note(form, "seed").equals(usual), "what other numbers do, but " + Forms.note(form, "seed"));
	}

	private static void aSelectionThatIsNotThere(final JDialog form) {
		final Map<String, Rectangle> before = places(form);
		final JComboBox<?> place = (JComboBox<?>) Forms.find(form, "workOn");
		Forms.onEventThread(() -> place.setSelectedItem("Selection"));
		Program.waitFor(() -> Forms.note(form, "image").contains("has no selection"), "a word below the image");
		Program.require(places(form).equals(before) && Forms.status(form).isEmpty(), "moved, or said twice: " + Forms.status(form) + before + places(form));
		Forms.onEventThread(() -> place.setSelectedItem("Whole image"));
		Program.require(Forms.note(form, "image").isEmpty(), Forms.note(form, "image"));
		withoutRoom(form, place, before);
	}

	/** What keeps the command from running can be read in full, if not below the image then at the foot. */
	private static void withoutRoom(final JDialog form, final JComboBox<?> place, final Map<String, Rectangle> before) {
		final ImagePlus image = WindowManager.getCurrentImage();
		final String title = image.getTitle();
		image.setTitle("cells of an experiment with a long name, third day, second well.tif");
		Forms.onEventThread(() -> place.setSelectedItem("Selection"));
		final String all = "\"" + image.getTitle() + "\" has no selection of an area; cancel and draw one, or choose something else in 'Work on'.";
		Program.require(Forms.status(form).equals(all) && places(form).equals(before), "not told in full: " + Forms.status(form));
		image.setTitle(title);
		Forms.onEventThread(() -> place.setSelectedItem("Whole image"));
		Program.require(Forms.status(form).isEmpty(), Forms.status(form));
	}

	/** Out of sight, it is said where it can be seen. */
	private static void anAnswerBehindMoreSettings(final JDialog form) {
		Forms.click(form, "more");
		Forms.focus(form, "holes");
		Forms.typeOver("x");
		Program.waitFor(() -> Forms.note(form, "holes").contains("write a whole number"), "a word beside the holes");
		Forms.click(form, "more");
		Program.require(Forms.status(form).contains("'Fill holes up to (pixels)' (holes) is 'x'; write a whole number."), Forms.status(form));
		Forms.click(form, "Defaults");
		Program.require(Forms.status(form).isEmpty() && Forms.isEnabled(form, "OK"), Forms.status(form));
	}

	private static void aLongDescription(final JDialog form) {
		final Map<String, Rectangle> before = places(form);
		Forms.focus(form, "target");
		Forms.typeOver("cyan nuclei ".repeat(40) + "red rings");
		final String cut = "Too long; the model does not read \"";
		isSaidBeside(form, "target", () -> Forms.note(form, "target").startsWith(cut) && Forms.note(form, "target").endsWith("cyan nuclei red rings\"."), before);
		Program.require(Forms.note(form, "target").length() < Forms.text(form, "target").length(), "the beginning counts: " + Forms.note(form, "target"));
		Program.require(Forms.isEnabled(form, "OK"), "it may be run all the same");
	}

	private static void help(final JDialog form) {
		Forms.click(form, "Help");
		final JDialog help = Arrays.stream(Window.getWindows()).filter(window -> window.isShowing() && window instanceof JDialog dialog && dialog.getTitle().startsWith("Help: Generate Mask"))
			.map(JDialog.class::cast).findFirst().orElse(null);
		Program.require(help != null, "a window with help");
		final JEditorPane text = pane(help.getContentPane());
		Program.require(text.getText().contains("thresholdratio") && text.getText().contains("Adapters"), text.getText());
		Program.waitFor(help::isFocused, "the keyboard in the help");
		Forms.press(KeyEvent.VK_ESCAPE);
		Program.waitFor(() -> !help.isShowing() && form.isShowing(), "the help closes, the form stays");
	}

	private static JEditorPane pane(final java.awt.Container parent) {
		for (final Component part : parent.getComponents()) {
			if (part instanceof JEditorPane pane) return pane;
			final JEditorPane inside = part instanceof java.awt.Container container ? pane(container) : null;
			if (inside != null) return inside;
		}
		return null;
	}
}
