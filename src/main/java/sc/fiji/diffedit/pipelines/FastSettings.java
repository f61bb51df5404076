package sc.fiji.diffedit.pipelines;

import java.util.Map;
import java.util.Optional;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/**
 * A {@link FastRecipe} for the files that are used.
 *
 * @param recipe the recipe
 * @param scheduler class of the scheduler, which is made with the model's own noise schedule
 * @param config what else is changed in the scheduler's config
 * @param steps steps of the noise schedule
 * @param guidance weight of classifier-free guidance, 1 for none
 * @param eta noise added per step
 */
public record FastSettings(FastRecipe recipe, String scheduler, Map<String, JsonPrimitive> config, int steps, double guidance, double eta) {

	/** What authors of models distilled with guidance recommend. */
	private static final double DISTILLED_GUIDANCE = 8;

	public FastSettings {
		config = Map.copyOf(config);
	}

	/** The model with the recipe's scheduler. */
	public DiffusionModel on(final DiffusionModel model) {
		final JsonObject json = model.scheduler().json().deepCopy();
		json.addProperty("_class_name", scheduler);
		config.forEach(json::add);
		return model.withScheduler(new Config(model.scheduler().source(), json));
	}

	/** The same for a model; one that takes guidance as a condition gets a scale of 8 in place of none. */
	public FastSettings forModel(final DiffusionModel model) {
		return new FastSettings(recipe, scheduler, config, steps, model.unet().config().isGuidanceDistilled() ? DISTILLED_GUIDANCE : guidance, eta);
	}

	/**
	 * What is missing for the recipe, as far as one can see.
	 *
	 * @param lora whether a LoRA is added to the model
	 */
	public Optional<String> notice(final DiffusionModel model, final boolean lora) {
		if (lora || recipe.isMeantFor(model)) return Optional.empty();
		return Optional.of("fast: " + recipe + " is for models that were distilled to a few steps, and nothing says that '" + model.name()
			+ "' was; if the image is blurred or grey, add the LoRA of " + recipe + " or choose such a model.");
	}

	/** Refuses stages that walk from image to noise. */
	public void refuseInversion() {
		throw new DiffEditException("fast: " + recipe + " is for images that begin with noise, and a model of a few steps cannot be walked back to it by an inversion."
			+ " Find the mask with Generate Mask and fill it with Inpaint, both with fast: " + recipe + ", or leave it out.");
	}

	// -- requests --

	/** The request with the recipe's steps, guidance and eta where it has the defaults of all requests. */
	public TextToImageRequest on(final TextToImageRequest request) {
		final TextToImageRequest usual = TextToImageRequest.DEFAULTS;
		return request.withNumInferenceSteps(request.numInferenceSteps() == usual.numInferenceSteps() ? steps : request.numInferenceSteps())
			.withGuidanceScale(other(request.guidanceScale(), usual.guidanceScale(), guidance)).withEta(other(request.eta(), usual.eta(), eta));
	}

	/** The same, with more steps where the strength would leave none. */
	public ImageToImageRequest on(final ImageToImageRequest request) {
		final ImageToImageRequest usual = ImageToImageRequest.DEFAULTS;
		return request.withNumInferenceSteps(request.numInferenceSteps() == usual.numInferenceSteps() ? enough(request.strength()) : request.numInferenceSteps())
			.withGuidanceScale(other(request.guidanceScale(), usual.guidanceScale(), guidance)).withEta(other(request.eta(), usual.eta(), eta));
	}

	/** The same, with more steps where the strength would leave none. */
	public InpaintRequest on(final InpaintRequest request) {
		final InpaintRequest usual = InpaintRequest.DEFAULTS;
		return request.withNumInferenceSteps(request.numInferenceSteps() == usual.numInferenceSteps() ? enough(request.strength()) : request.numInferenceSteps())
			.withGuidanceScale(other(request.guidanceScale(), usual.guidanceScale(), guidance)).withEta(other(request.eta(), usual.eta(), eta));
	}

	/** The request with the recipe's guidance where it has the default; its steps are only places in the noise schedule. */
	public MaskRequest on(final MaskRequest request) {
		return request.withGuidanceScale(other(request.guidanceScale(), MaskRequest.DEFAULTS.guidanceScale(), guidance));
	}

	private static double other(final double asked, final double usual, final double recipe) {
		return asked == usual ? recipe : asked;
	}

	/** At least as many steps as leave one of them. */
	private int enough(final double strength) {
		return Math.max(steps, strength > 0 ? (int) Math.ceil(1 / strength) : steps);
	}

	/** For the description of a result. */
	@Override
	public String toString() {
		return recipe + " with " + scheduler;
	}
}
