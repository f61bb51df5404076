package sc.fiji.diffedit.models;

import java.util.List;

import sc.fiji.diffedit.tensor.Tensor;

/**
 * Predicts the noise in latents from the timestep and the conditioning. The network itself is {@link UNet2DConditionModel}; what
 * splits its batches ({@link BatchedUNet}) or caches its predictions is a wrapper around it and predicts the same.
 */
public interface UNet extends Network {

	UNet2DConditionConfig config();

	/**
	 * Predicts the noise (or what else the model was trained to predict) in the same samples under each of several
	 * conditionings. A conditioning has k rows for each sample, as guidance has it with k = 2: sample {@code i} of {@code batch}
	 * goes with its rows {@code i}, {@code batch + i}, {@code 2 batch + i} and so on, as if the samples had been repeated one
	 * batch after another (diffusers' {@code torch.cat([latents] * k)}).
	 * <p>
	 * What comes before the first cross-attention is computed once for all conditionings, where the model allows it. A prediction
	 * is the same to the last bit whichever other conditionings stand in the list.
	 *
	 * @param sample noisy latents, shape (batch, inChannels, height, width) with any height and width
	 * @param timestep of all samples
	 * @param conditionings at least one, all with as many rows; {@code encoder_hidden_states} of shape (k x batch, tokens,
	 *          crossAttentionDim), and for SDXL its added conditions
	 * @return one prediction for each, shape (k x batch, outChannels, height, width), in this network's type, in the innermost scope
	 */
	default List<Tensor> predict(final Tensor sample, final double timestep, final List<Conditioning> conditionings) {
		return predict(sample, timestep, conditionings, DeepFeatures.NONE);
	}

	/**
	 * The same with deep features that are handed on from one prediction to the next; a prediction then depends on earlier ones.
	 *
	 * @param features {@link DeepFeatures#NONE} for none; for the same samples and conditionings in each call until they are renewed
	 */
	List<Tensor> predict(Tensor sample, double timestep, List<Conditioning> conditionings, DeepFeatures features);

	/** The same under one conditioning. */
	default Tensor predict(final Tensor sample, final double timestep, final Conditioning conditioning) {
		return predict(sample, timestep, List.of(conditioning)).get(0);
	}

	/** How many rows of a batch go through the network at once: what decides about its activations. */
	default long rowsAtOnce(final long rows, final long height, final long width) {
		return rows;
	}

	/**
	 * How many of many samples are worth giving to one call, so that its caller can report progress between calls: a divisor of
	 * their number.
	 */
	default long samplesAtOnce(final long samples, final long height, final long width) {
		return samples;
	}

	/** Whether images flow through the network with their channels last, which changes results by rounding only. */
	boolean isChannelsLast();
}
