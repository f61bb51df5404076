package sc.fiji.diffedit.fiji.screen;

import java.awt.Component;
import java.awt.Window;
import java.awt.event.KeyEvent;
import java.util.Arrays;

import javax.swing.JDialog;
import javax.swing.JEditorPane;

import ij.IJ;

import sc.fiji.diffedit.fiji.commands.GenerateMask;

/** What a form says while somebody types, and its help. */
public final class FormNotices {

	private FormNotices() {}

	public static void main(final String[] args) {
		Program.start(GenerateMask.class);
		IJ.createImage("cells.tif", "RGB black", 40, 32, 1).show();
		final JDialog form = Forms.open(GenerateMask.class);
		Forms.type("green nuclei\tcyan nuclei");
		aModelThatIsNotThere(form);
		aLongDescription(form);
		help(form);
		System.exit(0);
	}

	private static void aModelThatIsNotThere(final JDialog form) {
		Forms.focus(form, "model");
		Forms.typeOver("dmo");
		Program.waitFor(() -> Forms.status(form).startsWith("There is no model 'dmo' here; the nearest names are demo"), "a word about the model, but " + Forms.status(form));
		Forms.typeOver("demo");
		Program.waitFor(() -> Forms.status(form).isEmpty(), "no complaint any more, but " + Forms.status(form));
	}

	private static void aLongDescription(final JDialog form) {
		Forms.focus(form, "target");
		Forms.typeOver("cyan nuclei ".repeat(40) + "red rings");
		final String cut = "is too long for the model; these words at its end do not count: \"";
		Program.waitFor(() -> Forms.status(form).contains(cut) && Forms.status(form).endsWith("cyan nuclei red rings\"."), "what falls out, but " + Forms.status(form));
		Program.require(Forms.status(form).length() < Forms.text(form, "target").length(), "the beginning counts: " + Forms.status(form));
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
