package sc.fiji.diffedit.fiji.commands;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.pipelines.FastRecipe;
import sc.fiji.diffedit.pipelines.FastSettings;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.SizeConditioning;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.text.PromptOptions;
import sc.fiji.diffedit.weights.ModelOptions;

/** Parses a form's further options for the model: its components, prompt options, and the added conditions of SDXL. */
final class OptionsParser {

	private static final Map<Option, String> PARTS = Map.of(Option.VAE, "vae", Option.UNET, "unet", Option.TEXT_ENCODER, "text_encoder",
		Option.TEXT_ENCODER_2, "text_encoder_2", Option.TOKENIZER, "tokenizer", Option.TOKENIZER_2, "tokenizer_2", Option.SCHEDULER, "scheduler");

	private static final Set<Option> NUMBERS = EnumSet.of(Option.DENOISING_END, Option.REFINER_STRENGTH, Option.ETA, Option.GUIDANCE_RESCALE);
	private static final Set<Option> COUNTS = EnumSet.of(Option.CLIP_SKIP, Option.PROMPTS, Option.PROMPT_WORDS);

	private final Options options;

	OptionsParser(final Options options) {
		this.options = options;
	}

	/**
	 * Reads all values, whether or not they will be used.
	 *
	 * @throws DiffEditException if one is not of the kind that its option takes
	 */
	void check() {
		load("");
		prompts();
		sizes();
		options.text(Option.FAST).ifPresent(FastRecipe::of);
		options.isOn(Option.USE_KARRAS_SIGMAS, false);
		NUMBERS.forEach(option -> options.number(option, 0));
		COUNTS.forEach(option -> options.count(option, 0));
	}

	LoadOptions load(final String model) {
		final LoadOptions plain = LoadOptions.of(model);
		ModelOptions files = plain.files();
		for (final Map.Entry<Option, String> part : PARTS.entrySet()) {
			if (isFolder(part.getKey())) files = files.withPart(part.getValue(), options.path(part.getKey()).orElseThrow());
		}
		if (options.has(Option.PREDICTION_TYPE)) files = files.withPredictionType(options.text(Option.PREDICTION_TYPE).orElseThrow());
		return computing(plain.withFiles(files).withSafetyChecker(options.isOn(Option.SAFETY_CHECKER, true)));
	}

	/** Where it computes, and in which type. */
	private LoadOptions computing(final LoadOptions plain) {
		final LoadOptions placed = options.text(Option.DEVICE).map(name -> plain.withDevice(Device.of(name))).orElse(plain);
		return options.text(Option.DTYPE).map(placed::withDtype).orElse(placed);
	}

	/** A scheduler may be the name of a class instead. */
	private boolean isFolder(final Option part) {
		if (!options.has(part)) return false;
		return part != Option.SCHEDULER || !options.text(part).orElseThrow().matches("[A-Za-z]+Scheduler");
	}

	/** The refiner of a base model, sharing what it can. */
	LoadOptions refiner(final LoadOptions base) {
		return LoadOptions.of(options.text(Option.REFINER).orElseThrow()).withDtype(base.dtype()).withDevice(base.device()).withMemory(base.memory())
			.withSafetyChecker(base.safetyChecker()).withBase(base);
	}

	/** A model that fills masks for another one, computing in the same way. */
	LoadOptions inpaintModel(final LoadOptions like) {
		if (options.has(Option.REFINER)) throw new DiffEditException("inpaintModel makes the whole of the edit and leaves nothing to a refiner; leave one of the two out.");
		return LoadOptions.of(options.text(Option.INPAINT_MODEL).orElseThrow()).withDtype(like.dtype()).withDevice(like.device()).withMemory(like.memory()).withSafetyChecker(like.safetyChecker());
	}

	/** Where the base model hands over. */
	double handover() {
		return options.number(Option.DENOISING_END, options.has(Option.REFINER) ? 0.8 : 1);
	}

	PromptOptions prompts() {
		return PromptOptions.DEFAULTS.withWeighted(options.isOn(Option.WEIGHTED_PROMPTS, false)).withLongPrompts(options.isOn(Option.LONG_PROMPTS, false));
	}

	/** Whether another scheduler than the model's own is named. */
	boolean exchanges() {
		return options.has(Option.SCHEDULER) && !isFolder(Option.SCHEDULER) || options.has(Option.USE_KARRAS_SIGMAS);
	}

	/** The model with that scheduler. */
	DiffusionModel exchanged(final DiffusionModel model) {
		final DiffusionModel other = options.has(Option.SCHEDULER) && !isFolder(Option.SCHEDULER)
			? model.withScheduler(options.text(Option.SCHEDULER).orElseThrow()) : model;
		if (!options.has(Option.USE_KARRAS_SIGMAS)) return other;
		final JsonObject config = other.scheduler().json().deepCopy();
		config.addProperty("use_karras_sigmas", options.isOn(Option.USE_KARRAS_SIGMAS, false));
		return other.withScheduler(new Config(other.scheduler().source(), config));
	}

	/**
	 * The recipe for a model of few steps, if one is named.
	 *
	 * @param names of the model and its LoRAs
	 */
	Optional<FastSettings> fast(final List<String> names) {
		final Optional<FastSettings> fast = options.text(Option.FAST).map(word -> FastRecipe.of(word).settings(names));
		if (fast.isPresent() && options.has(Option.REFINER)) throw new DiffEditException("fast: " + fast.get().recipe()
			+ " makes the whole image in a few steps and leaves nothing to a refiner; leave one of the two out.");
		return fast;
	}

	SizeConditioning sizes() {
		final SizeConditioning plain = SizeConditioning.DEFAULTS;
		return plain.withOriginalSize(options.size(Option.ORIGINAL_SIZE)).withTargetSize(options.size(Option.TARGET_SIZE))
			.withCropsCoordsTopLeft(options.corner(Option.CROPS_COORDS_TOP_LEFT).orElse(plain.cropsCoordsTopLeft()))
			.withNegativeOriginalSize(options.size(Option.NEGATIVE_ORIGINAL_SIZE)).withNegativeTargetSize(options.size(Option.NEGATIVE_TARGET_SIZE))
			.withNegativeCropsCoordsTopLeft(options.corner(Option.NEGATIVE_CROPS_COORDS_TOP_LEFT))
			.withAestheticScore(options.number(Option.AESTHETIC_SCORE, plain.aestheticScore()))
			.withNegativeAestheticScore(options.number(Option.NEGATIVE_AESTHETIC_SCORE, plain.negativeAestheticScore()));
	}

	/** What should be there, for both text encoders. */
	Prompt prompt(final String text) {
		return options.text(Option.PROMPT_2).<Prompt>map(second -> new Prompt.Text(text, second)).orElseGet(() -> Prompt.of(text));
	}

	/** What should not, for both text encoders. */
	Prompt negative(final String text) {
		return options.text(Option.NEGATIVE_PROMPT_2).<Prompt>map(second -> new Prompt.Text(text == null ? "" : text, second))
			.orElseGet(() -> Prompts.of(text));
	}
}
