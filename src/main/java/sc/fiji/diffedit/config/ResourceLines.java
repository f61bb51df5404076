package sc.fiji.diffedit.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lists that ship with the plugin as text files. */
public final class ResourceLines {

	private ResourceLines() {}

	/** The lines of a file that lies beside a class, without space around them; empty lines and those with {@code #} do not count. */
	public static List<String> of(final Class<?> place, final String file) {
		try (InputStream in = place.getResourceAsStream(file)) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}
}
