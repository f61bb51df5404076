package sc.fiji.diffedit.fiji.bridge;

import java.awt.HeadlessException;
import java.util.Hashtable;

import ij.IJ;
import ij.Menus;

/**
 * Makes commands available to macros without a display. ImageJ 1.54 registers its commands while it builds its menu bar, which
 * fails without a display; this class registers ImageJ's own commands and DiffEdit's for {@code run("...")} in macros. Fiji does
 * not need it.
 *
 * <pre>{@code
 * HeadlessMenus.install();
 * IJ.runMacroFile("/path/to/generate_mask.ijm");
 * }</pre>
 */
public final class HeadlessMenus {

	private HeadlessMenus() {}

	/** Registers the commands; commands that are registered already are left unchanged. */
	@SuppressWarnings("unchecked")
	public static void install() {
		if (Menus.getCommands() == null) startTable();
		final Hashtable<String, String> commands = Menus.getCommands();
		MenuEntry.in(IJ.class, "/IJ_Props.txt").forEach(entry -> commands.putIfAbsent(entry.label(), entry.command()));
		MenuEntry.ofDiffEdit().forEach(entry -> commands.putIfAbsent(entry.label(), entry.command()));
	}

	/** ImageJ creates the table first and then fails at its first menu. */
	private static void startTable() {
		try {
			IJ.run("Close All");
		}
		catch (final HeadlessException e) {
			IJ.resetEscape();
		}
	}
}
