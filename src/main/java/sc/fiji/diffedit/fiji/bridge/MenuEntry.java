package sc.fiji.diffedit.fiji.bridge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One command in a list from which ImageJ builds its menus.
 *
 * @param menu its menu, such as {@code Plugins>DiffEdit}; in ImageJ's own list a numbered key
 * @param label of the menu item, by which macros call the command
 * @param command class name, with the argument in brackets if there is one
 */
record MenuEntry(String menu, String label, String command) {

	private static final Pattern LINE = Pattern.compile("([^,=]*)[,=]\\s*\"([^\"]+)\"\\s*,\\s*([\\w.$]+(?:\\(\"[^\"]*\"\\))?)\\s*");

	/** DiffEdit's commands, as listed for plain ImageJ. */
	static List<MenuEntry> ofDiffEdit() {
		return in(MenuEntry.class, "plugins.config");
	}

	/** The commands of a list in a class's package, in its order; none if there is no such list. */
	static List<MenuEntry> in(final Class<?> owner, final String resource) {
		try (InputStream in = owner.getResourceAsStream(resource)) {
			if (in == null) return List.of();
			final BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
			return reader.lines().filter(line -> !line.startsWith("#")).map(LINE::matcher).filter(Matcher::matches)
				.map(found -> new MenuEntry(found.group(1), found.group(2), found.group(3))).toList();
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}
}
