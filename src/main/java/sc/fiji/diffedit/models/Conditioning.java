package sc.fiji.diffedit.models;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The conditions of a prediction besides sample and timestep: text embeddings, and the added conditions of SDXL ({@code text_embeds}, {@code time_ids}) and LCM
 * ({@code timestep_cond}) by diffusers' names. Entries run along the first axis of every tensor.
 *
 * @param encoderHiddenStates hidden states of the text encoder(s), shape (batch, tokens, width): diffusers' {@code encoder_hidden_states}
 * @param added added conditions, shape (batch, n) each; empty for SD 1.x and 2.x
 */
public record Conditioning(Tensor encoderHiddenStates, Map<String, Tensor> added) {

	/** Name of the pooled text embedding among the added conditions of SDXL, shape (batch, 1280). */
	public static final String TEXT_EMBEDS = "text_embeds";
	/** Name of the sizes and crops (or aesthetic score) among the added conditions of SDXL, shape (batch, 6 or 5). */
	public static final String TIME_IDS = "time_ids";
	/** Name of the guidance scale's embedding among the conditions of models distilled with guidance, shape (batch, time_cond_proj_dim). */
	public static final String TIMESTEP_COND = "timestep_cond";

	public Conditioning {
		added = Map.copyOf(added);
	}

	/** Conditions of SD 1.x and 2.x: text embeddings alone. */
	public static Conditioning of(final Tensor encoderHiddenStates) {
		return new Conditioning(encoderHiddenStates, Map.of());
	}

	/** The same with one more added condition. */
	public Conditioning with(final String name, final Tensor value) {
		final Map<String, Tensor> more = new LinkedHashMap<>(added);
		more.put(name, value);
		return new Conditioning(encoderHiddenStates, more);
	}

	/** Number of entries. */
	public long batch() {
		return encoderHiddenStates.size(0);
	}

	/** The same operation on every tensor. */
	public Conditioning map(final UnaryOperator<Tensor> operation) {
		final Map<String, Tensor> mapped = new LinkedHashMap<>();
		added.forEach((name, value) -> mapped.put(name, operation.apply(value)));
		return new Conditioning(operation.apply(encoderHiddenStates), mapped);
	}

	/** Entries one after another. All must have the same added conditions and as many tokens. */
	public static Conditioning cat(final List<Conditioning> parts) {
		for (final Conditioning part : parts) {
			if (part.encoderHiddenStates.size(1) != parts.get(0).encoderHiddenStates.size(1)) {
				throw new DiffEditException("A prompt of " + Counted.of(part.encoderHiddenStates.size(1), "token") + " and one of " + parts.get(0).encoderHiddenStates.size(1)
					+ " cannot stand in one batch; give both as text, or both as embeddings of one length.");
			}
		}
		final Map<String, Tensor> joined = new LinkedHashMap<>();
		for (final String name : parts.get(0).added.keySet()) {
			joined.put(name, Tensor.cat(parts.stream().map(p -> p.added.get(name)).toList(), 0));
		}
		return new Conditioning(Tensor.cat(parts.stream().map(Conditioning::encoderHiddenStates).toList(), 0), joined);
	}
}
