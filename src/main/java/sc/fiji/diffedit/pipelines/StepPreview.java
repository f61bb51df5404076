package sc.fiji.diffedit.pipelines;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.VaeImageProcessor;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Shows on the way what an image will become: the first image of a batch, small, decoded from its present latents after they
 * were averaged down, which costs a small part of a step. {@link sc.fiji.diffedit.models.AutoencoderTiny} in place of the
 * model's autoencoder makes it cheaper still. Only steps that make an image are shown. A run without a preview pays nothing.
 */
public final class StepPreview implements StepListener {

	/** Stages whose latents have more and more noise, or another amount at each step. */
	private static final Set<String> WITHOUT_IMAGE = Set.of(MaskGeneration.STAGE, LatentInversion.STAGE, EditChecking.STAGE);

	private final Autoencoder vae;
	private final int edge;
	private final Consumer<Picture> show;

	/**
	 * @param edge the picture's longer side has at most as many pixels; more where one latent alone is larger
	 * @param show takes the picture, on the thread that computes
	 */
	public StepPreview(final Autoencoder vae, final int edge, final Consumer<Picture> show) {
		this.vae = vae;
		this.edge = edge;
		this.show = show;
	}

	@Override
	public void stepped(final Step step) {
		picture(vae, edge, step).ifPresent(show);
	}

	/** The picture of one step; empty for a step that makes no image. */
	public static Optional<Picture> picture(final Autoencoder vae, final int edge, final Step step) {
		if (WITHOUT_IMAGE.contains(step.stage())) return Optional.empty();
		try (Scope scope = Scope.open()) {
			final Latents small = small(Latents.of(step.latents().slice(0, 0, 1)), Math.max(1, vae.vaeScale().toLatents(edge)));
			final Tensor latents = small.toTensor().to(vae.dtype()).to(step.latents().device());
			return Optional.of(VaeImageProcessor.postprocess(vae.decode(vae.unscale(latents))).get(0));
		}
	}

	/** Means of squares of latents, so many as bring the longer side down to {@code longest}; a rest at the edge is left out. */
	private static Latents small(final Latents latents, final int longest) {
		final int by = Math.min((Math.max(latents.width(), latents.height()) + longest - 1) / longest, Math.min(latents.width(), latents.height()));
		final int width = latents.width() / by, height = latents.height() / by;
		final float[] means = new float[latents.channels() * height * width];
		for (int i = 0; i < means.length; i++) {
			final int x = i % width * by, y = i / width % height * by, channel = i / (width * height);
			means[i] = mean(latents, channel, x, y, by);
		}
		return new Latents(1, latents.channels(), height, width, means);
	}

	private static float mean(final Latents latents, final int channel, final int x, final int y, final int by) {
		double sum = 0;
		for (int row = y; row < y + by; row++) {
			for (int column = x; column < x + by; column++) {
				sum += latents.values()[(channel * latents.height() + row) * latents.width() + column];
			}
		}
		return (float) (sum / (by * by));
	}
}
