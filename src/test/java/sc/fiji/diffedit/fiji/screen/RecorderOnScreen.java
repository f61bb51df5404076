package sc.fiji.diffedit.fiji.screen;

import java.awt.Choice;
import java.awt.Component;
import java.awt.Container;
import java.awt.event.KeyEvent;

import javax.swing.JComboBox;
import javax.swing.JFrame;
import javax.swing.JTextArea;

import ij.IJ;
import ij.plugin.frame.Recorder;

import sc.fiji.diffedit.fiji.commands.RecordScript;
import sc.fiji.diffedit.fiji.commands.ResultCache;

/** What is called by forms stands in ImageJ's recorder in its language, once, and in the window of DiffEdit in the languages that ImageJ's recorder lacks. */
public final class RecorderOnScreen {

	private static final String OPTIONS = "\"Result Cache...\", \"clear\");\n";

	private RecorderOnScreen() {}

	public static void main(final String[] args) {
		Program.start(ResultCache.class, RecordScript.class);
		final Recorder recorder = new Recorder(false);
		final StringBuilder wanted = new StringBuilder();
		for (final String language : new String[] { "Macro", "JavaScript", "BeanShell", "Python", "Java" }) {
			choose(recorder, language);
			call(true);
			wanted.append(language.equals("Macro") ? "run(" : "IJ.run(").append(OPTIONS);
			Program.waitFor(() -> recorder.getText().contentEquals(wanted), language + ", but " + recorder.getText());
		}
		call(false);
		Program.require(recorder.getText().contentEquals(wanted), "what was cancelled is recorded: " + recorder.getText());
		recorder.close();
		theOtherLanguages();
		System.exit(0);
	}

	private static void choose(final Recorder recorder, final String language) {
		Forms.onEventThread(() -> {
			choice(recorder).select(language);
			recorder.itemStateChanged(null);
		});
	}

	private static Choice choice(final Container parent) {
		for (final Component part : parent.getComponents()) {
			if (part instanceof Choice choice) return choice;
			if (part instanceof Container inside && choice(inside) != null) return choice(inside);
		}
		return null;
	}

	private static void call(final boolean accepted) {
		Forms.open(ResultCache.class);
		if (accepted) Forms.press(KeyEvent.VK_SPACE);
		Forms.press(accepted ? KeyEvent.VK_ENTER : KeyEvent.VK_ESCAPE);
		Forms.waitForEnd();
		IJ.wait(300);
	}

	private static void theOtherLanguages() {
		IJ.doCommand(Program.label(RecordScript.class));
		Program.waitFor(() -> window() != null, "the window");
		final JTextArea text = (JTextArea) Forms.find(window(), "script");
		final String call = "commands.run(ResultCache, true, \"clear\", true).get()\n";
		Program.require(text.getText().startsWith("#@ CommandService commands\n") && text.getText().endsWith(call.repeat(5)), text.getText());
		choose("Macro");
		Program.require(text.getText().equals(("run(" + OPTIONS).repeat(5)), text.getText());
		choose("Java");
		call(true);
		Program.waitFor(() -> text.getText().split("ResultCache.class", -1).length == 7, "the sixth call, but " + text.getText());
		Forms.click(window(), "Clear");
		Program.waitFor(() -> text.getText().isEmpty(), "nothing");
	}

	private static void choose(final String language) {
		final JComboBox<?> box = (JComboBox<?>) Forms.find(window(), "language");
		Forms.onEventThread(() -> {
			for (int i = 0; i < box.getItemCount(); i++) {
				if (box.getItemAt(i).toString().equals(language)) box.setSelectedIndex(i);
			}
		});
	}

	private static JFrame window() {
		return Forms.frame("DiffEdit Recorder");
	}
}
