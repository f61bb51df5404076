package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.text.PromptEmbeddings;

/**
 * Encodes prompts with the text encoders of a borrowed model. The embeddings can be averaged, written to files and used in requests
 * like any prompt, with every model that has the same text encoders. In Groovy:
 *
 * <pre>{@code
 * captions = models.suggest(LoadOptions.of("/models/flan-t5-large"), SuggestionRequest.captionsOf("bowl"), { made -> })
 * bowls = lease.prompts().mean(captions, 0)
 * lease.diffEdit().generateMask(image, MaskRequest.DEFAULTS.withSource([bowls]).withTarget([baskets]))
 * }</pre>
 */
public final class EncodedPrompts {

	private final ModelLease lease;

	EncodedPrompts(final ModelLease lease) {
		this.lease = lease;
	}

	/** The embeddings of each text. */
	public List<Prompt> encode(final List<String> texts, final int clipSkip) {
		return lease.call(model -> prompts(model.promptEncoder().encode(texts, clipSkip)));
	}

	/** The mean of the embeddings of several texts, as one prompt. */
	public Prompt mean(final List<String> texts, final int clipSkip) {
		return lease.call(model -> prompts(PromptEmbeddings.mean(model.promptEncoder().encode(texts, clipSkip)))).get(0);
	}

	/** Sentences for the user about the parts of these texts that exceed the model's token limit; empty if all fit. */
	public Set<String> cut(final Collection<String> texts) {
		return lease.call(model -> model.promptEncoder().cut(texts));
	}

	/**
	 * Writes encoded prompts to a safetensors file, with diffusers' names {@code prompt_embeds} and
	 * {@code pooled_prompt_embeds}. An existing file is replaced.
	 */
	public void write(final Path file, final List<Prompt> prompts) {
		if (prompts.isEmpty()) throw new DiffEditException("There is no prompt to write to " + file.getFileName() + "; encode at least one.");
		lease.call(model -> {
			PromptEmbeddings.write(file, Conditioning.cat(prompts.stream().map(EncodedPrompts::conditioning).toList()));
			return null;
		});
	}

	/** @throws DiffEditException if the file contains no prompt embeddings, or those of other text encoders */
	public List<Prompt> read(final Path file) {
		return lease.call(model -> {
			final Conditioning found = PromptEmbeddings.read(file);
			check(model, file, found);
			return prompts(found);
		});
	}

	private static void check(final DiffusionModel model, final Path file, final Conditioning found) {
		final Conditioning own = model.promptEncoder().encodeMissing();
		final long[] expected = widths(own);
		if (java.util.Arrays.equals(expected, widths(found))) return;
		throw new DiffEditException(file.getFileName() + " holds prompts encoded for another kind of model (widths "
			+ java.util.Arrays.toString(widths(found)) + "; model '" + model.name() + "' has " + java.util.Arrays.toString(expected) + ").");
	}

	private static long[] widths(final Conditioning prompts) {
		final Tensor pooled = prompts.added().get(Conditioning.TEXT_EMBEDS);
		return pooled == null ? new long[] { prompts.encoderHiddenStates().size(-1) } : new long[] { prompts.encoderHiddenStates().size(-1), pooled.size(-1) };
	}

	private static List<Prompt> prompts(final Conditioning encoded) {
		final Tensor encoderHiddenStates = encoded.encoderHiddenStates();
		final Tensor pooled = encoded.added().get(Conditioning.TEXT_EMBEDS);
		final List<Prompt> prompts = new ArrayList<>();
		for (long i = 0; i < encoded.batch(); i++) {
			final float[] own = pooled == null ? new float[0] : pooled.slice(0, i, i + 1).toFloatArray();
			prompts.add(new Prompt.Embedding((int) encoderHiddenStates.size(1), (int) encoderHiddenStates.size(2), encoderHiddenStates.slice(0, i, i + 1).toFloatArray(), own));
		}
		return prompts;
	}

	private static Conditioning conditioning(final Prompt prompt) {
		if (!(prompt instanceof Prompt.Embedding embedding)) throw new DiffEditException("\"" + prompt + "\" is a prompt in words; encode it before it is written.");
		final Conditioning conditioning = Conditioning.of(Tensor.of(embedding.values(), 1, embedding.tokens(), embedding.width()));
		return embedding.pooled().length == 0 ? conditioning : conditioning.with(Conditioning.TEXT_EMBEDS, Tensor.of(embedding.pooled(), 1, embedding.pooled().length));
	}
}
