package sc.fiji.diffedit.models;

import java.util.Map;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * What a {@link CLIPTextModel} makes of a batch of prompts.
 *
 * @param lastHiddenState output of the last layer after the final norm, shape (batch, tokens, width)
 * @param hiddenStates the hidden states that were requested, by the requested index: 0 is the embedding, n the
 *          output of the n-th layer, -1 that of the last; without final norm; shape (batch, tokens, width)
 * @param pooled the last hidden state at the end of each prompt, shape (batch, width)
 */
public record TextStates(Tensor lastHiddenState, Map<Integer, Tensor> hiddenStates, Tensor pooled) {

	public TextStates {
		hiddenStates = Map.copyOf(hiddenStates);
	}

	/** A hidden state by its requested index. */
	public Tensor hiddenState(final int index) {
		final Tensor state = hiddenStates.get(index);
		if (state == null) throw new DiffEditException("Hidden state " + index + " was not asked for; name it in the call of forward.");
		return state;
	}
}
