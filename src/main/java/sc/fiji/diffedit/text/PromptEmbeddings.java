package sc.fiji.diffedit.text;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.SafetensorsFile;
import sc.fiji.diffedit.weights.SafetensorsWriter;

/**
 * Averages prompt embeddings, writes them to a safetensors file and reads them. The file uses the names of diffusers' pipeline
 * arguments, {@code prompt_embeds} and for SDXL {@code pooled_prompt_embeds}.
 */
public final class PromptEmbeddings {

	private static final String WORDS = "prompt_embeds";
	private static final String POOLED = "pooled_prompt_embeds";
	private static final long MAX_ELEMENTS = 1L << 28;

	private PromptEmbeddings() {}

	/** The mean of all entries, as one entry. */
	public static Conditioning mean(final Conditioning prompts) {
		return prompts.map(tensor -> tensor.mean(true, 0));
	}

	/** Writes encoded prompts; sizes and crops are not written. An existing file is replaced. */
	public static void write(final Path file, final Conditioning prompts) {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		tensors.put(WORDS, prompts.encoderHiddenStates());
		if (prompts.added().containsKey(Conditioning.TEXT_EMBEDS)) tensors.put(POOLED, prompts.added().get(Conditioning.TEXT_EMBEDS));
		SafetensorsWriter.write(file, tensors, Map.of());
	}

	/**
	 * Reads encoded prompts, in the innermost scope, on the CPU.
	 *
	 * @throws DiffEditException if the file is damaged or contains no prompt embeddings
	 */
	public static Conditioning read(final Path file) {
		try (SafetensorsFile tensors = SafetensorsFile.open(file); Scope scope = Scope.open()) {
			final long[] shape = shape(tensors, WORDS, 3);
			final Conditioning conditioning = Conditioning.of(scope.keep(finite(tensors, WORDS)));
			if (!tensors.has(POOLED)) return conditioning;
			final long[] pooled = shape(tensors, POOLED, 2);
			if (pooled[0] != shape[0]) {
				throw new DiffEditException(tensors.source() + " has " + Counted.of(shape[0], "prompt") + " and " + pooled[0] + " pooled ones; the file is damaged.");
			}
			return conditioning.with(Conditioning.TEXT_EMBEDS, scope.keep(finite(tensors, POOLED)));
		}
	}

	private static long[] shape(final SafetensorsFile tensors, final String name, final int axes) {
		if (!tensors.has(name)) {
			throw new DiffEditException(tensors.source() + " has no tensor '" + name + "'; choose a file of encoded prompts.");
		}
		final long[] shape = tensors.shape(name);
		final long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
		if (shape.length != axes || count < 1 || count > MAX_ELEMENTS || !tensors.dtype(name).isFloatingPoint()) {
			throw new DiffEditException(tensors.source() + " has '" + name + "' in shape " + Arrays.toString(shape) + "; encoded prompts have " + axes
				+ " axes and numbers in them. Choose another file.");
		}
		return shape;
	}

	private static Tensor finite(final SafetensorsFile tensors, final String name) {
		final Tensor copy = tensors.get(name).copy();
		if (!copy.isFinite()) throw new DiffEditException(tensors.source() + " has NaN or infinite numbers in '" + name + "'; choose another file.");
		return copy;
	}
}
