package sc.fiji.diffedit.fiji.bridge;

import java.awt.HeadlessException;
import java.util.Hashtable;

import ij.IJ;
import ij.Menus;

/**
 * Macro commands without a display. ImageJ 1.54 learns its commands while it builds its menu bar, which it cannot do there;
 * this gives {@code run("...")} in a macro ImageJ's own commands and DiffEdit's. Fiji needs none of it.
 *
 * <pre>{@code
 * HeadlessMenus.install();
 * IJ.runMacroFile("/path/to/generate_mask.ijm");
 * }</pre>
 */
public final class HeadlessMenus {

	private HeadlessMenus() {}

	/** Makes the commands known; does nothing to commands that ImageJ knows already. */
	@SuppressWarnings("unchecked")
	public static void install() {
		if (Menus.getCommands() == null) startTable();
		final Hashtable<String, String> commands = Menus.getCommands();
		MenuEntry.in(IJ.class, "/IJ_Props.txt").forEach(entry -> commands.putIfAbsent(entry.label(), entry.command()));
		MenuEntry.ofDiffEdit().forEach(entry -> commands.putIfAbsent(entry.label(), entry.command()));
	}

	/** ImageJ makes the table first and then fails at its first menu. */
	private static void startTable() {
		try {
			IJ.run("Close All");
		}
		catch (final HeadlessException e) {
			IJ.resetEscape();
		}
	}
}
