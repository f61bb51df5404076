package sc.fiji.diffedit.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A list of names in a resource file, each with the reason why it may stay unread. A line that ends with a colon is the reason
 * for the lines below it, which are regular expressions for whole names; empty lines and those with {@code #} do not count. A line of parts in
 * brackets, {@code [unet, vae]}, says for which of a model's parts the names below it are known; without one they are for all.
 */
public final class KnownNames {

	/** Before the lists, which are read with it. */
	private static final Pattern PARTS = Pattern.compile("\\[([\\w, ]+)\\]");

	/** Keys of configs that change no numbers here. */
	public static final KnownNames HARMLESS_KEYS = read(KnownNames.class, "harmless-keys.txt");

	/** Tensors that nothing reads, by part, and under {@link #FILE} those of files that hold several parts. */
	public static final KnownNames HARMLESS_TENSORS = read(KnownNames.class, "harmless-tensors.txt");

	/** In the place of a part: a file that holds several, in its own naming. */
	public static final String FILE = "file";

	/** Keys that some scheduler of diffusers has. */
	public static final KnownNames SCHEDULER_KEYS = read(KnownNames.class, "scheduler-keys.txt");

	/** Keys of the configs of image processors that change no numbers here. */
	public static final KnownNames IMAGE_PROCESSOR_KEYS = read(KnownNames.class, "image-processor-keys.txt");

	/** Keys of the configs of CLIP's tokenizers that are read, or change no numbers. */
	public static final KnownNames TOKENIZER_KEYS = read(KnownNames.class, "tokenizer-keys.txt");

	/** Pipelines of diffusers that run the networks of Stable Diffusion as they are. */
	public static final KnownNames PIPELINES = read(KnownNames.class, "pipelines.txt");

	private static final int SHOWN = 5;

	/** @param parts for which it is known; empty for all */
	private record Name(Pattern pattern, Set<String> parts) {}

	private final List<Name> names;

	private KnownNames(final List<Name> names) {
		this.names = names;
	}

	/** Reads a list that lies beside a class. */
	public static KnownNames read(final Class<?> place, final String file) {
		final List<Name> names = new ArrayList<>();
		Set<String> parts = Set.of();
		for (final String line : ResourceLines.of(place, file)) {
			final Matcher section = PARTS.matcher(line);
			if (section.matches()) parts = Set.of(section.group(1).split(", "));
			else if (!line.endsWith(":")) names.add(new Name(Pattern.compile(line), parts));
		}
		return new KnownNames(names);
	}

	/** Those that are known for a part. */
	public KnownNames of(final String part) {
		return new KnownNames(names.stream().filter(name -> name.parts().isEmpty() || name.parts().contains(part)).toList());
	}

	private boolean has(final String name) {
		return names.stream().anyMatch(known -> known.pattern().matcher(name).matches());
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
