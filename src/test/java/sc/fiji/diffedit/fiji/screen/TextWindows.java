package sc.fiji.diffedit.fiji.screen;

import java.util.Arrays;
import java.util.List;

import javax.swing.JTextArea;

import org.scijava.Context;

import ij.IJ;
import ij.WindowManager;
import ij.macro.Interpreter;
import ij.text.TextWindow;

import sc.fiji.diffedit.fiji.TextReport;
import sc.fiji.diffedit.fiji.bridge.SharedContext;
import sc.fiji.diffedit.fiji.commands.ModelsInMemory;
import sc.fiji.diffedit.fiji.commands.ResultCache;
import sc.fiji.diffedit.fiji.engine.CheckInstallation;
import sc.fiji.diffedit.fiji.inputs.Commands;

/** Runs commands that show texts, in plain ImageJ and as Fiji does, and looks which windows are open. */
public final class TextWindows {

	private TextWindows() {}

	public static void main(final String[] args) throws Exception {
		Program.start(ModelsInMemory.class);
		for (int i = 0; i < 3; i++) IJ.run(Program.label(ModelsInMemory.class), "unload=All");
		expect("three runs by a macro", "Models in memory");
		final Context context = SharedContext.get();
		for (int i = 0; i < 3; i++) Commands.run(context, ModelsInMemory.class, "unload", "None", "idleMinutes", -1, "model", "");
		expect("three more by SciJava", "Models in memory");
		Commands.run(context, ResultCache.class, "clear", true);
		expect("another command", "Models in memory", "Result cache");
		final TextWindow kept = (TextWindow) WindowManager.getWindow("Result cache");
		Program.require(kept.getTextPanel().getText().startsWith("0.0 MB were freed.\n"), kept.getTextPanel().getText());
		Commands.run(context, ResultCache.class, "clear", false);
		Program.require(kept.getTextPanel().getText().startsWith("0.0 MB are cached"), "the new text takes the old one's place: " + kept.getTextPanel().getText());
		kept.close();
		Commands.run(context, ResultCache.class, "clear", false);
		expect("after the window was closed", "Models in memory", "Result cache");
		paragraphs();
		Interpreter.batchMode = true;
		Commands.run(context, CheckInstallation.class, "selfTest", false);
		expect("in batch mode", "Log", "Models in memory", "Result cache");
		Program.require(IJ.getLog().contains("Engine: PyTorch "), IJ.getLog());
		System.exit(0);
	}

	/** Long lines are wrapped, whole for macros and for pasting, and give way to the next text. */
	private static void paragraphs() {
		for (final String text : List.of("nuclei ".repeat(60).strip() + "\nend", "rings ".repeat(60).strip())) {
			TextReport.show("Paragraph", text);
			final TextWindow window = (TextWindow) WindowManager.getWindow("Paragraph");
			final JTextArea seen = (JTextArea) Forms.find(window, "paragraphs");
			Program.require(seen.getText().equals(text) && seen.getLineWrap() && seen.getWidth() <= window.getWidth(), seen.getText());
			Program.require(window.getTextPanel().getText().strip().equals(text), "for macros: " + window.getTextPanel().getText());
		}
		((TextWindow) WindowManager.getWindow("Paragraph")).close();
	}

	private static void expect(final String when, final String... titles) {
		final List<String> open = Arrays.stream(WindowManager.getNonImageTitles()).sorted().toList();
		Program.require(open.equals(Arrays.stream(titles).sorted().toList()), when + ": " + open);
	}
}
