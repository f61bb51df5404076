package sc.fiji.diffedit.fiji.screen;

import java.util.Arrays;
import java.util.List;

import org.scijava.command.CommandService;

import ij.IJ;
import ij.WindowManager;
import ij.text.TextWindow;

import sc.fiji.diffedit.fiji.bridge.SharedContext;
import sc.fiji.diffedit.fiji.commands.ModelsInMemory;
import sc.fiji.diffedit.fiji.commands.ResultCache;

/** Runs commands that show texts, in plain ImageJ and as Fiji does, and looks which windows are open. */
public final class TextWindows {

	private TextWindows() {}

	public static void main(final String[] args) throws Exception {
		Program.start(ModelsInMemory.class);
		for (int i = 0; i < 3; i++) IJ.run("ModelsInMemory", "unload=All");
		expect("three runs by a macro", "Models in memory");
		final CommandService commands = SharedContext.get().service(CommandService.class);
		for (int i = 0; i < 3; i++) commands.run(ModelsInMemory.class, true, "unload", "None", "idleMinutes", -1, "model", "").get();
		expect("three more by SciJava", "Models in memory");
		commands.run(ResultCache.class, true, "clear", true).get();
		expect("another command", "Result cache", "Models in memory");
		final TextWindow kept = (TextWindow) WindowManager.getWindow("Result cache");
		Program.require(kept.getTextPanel().getText().startsWith("0.0 MB were freed.\n"), kept.getTextPanel().getText());
		commands.run(ResultCache.class, true, "clear", false).get();
		Program.require(kept.getTextPanel().getText().startsWith("0.0 MB are cached"), "the new text takes the old one's place: " + kept.getTextPanel().getText());
		kept.close();
		commands.run(ResultCache.class, true, "clear", false).get();
		expect("after the window was closed", "Result cache", "Models in memory");
		System.exit(0);
	}

	private static void expect(final String when, final String... titles) {
		final List<String> open = Arrays.stream(WindowManager.getNonImageTitles()).sorted().toList();
		Program.require(open.equals(List.of(titles)), when + ": " + open);
	}
}
