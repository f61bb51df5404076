package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import sc.fiji.diffedit.DiffEditException;

/**
 * A list of keys of a training config and what they may be for the networks that are computed here, in a resource file: a regular expression for
 * whole keys, {@code =}, and one for whole values. A key that is missing, or null, has the right value.
 */
final class YamlValues {

	private record Need(Pattern key, Pattern value, String shown) {}

	private final List<Need> needs = new ArrayList<>();

	private YamlValues() {}

	/** Reads a list that lies beside this class. */
	static YamlValues read(final String file) {
		try (InputStream in = YamlValues.class.getResourceAsStream(file)) {
			final YamlValues values = new YamlValues();
			for (final String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
				if (line.isBlank() || line.startsWith("#") || line.strip().endsWith(":")) continue;
				final String[] sides = line.strip().split(" = ", 2);
				values.needs.add(new Need(Pattern.compile(sides[0]), Pattern.compile(sides[1], Pattern.CASE_INSENSITIVE), sides[1].replace("(.*\\.)?", "").replaceAll("[()\\\\]", "").replace("|", " or ")));
			}
			return values;
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Whether a value says nothing. */
	static boolean isNothing(final String value) {
		return value.isEmpty() || value.equals("null") || value.equals("~");
	}

	/** @throws DiffEditException if a key says that something else is computed than here */
	void require(final String source, final Map<String, String> values) {
		values.forEach((key, value) -> needs.stream().filter(need -> !isNothing(value) && need.key().matcher(key).matches() && !need.value().matcher(value).matches()).findFirst().ifPresent(need -> {
			throw PlainYaml.unknown(source, key, value, need.shown());
		}));
	}
}
