package sc.fiji.diffedit.text;

import java.util.List;

import sc.fiji.diffedit.models.Conditioning;

/** Prompts to what a UNet is told. SD 1.x/2.x and SDXL have one implementation each. */
public interface PromptEncoder {

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

	/**
	 * Whether zeros stand for a negative prompt that was not given ({@code force_zeros_for_empty_prompt} of SDXL), rather than
	 * the encoding of the empty text.
	 */
	boolean zerosForMissing();

	/** What stands for a negative prompt that was not given: one entry. */
	Conditioning encodeMissing();
}
