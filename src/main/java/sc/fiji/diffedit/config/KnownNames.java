package sc.fiji.diffedit.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A list of names in a resource file, each with the reason why it may stay unread. A line that ends with a colon is the reason
 * for the lines below it, which are regular expressions for whole names; empty lines and those with {@code #} do not count.
 */
public final class KnownNames {

	/** Keys of configs that change no numbers here. */
	public static final KnownNames HARMLESS_KEYS = read(KnownNames.class, "harmless-keys.txt");

	/** Keys that some scheduler of diffusers has. */
	public static final KnownNames SCHEDULER_KEYS = read(KnownNames.class, "scheduler-keys.txt");

	/** Keys of the configs of image processors that change no numbers here. */
	public static final KnownNames IMAGE_PROCESSOR_KEYS = read(KnownNames.class, "image-processor-keys.txt");

	/** Keys of the configs of CLIP's tokenizers that are read, or change no numbers. */
	public static final KnownNames TOKENIZER_KEYS = read(KnownNames.class, "tokenizer-keys.txt");

	/** Pipelines of diffusers that run the networks of Stable Diffusion as they are. */
	public static final KnownNames PIPELINES = read(KnownNames.class, "pipelines.txt");

	private static final int SHOWN = 5;

	private final List<Pattern> names;

	private KnownNames(final List<Pattern> names) {
		this.names = names;
	}

	/** Reads a list that lies beside a class. */
	public static KnownNames read(final Class<?> place, final String file) {
		try (InputStream in = place.getResourceAsStream(file)) {
			final List<Pattern> names = new ArrayList<>();
			for (final String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
				if (!line.isBlank() && !line.startsWith("#") && !line.strip().endsWith(":")) names.add(Pattern.compile(line.strip()));
			}
			return new KnownNames(names);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private boolean has(final String name) {
		return names.stream().anyMatch(known -> known.matcher(name).matches());
	}

	/** Those names that are not in the list, in their order. */
	public List<String> unknown(final Collection<String> some) {
		return some.stream().filter(name -> !has(name)).toList();
	}

	/** The first few names for a message, in their order. */
	public static String some(final Collection<String> names) {
		return names.stream().limit(SHOWN).collect(Collectors.joining(", ")) + (names.size() > SHOWN ? ", ..." : "");
	}
}
