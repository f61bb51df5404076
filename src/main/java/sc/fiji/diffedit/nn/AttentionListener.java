package sc.fiji.diffedit.nn;

import sc.fiji.diffedit.tensor.Tensor;

/** Hears how much the places of an image attend to some words, in each cross-attention that is computed on its thread. */
public interface AttentionListener {

	/** How much each token of the text counts, shape (tokens), 32-bit; on any device. */
	Tensor words();

	/** Whether attention is wanted of a block that sees an image in so many places. */
	boolean wants(long places);

	/** @param attention sum of the probabilities of the words, shape (batch, heads, places), 32-bit; not to be kept */
	void attended(Tensor attention);
}
