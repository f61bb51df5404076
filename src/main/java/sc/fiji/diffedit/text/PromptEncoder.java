package sc.fiji.diffedit.text;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.weights.TextualInversion;

/** Encodes prompts to the conditioning of a UNet. SD 1.x/2.x and SDXL have one implementation each. */
public interface PromptEncoder extends AutoCloseable {

	/**
	 * Encodes prompts; equal ones are encoded once.
	 *
	 * @param prompts at least one; the empty text is a prompt
	 * @param prompts2 prompts for the second text encoder, of the same number; ignored by a model with one text encoder
	 * @param clipSkip number of final hidden states of the text encoder to skip, 0 for the model's default
	 * @return one entry per prompt, in the innermost scope
	 * @throws sc.fiji.diffedit.DiffEditException if there is no prompt or {@code clipSkip} leaves no layer
	 */
	Conditioning encode(List<String> prompts, List<String> prompts2, int clipSkip);

	/** Encodes the same prompts with all text encoders. */
	default Conditioning encode(final List<String> prompts, final int clipSkip) {
		return encode(prompts, prompts, clipSkip);
	}

	/** The text encoders by the names of their components ({@code text_encoder}, {@code text_encoder_2}), in the order in which they read. */
	Map<String, Network> networks();

	/**
	 * Whether zeros stand for a negative prompt that was not given ({@code force_zeros_for_empty_prompt} of SDXL), rather than
	 * the encoding of the empty text.
	 */
	boolean zerosForMissing();

	/** The embedding used for a negative prompt that was not given: one entry. */
	Conditioning encodeMissing();

	/** A view of this encoder with other prompt options, which shares all its resources. */
	PromptEncoder with(PromptOptions options);

	/**
	 * A view of this encoder that pads every prompt to the number of pieces of the longest of these, so that their embeddings can
	 * be batched. Differs only with {@link PromptOptions#longPrompts()}. Shares all resources of this encoder.
	 */
	PromptEncoder forPrompts(Collection<String> prompts);

	/**
	 * The minimum number of pieces of the text encoder's length for each prompt; 1 without
	 * {@linkplain PromptOptions#longPrompts() long prompts}.
	 */
	default int pieces() {
		return 1;
	}

	/**
	 * The words of a prompt as token numbers, for each text encoder in the order in which they read. Each row is as long as
	 * {@code encoder_hidden_states} has tokens, and has -1 for start, end and padding.
	 *
	 * @param prompt2 for the second text encoder; ignored by a model with one
	 */
	List<long[]> words(String prompt, String prompt2);

	/**
	 * Messages for the user about the parts of these prompts that exceed the text encoder's token limit; empty if all fit. Only
	 * tokenizes the prompts; {@link #encode} logs the same messages.
	 */
	Set<String> cut(Collection<String> prompts);

	/**
	 * A copy of this encoder with one more token. It shares the networks with this one and has its own tokenizer, which must be closed.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if the token was trained for another model family or exists already
	 */
	PromptEncoder with(TextualInversion inversion);

	/** Frees the resources owned by this encoder; networks and tokenizers passed to it are owned by the caller. */
	@Override
	void close();
}
