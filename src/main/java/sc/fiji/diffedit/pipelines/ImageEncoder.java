package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.DiagonalGaussian;
import sc.fiji.diffedit.models.SafetyFilter;
import sc.fiji.diffedit.models.VaeImageProcessor;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Pictures to latents and back. Each image is encoded once, however many noisy copies are drawn from it. */
final class ImageEncoder {

	private final DiffusionModel model;
	private final Mode mode;

	ImageEncoder(final DiffusionModel model, final Mode mode) {
		this.model = model;
		this.mode = mode;
	}

	/**
	 * Draws latents from the autoencoder's posterior, {@code copies} of each image one after another.
	 *
	 * @param noise one draw of shape (images * copies, channels, h, w) is taken; none when latents are given
	 * @return scaled as the UNet takes them, shape (images * copies, channels, h, w)
	 */
	Tensor encode(final ImageInput input, final int copies, final Noise noise) {
		if (input instanceof ImageInput.Encoded encoded) return place(checked(encoded.latents()).toTensor()).repeatInterleave(copies);
		return encode(pixels(input), copies, noise);
	}

	/** The most likely latents, {@code copies} of each image one after another; shape and scale as {@link #encode}. */
	Tensor encodeMean(final ImageInput input, final int copies) {
		if (input instanceof ImageInput.Encoded) return encode(input, copies, null);
		final List<Tensor> means = new ArrayList<>();
		for (final DiagonalGaussian posterior : posteriors(pixels(input))) means.add(posterior.mean());
		return place(model.vae().scale(Tensor.cat(means, 0))).repeatInterleave(copies);
	}

	private Tensor pixels(final ImageInput input) {
		final List<Tensor> images = new ArrayList<>();
		for (final Picture picture : ((ImageInput.Pictures) input).pictures()) images.add(pixels(picture));
		return Tensor.cat(images, 0);
	}

	/** The same for prepared images, shape (images, 3, height, width) in [-1, 1]. */
	Tensor encode(final Tensor images, final int copies, final Noise noise) {
		final List<DiagonalGaussian> posteriors = posteriors(images);
		final Tensor repeated = Tensor.cat(posteriors.stream().map(DiagonalGaussian::parameters).toList(), 0).repeatInterleave(copies);
		return place(model.vae().scale(posteriors.get(0).isCertain() ? repeated : drawn(DiagonalGaussian.of(repeated), noise)));
	}

	/** What the autoencoder makes of images; it sees one at a time. */
	private List<DiagonalGaussian> posteriors(final Tensor images) {
		final List<DiagonalGaussian> posteriors = new ArrayList<>();
		for (long i = 0; i < images.size(0); i++) {
			posteriors.add(model.vae().encode(images.slice(0, i, i + 1).to(model.device()).to(model.vae().dtype())));
		}
		return posteriors;
	}

	private Tensor drawn(final DiagonalGaussian posterior, final Noise noise) {
		return posterior.sample(noise.randn(model.vae().dtype(), posterior.shape()).to(model.device()));
	}

	private Latents checked(final Latents latents) {
		if (latents.channels() != model.vae().latentChannels()) {
			throw new DiffEditException("The latents have " + Counted.of(latents.channels(), "channel") + ", but model '" + model.name() + "' uses "
				+ model.vae().latentChannels() + "; take latents of the same model.");
		}
		return latents;
	}

	private Tensor place(final Tensor latents) {
		return latents.to(model.unet().dtype()).to(model.device());
	}

	/** A batch of one in [-1, 1], its size a multiple of the autoencoder's factor. */
	private Tensor pixels(final Picture picture) {
		final Picture fitting = fitting(picture);
		final Tensor values = Tensor.of(fitting.values(), 1, fitting.channels(), fitting.height(), fitting.width());
		return values.multiply(2).minus(1);
	}

	/** diffusers shrinks to a multiple of the factor; by default nothing is lost: the edge is mirrored and cut off again. */
	private Picture fitting(final Picture picture) {
		if (picture.channels() != 3) {
			throw new DiffEditException("The image has " + Counted.of(picture.channels(), "channel") + "; the model needs 3 (red, green, blue).");
		}
		return mode == Mode.PARITY ? VaeImageProcessor.of(model.vae()).fitted(picture) : Sizes.mirrored(picture, model.vae().vaeScale());
	}

	/** Pictures of latents, decoded one at a time so that memory stays that of one; flagged ones are black. */
	Decoded decode(final Tensor latents) {
		final List<Picture> pictures = new ArrayList<>();
		for (long i = 0; i < latents.size(0); i++) {
			try (Scope scope = Scope.open()) {
				pictures.addAll(VaeImageProcessor.postprocess(model.vae().decode(model.vae().unscale(latents.slice(0, i, i + 1).to(model.vae().dtype())))));
			}
		}
		if (model.safety().isEmpty()) return new Decoded(pictures, pictures.stream().map(p -> false).toList());
		final SafetyFilter.Checked checked = model.safety().get().check(pictures);
		final List<Boolean> flagged = new ArrayList<>();
		for (final boolean flag : checked.flagged()) flagged.add(flag);
		return new Decoded(checked.pictures(), flagged);
	}

	/**
	 * Decoded pictures.
	 *
	 * @param flagged whether the safety checker blackened the picture; as many as pictures
	 */
	record Decoded(List<Picture> pictures, List<Boolean> flagged) {

		static final Decoded NONE = new Decoded(List.of(), List.of());
	}
}
