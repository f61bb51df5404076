/**
 * Prompts to embeddings, and images and tasks to text: tokenizers, prompt encoders, the prompt generator (T5), the captioner
 * (BLIP) and the image processors of the latter and of the safety checker. Uses {@code models} and what is below it.
 */
package sc.fiji.diffedit.text;
