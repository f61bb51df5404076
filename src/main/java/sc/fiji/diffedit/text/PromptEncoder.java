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
	 * @param prompts2 what a second text encoder reads, as many; a model with one encoder leaves it aside
	 * @param clipSkip hidden states to skip at the end of the text encoder, 0 for the model's usual ones
	 * @return one entry per prompt, in the innermost scope
	 * @throws sc.fiji.diffedit.DiffEditException if there is no prompt or {@code clipSkip} leaves no layer
	 */
	Conditioning encode(List<String> prompts, List<String> prompts2, int clipSkip);

	/** Encodes prompts that all text encoders read. */
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

	/** What stands for a negative prompt that was not given: one entry. */
	Conditioning encodeMissing();

	/** This encoder, reading prompts in another way. It shares everything with this one. */
	PromptEncoder with(PromptOptions options);

	/**
	 * This encoder, giving every prompt as many tokens as the longest of these needs, so that their encodings can stand in one
	 * batch. Only makes a difference with {@link PromptOptions#longPrompts()}. It shares everything with this one.
	 */
	PromptEncoder forPrompts(Collection<String> prompts);

	/** How many pieces of the text encoder's length each prompt gets at least; 1 without {@linkplain PromptOptions#longPrompts() long prompts}. */
	default int pieces() {
		return 1;
	}

	/**
	 * What of these prompts does not fit into the text encoder's tokens, in sentences for the user; none if all fit. Only reads
	 * them, whereas {@link #encode} writes the same to the log.
	 */
	Set<String> cut(Collection<String> prompts);

	/**
	 * This encoder, knowing one more word. It shares the networks with this one and has a tokenizer of its own, which lives
	 * until it is closed.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if the word was learned for another family of models or is known already
	 */
	PromptEncoder with(TextualInversion inversion);

	/** Frees what this encoder has of its own; networks and tokenizers that it was given are their owner's. */
	@Override
	void close();
}
