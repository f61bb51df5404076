package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * A textual inversion (Gal et al. 2022): a token, such as {@code <cat-toy>}, and one or more vectors that replace its embedding in a text encoder.
 * Read from what diffusers writes ({@code {word: vectors}}, safetensors or pickled), from A1111's files
 * ({@code emb_params}, or {@code string_to_param} with a {@code name}) and from files for SDXL's two text encoders
 * ({@code clip_l} and {@code clip_g}). Matches diffusers 0.42.1, {@code loaders/textual_inversion.py}.
 */
public final class TextualInversion {

	/** More than any prompt has room for. */
	private static final int MAX_VECTORS = 256;
	private static final int MAX_WIDTH = 1 << 16;

	private final String source;
	private final String token;
	private final Map<String, float[][]> vectors;

	private TextualInversion(final String source, final String token, final Map<String, float[][]> vectors) {
		this.source = source;
		this.token = token;
		this.vectors = vectors;
		if (vectors.values().stream().mapToInt(v -> v.length).distinct().count() != 1) {
			throw new DiffEditException(source + " has different numbers of vectors for its text encoders; download or copy it again.");
		}
	}

	/** Reads a file; the word is the one it names, or the file's name where it names none. */
	public static TextualInversion read(final Path path) {
		return read(path, Optional.empty());
	}

	/**
	 * Reads a file.
	 *
	 * @param token what prompts shall call it, in place of the file's own word
	 * @throws DiffEditException if the file is damaged or holds no textual inversion
	 */
	public static TextualInversion read(final Path path, final Optional<String> token) {
		try (WeightsFile file = WeightsFile.open(path); Scope scope = Scope.open()) {
			final String name = path.getFileName().toString();
			final String stem = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
			final Map<String, float[][]> vectors = new LinkedHashMap<>();
			String own = stem;
			if (file.has("clip_l") || file.has("clip_g")) {
				if (file.has("clip_l")) vectors.put("text_encoder", vectors(file, "clip_l", file.get("clip_l")));
				if (file.has("clip_g")) vectors.put("text_encoder_2", vectors(file, "clip_g", file.get("clip_g")));
			}
			else if (file instanceof PickleFile pickle && pickle.root() instanceof Map<?, ?> map && map.get("string_to_param") instanceof Map<?, ?> parameters) {
				vectors.put("text_encoder", vectors(file, "*", pickle.tensor("*", parameters.get("*"))));
				if (map.get("name") instanceof String stored) own = stored;
			}
			else if (file.names().size() == 1) {
				final String only = file.names().iterator().next();
				vectors.put("text_encoder", vectors(file, only, file.get(only)));
				if (!only.equals("emb_params")) own = only;
			}
			else throw new DiffEditException(file.source() + " holds no textual inversion: it has " + file.names().size() + " tensors. Choose a textual inversion file.");
			return new TextualInversion(file.source(), token.orElse(own), vectors);
		}
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
			throw new DiffEditException(source + " was trained for another family of models: its vectors have " + found[0].length + " numbers, this model's " + part + " takes " + width + ".");
		}
		final float[][] copy = new float[found.length][];
		for (int i = 0; i < copy.length; i++) copy[i] = found[i].clone();
		return copy;
	}
}
