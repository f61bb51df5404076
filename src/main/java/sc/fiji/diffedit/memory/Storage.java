package sc.fiji.diffedit.memory;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.nn.Leaf;
import sc.fiji.diffedit.tensor.DType;

/**
 * Layerwise casting: the type in which the weights of a component are kept, where that is another one than it computes in;
 * each is cast when it is used. Matches diffusers' {@code enable_layerwise_casting}: linear layers, convolutions and
 * embeddings are cast unless their name or class is skipped; norms, single parameters and adapters never are. Weights, though not biases, may also be kept as
 * {@linkplain Int8Weights whole numbers with a scale for each channel}, with the same rules of what is skipped.
 *
 * @param dtype type to keep weights in, such as {@code FLOAT8_E4M3FN}, or {@code INT8}
 * @param skipPatterns regular expressions; a layer whose name holds one of them keeps its type ({@code skip_modules_pattern})
 * @param skipKinds layers of these classes keep their type ({@code skip_modules_classes})
 */
public record Storage(DType dtype, List<String> skipPatterns, Set<Leaf.Kind> skipKinds) {

	/** diffusers' {@code DEFAULT_SKIP_MODULES_PATTERN}. */
	public static final List<String> DEFAULT_SKIP_PATTERNS = List.of("pos_embed", "patch_embed", "norm", "^proj_in$", "^proj_out$");

	/** Every layer in the type it computes in: a component's exception from a storage that holds for all. */
	public static final Storage NONE = new Storage(DType.FLOAT32, List.of(".*"), Set.of());

	/** Layers that are cast, and PyTorch's names for them. */
	private static final Map<Leaf.Kind, String> CASTABLE = Map.of(Leaf.Kind.LINEAR, "Linear", Leaf.Kind.CONV2D, "Conv2d", Leaf.Kind.EMBEDDING, "Embedding");

	public Storage {
		if (!dtype.isFloatingPoint() && dtype != DType.INT8) {
			throw new DiffEditException("Weights cannot be kept as " + dtype.torchName() + "; take int8, float8_e4m3fn or float8_e5m2.");
		}
		skipPatterns = List.copyOf(skipPatterns);
		skipKinds = Set.copyOf(skipKinds);
		skipPatterns.forEach(Storage::check);
	}

	private static void check(final String pattern) {
		try {
			Pattern.compile(pattern);
		}
		catch (final PatternSyntaxException e) {
			throw new DiffEditException("'" + pattern + "' is not a pattern for names of layers (" + e.getDescription() + "); write parts of names such as norm.", e);
		}
	}

	/** A type with diffusers' defaults of what is skipped. */
	public static Storage of(final DType dtype) {
		return new Storage(dtype, DEFAULT_SKIP_PATTERNS, Set.of());
	}

	public Storage withSkipPatterns(final List<String> skipPatterns) {
		return new Storage(dtype, skipPatterns, skipKinds);
	}

	public Storage withSkipKinds(final Set<Leaf.Kind> skipKinds) {
		return new Storage(dtype, skipPatterns, skipKinds);
	}

	/** Whether any layer may be kept in another type than it computes in. */
	public boolean isOn() {
		return !equals(NONE);
	}

	/** Whether a layer is kept in this type. {@code layer} is its name in the checkpoint. */
	boolean keeps(final String layer, final Leaf leaf) {
		return CASTABLE.containsKey(leaf.kind()) && !skipKinds.contains(leaf.kind()) && !isSkipped(layer);
	}

	/** In diffusers a pattern meets a module before its children, so that it holds for every beginning of the name. */
	private boolean isSkipped(final String layer) {
		for (int end = layer.indexOf('.'); end >= 0; end = layer.indexOf('.', end + 1)) {
			if (matches(layer.substring(0, end))) return true;
		}
		return matches(layer);
	}

	private boolean matches(final String name) {
		return skipPatterns.stream().anyMatch(pattern -> Pattern.compile(pattern).matcher(name).find());
	}

	/** Reads {@link #toString()}. */
	static Storage parse(final String text) {
		if (text.equalsIgnoreCase("none")) return NONE;
		final String[] parts = text.split("!");
		Storage storage = of(type(parts[0].trim()));
		if (parts.length > 1) storage = storage.withSkipPatterns(splitList(parts[1]));
		if (parts.length > 2) storage = storage.withSkipKinds(kinds(parts[2]));
		return storage;
	}

	private static DType type(final String word) {
		try {
			return DType.of(word);
		}
		catch (final IllegalArgumentException e) {
			throw new DiffEditException("Weights cannot be kept as '" + word + "'; take int8, float8_e4m3fn or float8_e5m2, or none.", e);
		}
	}

	private static List<String> splitList(final String list) {
		return Arrays.stream(list.split(",")).map(String::trim).filter(word -> !word.isEmpty()).toList();
	}

	private static Set<Leaf.Kind> kinds(final String list) {
		final EnumSet<Leaf.Kind> kinds = EnumSet.noneOf(Leaf.Kind.class);
		for (final String word : splitList(list)) {
			if (!CASTABLE.containsValue(word)) {
				throw new DiffEditException("Layers of class '" + word + "' are not cast anyway; what can be skipped is Linear, Conv2d or Embedding.");
			}
			kinds.add(Leaf.Kind.valueOf(word.toUpperCase(Locale.ROOT)));
		}
		return kinds;
	}

	/**
	 * As in a plan's text: {@code none}, or the type; after an exclamation mark what names are skipped, if not the defaults; after a second
	 * one which classes: {@code float8_e4m3fn!norm,conv_out!Linear}.
	 */
	@Override
	public String toString() {
		if (!isOn()) return "none";
		final String type = dtype.torchName();
		if (skipPatterns.equals(DEFAULT_SKIP_PATTERNS) && skipKinds.isEmpty()) return type;
		final String names = type + "!" + String.join(",", skipPatterns);
		return skipKinds.isEmpty() ? names
			: names + "!" + skipKinds.stream().sorted().map(CASTABLE::get).collect(Collectors.joining(","));
	}
}
