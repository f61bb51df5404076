package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.OneLine;
import sc.fiji.diffedit.config.KnownNames;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * A textual inversion (Gal et al. 2022): a token, such as {@code <cat-toy>}, and one or more vectors that replace its embedding in a text encoder.
 * Read from what diffusers writes ({@code {word: vectors}}, safetensors or pickled), from A1111's files
 * ({@code emb_params}, or {@code string_to_param} with a {@code name}) and from files for SDXL's two text encoders
 * ({@code clip_l} and {@code clip_g}). Matches diffusers 0.42.1, {@code loaders/textual_inversion.py}.
 */
public final class TextualInversion {

	private static final Logger LOG = LoggerFactory.getLogger(TextualInversion.class);
	/** More than any prompt has room for. */
	private static final int MAX_VECTORS = 256;
	private static final int MAX_WIDTH = 1 << 16, MAX_WORDS = 64;
	/** What ComfyUI and the scripts of pivotal tuning call the vectors for SDXL's two text encoders. */
	private static final String[][] PAIRS = { { "clip_l", "clip_g" }, { "text_encoders_0", "text_encoders_1" } };

	private final String source;
	private final String token;
	private final Map<String, float[][]> vectors;
	private final Set<String> unused;

	private TextualInversion(final String source, final String token, final Map<String, float[][]> vectors, final Collection<?> all, final String... used) {
		this.source = source;
		this.token = token;
		this.vectors = vectors;
		this.unused = all.stream().map(String::valueOf).filter(name -> !List.of(used).contains(name)).collect(Collectors.toCollection(TreeSet::new));
		if (!unused.isEmpty()) LOG.warn("{} has tensors besides the vectors of its word, which are not used ({}).", OneLine.of(source), OneLine.of(KnownNames.some(unused)));
		if (vectors.values().stream().mapToInt(v -> v.length).distinct().count() != 1) {
			throw new DiffEditException(source + " has different numbers of vectors for its text encoders; download or copy it again.");
		}
	}

	/** Reads a file with one word, which is the one it names, or the file's name where it names none. */
	public static TextualInversion read(final Path path) {
		return read(path, Optional.empty());
	}

	/**
	 * Reads a file with one word.
	 *
	 * @param token what prompts shall call it, in place of the file's own word
	 * @throws DiffEditException if the file is damaged or holds no textual inversion, or several words
	 */
	public static TextualInversion read(final Path path, final Optional<String> token) {
		final List<TextualInversion> words = readAll(path, token);
		if (words.size() == 1) return words.get(0);
		throw new DiffEditException(path.getFileName() + " has " + Counted.of(words.size(), "word") + " (" + words.stream().map(TextualInversion::token).collect(Collectors.joining(", "))
			+ "), each of which keeps its name; leave out the word that they shall be called.");
	}

	/** Reads all words of a file, in the order of the file. */
	public static List<TextualInversion> readAll(final Path path) {
		return readAll(path, Optional.empty());
	}

	private static List<TextualInversion> readAll(final Path path, final Optional<String> token) {
		try (WeightsFile file = WeightsFile.open(path, WeightAccess.COPIED); Scope scope = Scope.open()) {
			final String name = path.getFileName().toString();
			final String stem = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
			for (final String[] pair : PAIRS) {
				if (file.has(pair[0]) || file.has(pair[1])) return List.of(ofPair(file, token.orElse(stem), pair));
			}
			if (file instanceof PickleFile pickle && pickle.root() instanceof Map<?, ?> map && map.get("string_to_param") instanceof Map<?, ?> parameters) {
				final String own = map.get("name") instanceof String stored ? stored : stem;
				return List.of(of(file, token.orElse(own), "*", pickle.tensor("*", parameters.get("*")), parameters.keySet()));
			}
			final Set<String> names = file.names();
			if (names.size() == 1) {
				final String only = names.iterator().next();
				return List.of(of(file, token.orElse(only.equals("emb_params") ? stem : only), only, file.get(only), names));
			}
			if (names.isEmpty() || names.size() > MAX_WORDS || token.isPresent() || names.stream().anyMatch(each -> each.contains(".") || !file.dtype(each).isFloatingPoint())) {
				throw new DiffEditException(file.source() + " holds no textual inversion: it has " + Counted.of(names.size(), "tensor") + ". Choose a textual inversion file.");
			}
			return names.stream().map(each -> of(file, each, each, file.get(each), Set.of(each))).toList();
		}
	}

	private static TextualInversion of(final Weights file, final String token, final String name, final Tensor tensor, final Set<?> all) {
		return new TextualInversion(file.source(), token, Map.of("text_encoder", vectors(file, name, tensor)), all, name);
	}

	/** For both text encoders of SDXL. */
	private static TextualInversion ofPair(final Weights file, final String token, final String... names) {
		final Map<String, float[][]> vectors = new LinkedHashMap<>();
		if (file.has(names[0])) vectors.put("text_encoder", vectors(file, names[0], file.get(names[0])));
		if (file.has(names[1])) vectors.put("text_encoder_2", vectors(file, names[1], file.get(names[1])));
		return new TextualInversion(file.source(), token, vectors, file.names(), names);
	}

	private static float[][] vectors(final Weights file, final String name, final Tensor tensor) {
		final long[] shape = tensor.shape();
		final long count = shape.length == 2 ? shape[0] : 1;
		if (shape.length < 1 || shape.length > 2 || count < 1 || count > MAX_VECTORS || tensor.count() / count > MAX_WIDTH || !tensor.dtype().isFloatingPoint()) {
			throw new DiffEditException(file.source() + " has '" + name + "' in shape " + java.util.Arrays.toString(shape) + "; a textual inversion has 1 to " + MAX_VECTORS + " vectors.");
		}
		if (!tensor.isFinite()) throw new DiffEditException(file.source() + " has vectors that are not numbers; download or copy it again.");
		final float[] flat = tensor.toFloatArray();
		final float[][] rows = new float[(int) count][flat.length / (int) count];
		for (int i = 0; i < rows.length; i++) System.arraycopy(flat, i * rows[i].length, rows[i], 0, rows[i].length);
		return rows;
	}

	/** The token for the vectors in prompts, such as {@code <cat-toy>}. */
	public String token() {
		return token;
	}

	/** How many tokens the word takes. */
	public int count() {
		return vectors.values().iterator().next().length;
	}

	/** Names of what lies beside its vectors in the file and is not used. */
	Set<String> unused() {
		return unused;
	}

	/** The text encoders it was learned for: {@code text_encoder}, {@code text_encoder_2} or both. */
	public Set<String> parts() {
		return vectors.keySet();
	}

	/**
	 * The vectors for a text encoder, one row each.
	 *
	 * @param part {@code text_encoder} or {@code text_encoder_2}
	 * @param width length of that encoder's token embeddings
	 * @throws DiffEditException if the word was learned for another family
	 */
	public float[][] vectors(final String part, final int width) {
		final float[][] found = vectors.get(part);
		if (found == null) throw new DiffEditException(source + " has no vectors for '" + part + "'; choose a textual inversion for this model's family.");
		if (found[0].length != width) {
			throw new DiffEditException(source + " was trained for another family of models: its vectors have " + Counted.of(found[0].length, "number") + ", this model's " + part + " takes " + width + ".");
		}
		final float[][] copy = new float[found.length][];
		for (int i = 0; i < copy.length; i++) copy[i] = found[i].clone();
		return copy;
	}
}
