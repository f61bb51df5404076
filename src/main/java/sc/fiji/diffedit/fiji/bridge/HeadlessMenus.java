package sc.fiji.diffedit.fiji.bridge;

import java.awt.HeadlessException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

	/** {@code "Label",class.Name("argument")}, behind a menu name or a numbered key. */
	private static final Pattern ENTRY = Pattern.compile("\"([^\"]+)\"\\s*,\\s*([\\w.$]+(?:\\(\"[^\"]*\"\\))?)\\s*");

	private HeadlessMenus() {}

	/** Makes the commands known; does nothing to commands that ImageJ knows already. */
	@SuppressWarnings("unchecked")
	public static void install() {
		if (Menus.getCommands() == null) startTable();
		final Hashtable<String, String> commands = Menus.getCommands();
		lines("/IJ_Props.txt").forEach(line -> put(commands, line.substring(line.indexOf('=') + 1)));
		lines("plugins.config").forEach(line -> put(commands, line.substring(line.indexOf(',') + 1).trim()));
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

	private static void put(final Hashtable<String, String> commands, final String entry) {
		final Matcher match = ENTRY.matcher(entry);
		if (match.matches()) commands.putIfAbsent(match.group(1), match.group(2));
	}

	private static List<String> lines(final String resource) {
		final Class<?> owner = resource.startsWith("/IJ") ? IJ.class : HeadlessMenus.class;
		try (InputStream in = owner.getResourceAsStream(resource)) {
			if (in == null) return List.of();
			final BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
			return reader.lines().filter(line -> !line.startsWith("#") && line.contains(",")).toList();
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}
}
