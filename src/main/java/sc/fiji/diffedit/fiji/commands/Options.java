package sc.fiji.diffedit.fiji.commands;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.ImageSize;

/**
 * A form's line of further options, {@code key: value; key: value}: what few users need has no field of its own, so that
 * dialogs stay small, and is recorded in macros all the same. Keys are those of diffusers where it has one.
 */
final class Options {

	private static final Pattern KEY = Pattern.compile("(?:^|;)\\s*(" + Arrays.stream(Option.values()).map(Option::key).collect(Collectors.joining("|")) + ")\\s*:",
		Pattern.CASE_INSENSITIVE);

	private final Map<Option, String> values = new EnumMap<>(Option.class);

	/**
	 * Reads a line.
	 *
	 * @param known the options that the form supports
	 * @throws DiffEditException if the line holds something else
	 */
	Options(final String line, final Set<Option> known) {
		final String text = line == null ? "" : line.strip();
		final Matcher key = KEY.matcher(text);
		if (!text.isEmpty() && !(key.find() && key.start() == 0)) throw unknown(text, known);
		key.reset();
		int from = 0;
		Option option = null;
		while (key.find()) {
			if (option != null) put(option, text.substring(from, key.start()), known);
			option = of(key.group(1));
			if (!known.contains(option)) throw unknown(key.group(1), known);
			from = key.end();
		}
		if (option != null) put(option, text.substring(from), known);
	}

	private static Option of(final String word) {
		return Arrays.stream(Option.values()).filter(option -> option.key().equalsIgnoreCase(word)).findFirst().orElseThrow();
	}

	private static DiffEditException unknown(final String text, final Set<Option> known) {
		return new DiffEditException("\"" + text + "\" is not an option here; write key: value; key: value with the keys "
			+ known.stream().map(Option::key).collect(Collectors.joining(", ")) + ".");
	}

	private void put(final Option option, final String text, final Set<Option> known) {
		final String value = option.isFree() ? text.strip() : text.strip().replaceFirst("\\s*;$", "");
		if (!option.isFree() && value.indexOf(';') >= 0) throw unknown(value.substring(value.indexOf(';') + 1).strip(), known);
		if (value.isEmpty()) throw new DiffEditException("The option " + option.key() + " has no value; write " + option.key() + ": value, or leave it out.");
		if (values.put(option, value) != null) throw new DiffEditException("The option " + option.key() + " stands there twice; keep one of them.");
	}

	boolean has(final Option option) {
		return values.containsKey(option);
	}

	Optional<String> text(final Option option) {
		return Optional.ofNullable(values.get(option));
	}

	double number(final Option option, final double otherwise) {
		if (!has(option)) return otherwise;
		try {
			return Double.parseDouble(values.get(option));
		}
		catch (final NumberFormatException e) {
			throw wrong(option, "a number", e);
		}
	}

	int count(final Option option, final int otherwise) {
		if (!has(option)) return otherwise;
		try {
			return Integer.parseInt(values.get(option));
		}
		catch (final NumberFormatException e) {
			throw wrong(option, "a whole number", e);
		}
	}

	/** Last layers of the text encoder to leave out. */
	int clipSkip() {
		return count(Option.CLIP_SKIP, 0);
	}

	boolean isOn(final Option option, final boolean otherwise) {
		if (!has(option)) return otherwise;
		final boolean on = Choices.same(values.get(option), "yes");
		if (!on && !Choices.same(values.get(option), "no")) throw wrong(option, "yes or no", null);
		return on;
	}

	Optional<Path> path(final Option option) {
		try {
			return text(option).map(Path::of);
		}
		catch (final InvalidPathException e) {
			throw wrong(option, "the path of a file or folder", e);
		}
	}

	/** Width x height. */
	Optional<ImageSize> size(final Option option) {
		return pair(option, "[xX]", "width x height, such as 1024x768");
	}

	/** Column and row of a corner. */
	Optional<ImageSize> corner(final Option option) {
		return pair(option, ",", "x,y, such as 0,0");
	}

	private Optional<ImageSize> pair(final Option option, final String between, final String wanted) {
		if (!has(option)) return Optional.empty();
		final Matcher pair = Pattern.compile("([0-9]{1,6})\\s*" + between + "\\s*([0-9]{1,6})").matcher(values.get(option));
		if (!pair.matches()) throw wrong(option, wanted, null);
		return Optional.of(new ImageSize(Integer.parseInt(pair.group(2)), Integer.parseInt(pair.group(1))));
	}

	private DiffEditException wrong(final Option option, final String wanted, final Exception cause) {
		return new DiffEditException("The option " + option.key() + " is \"" + values.get(option) + "\"; write " + wanted + ".", cause);
	}
}
