package sc.fiji.diffedit.text;

import sc.fiji.diffedit.DiffEditException;

/**
 * Settings for captioning a picture.
 *
 * @param beginning start of the caption, such as {@code a photograph of}; empty for none
 * @param maxNewTokens most tokens after the beginning
 * @param numBeams number of beams; 1 for greedy decoding
 */
public record CaptionRequest(String beginning, int maxNewTokens, int numBeams) {

	/** No beginning, 20 tokens, one beam, as transformers does by default. */
	public static final CaptionRequest DEFAULTS = new CaptionRequest("", 20, 1);

	public CaptionRequest {
		if (maxNewTokens < 1 || numBeams < 1) {
			throw new DiffEditException("A caption needs at least 1 new token and 1 beam; got " + maxNewTokens + " and " + numBeams + ".");
		}
	}

	public CaptionRequest withBeginning(final String words) {
		return new CaptionRequest(words, maxNewTokens, numBeams);
	}

	public CaptionRequest withMaxNewTokens(final int tokens) {
		return new CaptionRequest(beginning, tokens, numBeams);
	}

	public CaptionRequest withNumBeams(final int beams) {
		return new CaptionRequest(beginning, maxNewTokens, beams);
	}
}
