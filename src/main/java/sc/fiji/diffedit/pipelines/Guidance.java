package sc.fiji.diffedit.pipelines;

import java.util.Arrays;
import java.util.List;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.DeepFeatures;
import sc.fiji.diffedit.models.UNet;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Noise predictions under classifier-free guidance (Ho and Salimans 2022): {@code u + scale (c - u)}. The unconditional
 * half is computed only where it changes the result: with a scale above 1, where the two conditions differ, and where the network was not
 * distilled with guidance ({@link GuidanceEmbedding}), and only {@linkplain #within within an interval}. Optionally contrast is brought back afterwards (Lin et al. 2023, section 3.4).
 */
final class Guidance implements NoisePredictor {

	private final UNet unet;
	private final Conditioning conditional;
	private final Conditioning both;
	private final double scale;
	private final double rescale;
	private final GuidanceInterval interval;
	private final DeepCache cache;
	private final DeepFeatures features;

	private Guidance(final UNet unet, final Conditioning conditional, final Conditioning both, final double scale,
		final double rescale, final GuidanceInterval interval, final DeepCache cache, final DeepFeatures features)
	{
		this.unet = unet;
		this.conditional = conditional;
		this.both = both;
		this.scale = scale;
		this.rescale = rescale;
		this.interval = interval;
		this.cache = cache;
		this.features = features;
	}

	/**
	 * Guidance towards a prompt and away from a negative one.
	 *
	 * @param scale 1 or less for none, as in diffusers
	 * @param rescale 0 (off) to 1
	 * @param images number of images; each prompt list holds one for all or one per image
	 */
	static Guidance of(final DiffusionModel model, final PromptConditioner conditioner, final List<Prompt> prompt,
		final List<Prompt> negative, final double scale, final double rescale, final int images)
	{
		final boolean single = scale <= 1 || model.unet().config().isGuidanceDistilled();
		conditioner.forPrompts(prompt, single ? List.of() : negative);
		final Conditioning conditional = GuidanceEmbedding.in(conditioner.rows(prompt, images), model.unet(), scale);
		if (single) return alone(model.unet(), conditional);
		final Conditioning unconditional = conditioner.negativeRows(negative, images);
		if (same(unconditional, conditional)) return alone(model.unet(), conditional);
		final Conditioning both = Conditioning.cat(List.of(unconditional, conditional));
		return new Guidance(model.unet(), conditional, both, scale, rescale, GuidanceInterval.ALL, DeepCache.OFF, DeepFeatures.NONE);
	}

	private static Guidance alone(final UNet unet, final Conditioning conditional) {
		return new Guidance(unet, conditional, conditional, 1, 0, GuidanceInterval.ALL, DeepCache.OFF, DeepFeatures.NONE);
	}

	/** Between equal conditions there is nothing to be guided by. */
	private static boolean same(final Conditioning one, final Conditioning other) {
		return same(one.encoderHiddenStates(), other.encoderHiddenStates()) && one.added().keySet().equals(other.added().keySet())
			&& one.added().keySet().stream().allMatch(name -> same(one.added().get(name), other.added().get(name)));
	}

	private static boolean same(final Tensor one, final Tensor other) {
		return Arrays.equals(one.shape(), other.shape()) && Arrays.equals(one.toFloatArray(), other.toFloatArray());
	}

	/** The same for {@code copies} of each image, one after another. */
	Guidance repeated(final int copies) {
		if (copies == 1) return this;
		return new Guidance(unet, conditional.map(t -> t.repeatInterleave(copies)), both.map(t -> t.repeatInterleave(copies)), scale, rescale, interval, cache, features);
	}

	/** The same in some of the steps, and no guidance in the others. */
	Guidance within(final GuidanceInterval some) {
		return new Guidance(unet, conditional, both, scale, rescale, some, cache, features);
	}

	/** The same for one run whose steps hand on what deep levels make; until the innermost scope closes. */
	Guidance reusing(final DeepCache deep) {
		return new Guidance(unet, conditional, both, scale, rescale, interval, deep, deep.features());
	}

	@Override
	public Tensor predict(final Tensor latents, final double timestep, final StepOfRun step) {
		cache.begin(step, features);
		if (scale == 1 || !interval.contains(step)) return unet.predict(latents, timestep, List.of(conditional), features.part("conditional")).get(0);
		try (Scope scope = Scope.open()) {
			final List<Tensor> halves = unet.predict(latents, timestep, List.of(both), features.part("both")).get(0).chunk(2, 0);
			final Tensor unconditional = halves.get(0);
			final Tensor guided = unconditional.plus(halves.get(1).minus(unconditional).multiply(scale));
			return scope.keep(rescale > 0 ? rescaled(guided, halves.get(1)) : guided);
		}
	}

	/** Guided noise with the spread of the conditional one, mixed with the guided noise as it is. */
	private Tensor rescaled(final Tensor guided, final Tensor conditional) {
		final Tensor contrast = conditional.std(true, 1, 2, 3).div(guided.std(true, 1, 2, 3));
		return guided.multiply(contrast).multiply(rescale).plus(guided.multiply(1 - rescale));
	}
}
