package sc.fiji.diffedit.models;

import java.util.Arrays;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Tensor;

/** Rejects inputs that do not fit the config of a UNet, with the reason. */
final class UNetInput {

	private final UNet2DConditionConfig config;

	UNetInput(final UNet2DConditionConfig config) {
		this.config = config;
	}

	/**
	 * @param timesteps how many there are: one for all, or one for each row of the conditioning
	 * @throws DiffEditException if they do not fit the model or each other
	 */
	void check(final Tensor sample, final long timesteps, final Conditioning conditioning) {
		checkSample(sample);
		final long batch = sample.size(0);
		final long[] shape = conditioning.encoderHiddenStates().shape();
		final boolean fits = shape.length == 3 && (shape[0] == batch || batch > 0 && shape[0] > 0 && shape[0] % batch == 0);
		if (!fits || !config.crossAttentionDim().contains((int) shape[2])) {
			throw new DiffEditException(config.source() + " needs text embeddings of shape [" + batch + " or a multiple, any, " + config.crossAttentionDim().get(0)
				+ "], but got " + Arrays.toString(shape) + "; the text encoder belongs to another model.");
		}
		if (timesteps != 1 && timesteps != shape[0]) {
			throw new DiffEditException("Got " + Counted.of(timesteps, "timestep") + " for " + Counted.of(shape[0], "sample") + "; give one, or one for each.");
		}
		checkGuidance(shape[0], conditioning.added().get(Conditioning.TIMESTEP_COND));
		if (config.addedTextTime()) checkAdded(shape[0], conditioning);
	}

	/** @throws DiffEditException if the model has no such branch */
	void check(final DeepFeatures features) {
		if (features.isNone() || features.branch() >= 0 && features.branch() < config.skips()) return;
		throw new DiffEditException("cacheBranch is " + features.branch() + ", but " + config.source() + " has the skip connections 0 to " + (config.skips() - 1) + "; choose one of these.");
	}

	private void checkSample(final Tensor sample) {
		final long[] shape = sample.shape();
		if (shape.length != 4 || shape[1] != config.inChannels()) {
			throw new DiffEditException(config.source() + " asks for " + config.inChannels() + " input channels, but the latents have shape "
				+ Arrays.toString(shape) + "; " + (config.inChannels() == 9 ? "this model is for inpainting only." : "choose a model of the right kind."));
		}
	}

	/** Diffusers' networks too can do without. */
	private void checkGuidance(final long batch, final Tensor embedding) {
		if (embedding == null || Arrays.equals(embedding.shape(), new long[] { batch, config.timeCondProjDim() })) return;
		throw new DiffEditException(config.source() + (config.isGuidanceDistilled() ? " asks for a timestep_cond of shape [" + batch + ", " + config.timeCondProjDim() + "], but got "
			+ Arrays.toString(embedding.shape()) + "; embed the guidance scale for this model." : " has no time_cond_proj_dim and takes no timestep_cond; guide it by a negative prompt."));
	}

	private void checkAdded(final long batch, final Conditioning conditioning) {
		final Tensor text = conditioning.added().get(Conditioning.TEXT_EMBEDS);
		final Tensor ids = conditioning.added().get(Conditioning.TIME_IDS);
		if (text == null || ids == null) {
			throw new DiffEditException(config.source() + " asks for the added conditions text_embeds and time_ids, but got "
				+ conditioning.added().keySet() + "; encode prompts for SDXL.");
		}
		final long length = text.count() / batch + ids.count() / batch * config.additionTimeEmbedDim();
		if (text.size(0) != batch || ids.size(0) != batch || length != config.projectionInput()) {
			throw new DiffEditException(config.source() + " asks for text_embeds and time_ids that make " + Counted.of(config.projectionInput(), "number")
				+ " for each of " + Counted.of(batch, "sample") + ", but shapes " + Arrays.toString(text.shape()) + " and " + Arrays.toString(ids.shape())
				+ " make " + length + "; a base model takes 6 time_ids, a refiner 5.");
		}
	}
}
