package sc.fiji.diffedit.pipelines;

import java.util.List;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Noise predictions under classifier-free guidance (Ho and Salimans 2022): {@code u + scale (c - u)}. The unconditional
 * half is computed only where it changes the result.
 */
final class Guidance {

	private final UNet2DConditionModel unet;
	private final Conditioning conditional;
	private final Conditioning both;
	private final double scale;

	/** Guidance by a prompt away from a negative one. */
	private Guidance(final UNet2DConditionModel unet, final Conditioning conditional, final Conditioning both, final double scale) {
		this.unet = unet;
		this.conditional = conditional;
		this.both = both;
		this.scale = scale;
	}

	/**
	 * @param scale 1 or less for no guidance, as in diffusers
	 * @param images number of images; each prompt list holds one for all or one per image
	 */
	static Guidance of(final DiffusionModel model, final PromptConditioner words, final List<Prompt> prompt,
		final List<Prompt> negative, final double scale, final int images)
	{
		Checks.finite("guidanceScale", scale);
		final Conditioning conditional = words.rows(prompt, images);
		if (scale <= 1 || words.same(prompt, negative, images)) return new Guidance(model.unet(), conditional, conditional, 1);
		return new Guidance(model.unet(), conditional, Conditioning.cat(List.of(words.rows(negative, images), conditional)), scale);
	}

	/** The same for {@code copies} of each image, one after another. */
	Guidance repeated(final int copies) {
		if (copies == 1) return this;
		return new Guidance(unet, conditional.map(t -> t.repeatInterleave(copies)), both.map(t -> t.repeatInterleave(copies)), scale);
	}

	/** The network's output for latents of shape (images, channels, h, w), in the innermost scope. */
	Tensor predict(final Tensor latents, final double timestep) {
		if (scale == 1) return unet.forward(latents, timestep, conditional);
		try (Scope scope = Scope.open()) {
			final List<Tensor> halves = unet.forward(Tensor.cat(0, latents, latents), timestep, both).chunk(2, 0);
			final Tensor unconditional = halves.get(0);
			return scope.keep(unconditional.plus(halves.get(1).minus(unconditional).multiply(scale)));
		}
	}
}
