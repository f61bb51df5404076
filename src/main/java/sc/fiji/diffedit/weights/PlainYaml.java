package sc.fiji.diffedit.weights;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import sc.fiji.diffedit.DiffEditException;

/**
 * What training configs use of YAML: keys within keys by indentation, lists of plain values and of keys, and plain values. Keys within braces,
 * anchors, texts of several lines and keys that come twice are refused.
 */
final class PlainYaml {

	private static final Pattern KEY = Pattern.compile("(?:'([\\w.-]+)'|\"([\\w.-]+)\"|([\\w.-]+))\\s*:(?:\\s+(.*)|$)");
	private static final Pattern ITEM = Pattern.compile("-(?:\\s+(.*)|$)");
	/** Lines that say nothing: the start or end of a document. */
	private static final Pattern NOTHING = Pattern.compile("|---|\\.\\.\\.");
	/** A text in quotes, which is kept with its hashes, or a comment. */
	private static final Pattern COMMENT = Pattern.compile("(?<![^\\s\\[,])(\"[^\"]*\"|'[^']*')|(?:^|\\s)#.*");
	private static final Pattern QUOTED = Pattern.compile("\"[^\"\\\\]*\"|'[^']*'");
	/** Further values of a list in brackets. */
	private static final Pattern FURTHER = Pattern.compile("[\\[\\]\\d.,\\s]+");
	/** Also quotes that do not end, or hold escaped letters, and hashes that are no comment. */
	private static final Pattern OTHER_YAML = Pattern.compile("[&*|>!'\"].*|\\[?\\s*\\{.*[^\\s{}].*|.*\\s#.*|\\[[^\\]]*['\"][^\\]]*");

	private record Level(int indent, String path, boolean isItem) {}

	private final String source;
	private final Map<String, String> values = new LinkedHashMap<>();
	private final Map<String, Integer> items = new HashMap<>();
	private final Deque<Level> levels = new ArrayDeque<>();
	private String last = "";

	private PlainYaml(final String source) {
		this.source = source;
	}

	/**
	 * The values by their paths, such as {@code model.params.embedders.0.target}, in their order; those that only hold others are empty.
	 *
	 * @throws DiffEditException if the text uses more of YAML than that
	 */
	static Map<String, String> read(final String source, final String text) {
		final PlainYaml yaml = new PlainYaml(source);
		for (final String commented : text.replaceFirst("^\uFEFF", "").lines().toList()) {
			final String line = COMMENT.matcher(commented).replaceAll("$1").stripTrailing();
			final String content = line.strip();
			if (!NOTHING.matcher(content).matches()) yaml.line(line.length() - content.length(), content);
		}
		return yaml.values;
	}

	private void line(final int indent, final String content) {
		final Matcher item = ITEM.matcher(content);
		final Matcher key = KEY.matcher(content);
		if (item.matches()) item(indent, content, item.group(1) == null ? "" : item.group(1).strip());
		else if (key.matches()) key(indent, key);
		else if (FURTHER.matcher(content).matches() && values.getOrDefault(last, "").startsWith("[")) values.merge(last, content, (before, more) -> before + " " + more);
		else throw PlainYaml.unknown(source, "the line", content, "a key with a colon and a space behind it");
	}

	/** An item may stand below the first letter of its list's key, or farther right; the key of an item's first value is a key like the others. */
	private void item(final int indent, final String line, final String content) {
		while (!levels.isEmpty() && (levels.peek().indent() > indent || levels.peek().indent() == indent && levels.peek().isItem())) levels.pop();
		final String list = levels.isEmpty() ? "" : levels.peek().path() + ".";
		final String path = list + (items.merge(list, 1, Integer::sum) - 1);
		levels.push(new Level(indent, path, true));
		final Matcher key = KEY.matcher(content);
		if (key.matches()) key(indent + line.length() - content.length(), key);
		else put(path, content);
	}

	private void key(final int indent, final Matcher key) {
		while (!levels.isEmpty() && levels.peek().indent() >= indent) levels.pop();
		final String name = key.group(1) != null ? key.group(1) : key.group(2) != null ? key.group(2) : key.group(3);
		final String path = (levels.isEmpty() ? "" : levels.peek().path() + ".") + name;
		levels.push(new Level(indent, path, false));
		put(path, key.group(4) == null ? "" : key.group(4).strip());
	}

	private void put(final String path, final String value) {
		final boolean isQuoted = QUOTED.matcher(value).matches();
		if (!isQuoted && OTHER_YAML.matcher(value).matches()) throw PlainYaml.unknown(source, path, value, "keys in lines of their own and plain values");
		if (values.put(path, isQuoted ? value.substring(1, value.length() - 1) : value) != null) throw repeated(path);
		last = path;
	}

	private DiffEditException repeated(final String path) {
		return new DiffEditException(source + " has the key '" + FileFacts.shown(path) + "' twice; leave the one that counts, or move the file away from the model of its name.");
	}

	/** What is said of a value that is not understood. */
	static DiffEditException unknown(final String source, final String key, final String value, final String wanted) {
		return new DiffEditException(source + " has " + key + " '" + FileFacts.shown(value) + "', but " + wanted + " is needed; correct it, or move the file away from the model of its name.");
	}
}
