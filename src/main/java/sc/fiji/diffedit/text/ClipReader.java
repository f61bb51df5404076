package sc.fiji.diffedit.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

import sc.fiji.diffedit.models.CLIPTextModel;
import sc.fiji.diffedit.models.Finite;
import sc.fiji.diffedit.models.TextStates;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.TextualInversion;

/**
 * A tokenizer and its text encoder: prompts to hidden states. Prompt weights scale the hidden states, whose original mean is then
 * restored (diffusers' community pipeline {@code lpw_stable_diffusion.py}).
 *
 * @param part the encoder's folder in the model, {@code text_encoder} or {@code text_encoder_2}
 * @param learned vectors of textual inversions, whose tokens follow the vocabulary
 */
record ClipReader(ClipTokenizer tokenizer, CLIPTextModel model, String part, List<float[]> learned) {

	/** Prompts encoded per batch, which bounds memory. */
	private static final int AT_A_TIME = 16;

	ClipReader(final ClipTokenizer tokenizer, final CLIPTextModel model, final String part) {
		this(tokenizer, model, part, List.of());
	}

	/** A reader with one more token; its tokenizer is new. */
	ClipReader with(final TextualInversion inversion) {
		final float[][] vectors = inversion.vectors(part, model.config().hiddenSize());
		final List<float[]> more = new ArrayList<>(learned);
		more.addAll(Arrays.asList(vectors));
		return new ClipReader(tokenizer.with(inversion.token(), vectors.length), model, part, more);
	}

	int pieces(final String prompt, final PromptOptions options) {
		return PromptPieces.count(tokenizer, prompt, options);
	}

	/**
	 * Encodes prompts, each distinct one once.
	 *
	 * @param pieces number of pieces of 77 tokens that each prompt takes
	 * @param keep the hidden states needed by {@code states}
	 * @param states the hidden state to return
	 * @param also receives the model's output for the first piece of each batch, in order
	 * @param warnings receives a message when words are truncated
	 * @return one entry per prompt, pieces one after another: shape (prompts, 77 x pieces, width)
	 */
	Tensor read(final List<String> prompts, final PromptOptions options, final int pieces, final Device device, final int[] keep,
		final Function<TextStates, Tensor> states, final Consumer<TextStates> also, final Consumer<String> warnings)
	{
		final List<Tensor> parts = new ArrayList<>();
		for (int i = 0; i < prompts.size(); i += AT_A_TIME) {
			final List<PromptPieces> some = prompts.subList(i, Math.min(prompts.size(), i + AT_A_TIME)).stream()
				.map(prompt -> cut(prompt, options, pieces, warnings)).toList();
			final List<Tensor> read = new ArrayList<>();
			for (int piece = 0; piece < pieces; piece++) {
				final TextStates found = model.forward(ids(some, piece, device), table(device), keep);
				if (piece == 0) also.accept(found);
				read.add(states.apply(found));
			}
			parts.add(Finite.result(part, weighted(read.size() == 1 ? read.get(0) : Tensor.cat(read, 1), some)));
		}
		return parts.size() == 1 ? parts.get(0) : Tensor.cat(parts, 0);
	}

	private PromptPieces cut(final String prompt, final PromptOptions options, final int pieces, final Consumer<String> warnings) {
		final PromptPieces read = PromptPieces.of(tokenizer, prompt, options, pieces);
		sentence(read, pieces).ifPresent(warnings);
		return read;
	}

	/** A message about the words of a prompt that are truncated; empty if there are none. */
	Optional<String> cut(final String prompt, final PromptOptions options, final int pieces) {
		return sentence(PromptPieces.of(tokenizer, prompt, options, pieces), pieces);
	}

	/** The token numbers of the words of a prompt where the UNet sees them, and -1 for start, end and padding. */
	long[] words(final String prompt, final PromptOptions options, final int pieces) {
		return PromptPieces.of(tokenizer, prompt, options, pieces).words(tokenizer.endId());
	}

	private Optional<String> sentence(final PromptPieces read, final int pieces) {
		if (read.cut().isEmpty()) return Optional.empty();
		return Optional.of("The prompt is longer than " + (long) pieces * tokenizer.maxLength() + " tokens; these words do not count: \"" + read.cut() + "\".");
	}

	private Tensor ids(final List<PromptPieces> prompts, final int piece, final Device device) {
		final long[] ids = prompts.stream().flatMapToLong(p -> Arrays.stream(p.ids()[piece])).toArray();
		return Tensor.of(ids, prompts.size(), tokenizer.maxLength()).to(device);
	}

	private Tensor table(final Device device) {
		final int width = model.config().hiddenSize();
		final float[] flat = new float[learned.size() * width];
		for (int i = 0; i < learned.size(); i++) System.arraycopy(learned.get(i), 0, flat, i * width, width);
		return Tensor.of(flat, learned.size(), width).to(device);
	}

	private static Tensor weighted(final Tensor states, final List<PromptPieces> prompts) {
		final int tokens = (int) states.size(1);
		final float[] weights = new float[prompts.size() * tokens];
		boolean plain = true;
		for (int i = 0; i < prompts.size(); i++) {
			int at = i * tokens;
			for (final float[] piece : prompts.get(i).weights()) {
				System.arraycopy(piece, 0, weights, at, piece.length);
				at += piece.length;
				for (final float weight : piece) plain &= weight == 1;
			}
		}
		return plain ? states : restored(states, Tensor.of(weights, prompts.size(), tokens, 1));
	}

	/** Restores each prompt's mean without weights. */
	private static Tensor restored(final Tensor states, final Tensor weights) {
		final Tensor before = states.to(DType.FLOAT32);
		final Tensor after = before.multiply(weights.to(states.device()));
		final float[] had = before.mean(false, 1, 2).toFloatArray();
		final float[] has = after.mean(false, 1, 2).toFloatArray();
		for (int i = 0; i < had.length; i++) had[i] = has[i] == 0 ? 1 : had[i] / has[i];
		return after.multiply(Tensor.of(had, had.length, 1, 1).to(states.device())).to(states.dtype());
	}
}
