package sc.fiji.diffedit.fiji.screen;

import java.awt.Window;
import java.awt.event.KeyEvent;
import java.util.Arrays;

import javax.swing.JDialog;
import javax.swing.JFrame;
import javax.swing.text.JTextComponent;

import ij.IJ;
import ij.Menus;

import sc.fiji.diffedit.fiji.batch.BatchFolder;
import sc.fiji.diffedit.fiji.bridge.RunCommand;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.engine.InstallEngine;
import sc.fiji.diffedit.fiji.repeat.RepeatFromInfo;
import sc.fiji.diffedit.fiji.window.OpenDiffEdit;

/** Where there is no engine, the form says so at once, and one click leads to where it is installed. */
public final class FormWithoutEngine {

	private FormWithoutEngine() {}

	public static void main(final String[] args) {
		Program.start(GenerateMask.class, RepeatFromInfo.class, BatchFolder.class, OpenDiffEdit.class);
		Menus.getCommands().put("Install Engine...", RunCommand.class.getName() + "(\"" + InstallEngine.class.getName() + "\")");
		IJ.createImage("cells.tif", "RGB black", 40, 32, 1).show();
		final JDialog form = Forms.open(GenerateMask.class);
		Forms.type("green nuclei\tcyan nuclei");
		Program.waitFor(() -> Forms.note(form, "model").startsWith("The PyTorch engine is not installed yet"), "a word about the engine, but " + Forms.note(form, "model"));
		Program.require(Forms.find(form, "install model").isShowing() && Forms.status(form).isEmpty(), "the button that helps, and nothing else: " + Forms.status(form));
		Forms.click(form, "install model");
		Program.waitFor(() -> installing() != null && installing().isFocused(), "the form that installs the engine");
		Program.require(Forms.isEnabled(installing(), "OK"), "it can be used, although another form is open");
		Forms.press(KeyEvent.VK_ESCAPE);
		Program.waitFor(() -> installing() == null && form.isShowing(), "the first form alone");
		Forms.click(form, "Cancel");
		Forms.waitForEnd();
		theFormsThatRunOtherCommandsKnowIt();
		theWindowKnowsItToo();
		System.exit(0);
	}

	private static void theFormsThatRunOtherCommandsKnowIt() {
		final JDialog again = Forms.open(RepeatFromInfo.class);
		Program.waitFor(() -> Forms.note(again, "result").startsWith("The PyTorch engine is not installed yet"), "a word about the engine, but " + Forms.note(again, "result"));
		Program.require(Forms.find(again, "install result").isShowing(), "the button that helps");
		Forms.click(again, "Cancel");
		Forms.waitForEnd();
		final JDialog batch = Forms.open(BatchFolder.class);
		fillIn(batch);
		Program.waitFor(() -> Forms.status(batch).startsWith("The PyTorch engine is not installed yet") && Forms.find(batch, "help out").isShowing(), "a word about the engine, but " + Forms.status(batch));
		Forms.click(batch, "Cancel");
		Forms.waitForEnd();
	}

	/** The words about what is still empty come first. */
	private static void fillIn(final JDialog batch) {
		for (final String name : new String[] { "folder", "source", "target", "output" }) {
			final String text = name.equals("folder") || name.equals("output") ? System.getProperty("java.io.tmpdir") : "nuclei";
			Forms.onEventThread(() -> ((JTextComponent) Forms.find(batch, name)).setText(text));
		}
	}

	private static void theWindowKnowsItToo() {
		IJ.doCommand(Program.label(OpenDiffEdit.class));
		Program.waitFor(() -> window() != null && window().isFocused(), "the DiffEdit window");
		Forms.type("green nuclei\tcyan nuclei");
		Program.waitFor(() -> Forms.note(window(), "model").startsWith("The PyTorch engine is not installed yet"), "a word about the engine, but " + Forms.note(window(), "model"));
		Forms.click(window(), "install model");
		Program.waitFor(() -> installing() != null && installing().isFocused(), "the form that installs the engine");
		Forms.press(KeyEvent.VK_ESCAPE);
		Forms.click(window(), "Find mask");
		Program.waitFor(() -> Forms.isEnabled(window(), "Find mask"), "the end of a run that cannot work");
	}

	private static JFrame window() {
		return Forms.frame("DiffEdit");
	}

	private static JDialog installing() {
		return Arrays.stream(Window.getWindows()).filter(window -> window.isShowing() && window instanceof JDialog dialog && dialog.getTitle().equals("Install Engine"))
			.map(JDialog.class::cast).findFirst().orElse(null);
	}
}
