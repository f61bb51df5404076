package sc.fiji.diffedit.text;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.Sampling;

/**
 * Settings for suggesting prompts; defaults are those of diffusers' guide to DiffEdit.
 *
 * @param instruction the prompt of the language model
 * @param count number of prompts
 * @param maxNewTokens most tokens of a prompt
 * @param sampling how tokens are sampled
 * @param seed of the random numbers
 */
public record SuggestionRequest(String instruction, int count, int maxNewTokens, Sampling sampling, long seed) {

	public SuggestionRequest {
		if (count < 1 || maxNewTokens < 1) {
			throw new DiffEditException("At least 1 prompt of 1 token can be suggested; asked for " + count + " of " + maxNewTokens + ".");
		}
	}

	/** 16 captions for images of something, such as {@code bowl}. */
	public static SuggestionRequest captionsOf(final String concept) {
		if (concept.isBlank()) throw new DiffEditException("Nothing was named to suggest prompts for; name what the images show, such as bowl.");
		return of("Provide a caption for images containing a " + concept.trim()
			+ ". The captions should be in English and should be no longer than 150 characters.");
	}

	/** 16 answers to an instruction. */
	public static SuggestionRequest of(final String instruction) {
		return new SuggestionRequest(instruction, 16, 128, Sampling.DEFAULTS, 0);
	}

	public SuggestionRequest withCount(final int number) {
		return new SuggestionRequest(instruction, number, maxNewTokens, sampling, seed);
	}

	public SuggestionRequest withMaxNewTokens(final int tokens) {
		return new SuggestionRequest(instruction, count, tokens, sampling, seed);
	}

	public SuggestionRequest withSampling(final Sampling other) {
		return new SuggestionRequest(instruction, count, maxNewTokens, other, seed);
	}

	public SuggestionRequest withSeed(final long number) {
		return new SuggestionRequest(instruction, count, maxNewTokens, sampling, number);
	}
}
