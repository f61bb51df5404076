package sc.fiji.diffedit.weights;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.ResourceLines;

/**
 * A list of keys of a training config and what they may be for the networks that are computed here, in a resource file: a regular expression for
 * whole keys, {@code =}, and one for whole values. A key that is missing, or null, has the right value.
 */
final class YamlValues {

	private record Need(Pattern key, Pattern value, String shown) {}

	private final List<Need> needs;

	private YamlValues(final List<Need> needs) {
		this.needs = needs;
	}

	/** Reads a list that lies beside this class. */
	static YamlValues read(final String file) {
		return new YamlValues(ResourceLines.of(YamlValues.class, file).stream().filter(line -> !line.endsWith(":")).map(line -> need(line.split(" = ", 2))).toList());
	}

	private static Need need(final String[] sides) {
		final String shown = sides[1].replace("(.*\\.)?", "").replaceAll("[()\\\\]", "").replace("|", " or ");
		return new Need(Pattern.compile(sides[0]), Pattern.compile(sides[1], Pattern.CASE_INSENSITIVE), shown);
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
