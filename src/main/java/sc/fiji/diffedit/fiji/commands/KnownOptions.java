package sc.fiji.diffedit.fiji.commands;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a form's line of further options understands.
 *
 * @param options the supported options
 * @param help its description in the form
 */
record KnownOptions(Set<Option> options, String help) {

	private static final String LINE = "Written as key: value; key: value. ";
	private static final String MODEL_HELP = "vae, unet, textEncoder, textEncoder2, tokenizer, tokenizer2, scheduler: parts from other folders;"
		+ " scheduler may also be the name of a class, such as UniPCMultistepScheduler. predictionType: epsilon or v_prediction, where the model's files do not say it."
		+ " useKarrasSigmas, weightedPrompts ((word:1.2)), longPrompts,"
		+ " safetyChecker: yes or no. dtype: float32, bfloat16 or float16, or auto for what is fastest here; device: cpu, cuda:0 or mps. ";
	private static final String FAST_HELP = "fast: lcm, tcd, hyper-sd, lightning or turbo, for models or LoRAs of few steps: sets the scheduler, and steps and weight of the words"
		+ " where they are not changed. ";
	private static final String SDXL_HELP = "For SDXL: prompt2, negativePrompt2; originalSize, targetSize, negativeOriginalSize, negativeTargetSize:"
		+ " width x height, such as 1024x768; cropsCoordsTopLeft, negativeCropsCoordsTopLeft: x,y; aestheticScore, negativeAestheticScore. ";
	private static final String REFINER_HELP = "refiner: the folder of an SDXL refiner, which takes over at denoisingEnd, 0 to 1 (0.8). ";
	private static final String PROMPTS_HELP = "captioner: the folder of a BLIP model that says what is in the image, if that is left empty."
		+ " generator: the folder of a T5 model; the descriptions are then single words, such as bowl, of each of which it writes sentences"
		+ " (prompts: 16, of at most promptWords: 128 words), whose mean counts. ";

	private static final Set<Option> OF_MODELS = EnumSet.range(Option.VAE, Option.LONG_PROMPTS);
	private static final Set<Option> OF_SDXL = EnumSet.range(Option.PROMPT_2, Option.NEGATIVE_AESTHETIC_SCORE);
	private static final Set<Option> OF_PROMPTS = EnumSet.of(Option.CAPTIONER, Option.GENERATOR, Option.PROMPTS, Option.PROMPT_WORDS, Option.CLIP_SKIP);

	/** Of images from texts alone. */
	static final KnownOptions TEXT_TO_IMAGE = new KnownOptions(
		with(OF_SDXL, Option.REFINER, Option.DENOISING_END, Option.REFINER_STRENGTH, Option.LATENTS, Option.SAVE_LATENTS),
		LINE + MODEL_HELP + FAST_HELP + SDXL_HELP + REFINER_HELP
			+ "refinerStrength: the refiner works over the finished image instead, with so much noise."
			+ " latents, saveLatents: safetensors files with the noise to begin with, and for the result's latents.");

	/** Of images from images. */
	static final KnownOptions FROM_IMAGE = new KnownOptions(
		with(OF_SDXL, Option.REFINER, Option.DENOISING_END, Option.ETA, Option.GUIDANCE_RESCALE, Option.CLIP_SKIP),
		LINE + MODEL_HELP + FAST_HELP + SDXL_HELP + REFINER_HELP + "eta, guidanceRescale, clipSkip: numbers.");

	/** Of masks and inversions. */
	static final KnownOptions MASK = new KnownOptions(with(OF_PROMPTS), LINE + MODEL_HELP
		+ "fast: lcm, tcd, hyper-sd, lightning or turbo, for masks of models of few steps. " + PROMPTS_HELP + "clipSkip: a number.");

	/** Of edits. */
	static final KnownOptions EDIT = new KnownOptions(with(OF_PROMPTS, Option.REFINER, Option.DENOISING_END, Option.ETA),
		LINE + MODEL_HELP + PROMPTS_HELP + REFINER_HELP + "eta, clipSkip: numbers.");

	/** Of edits whose mask is found. */
	static final KnownOptions TEXT_EDIT = new KnownOptions(with(EDIT.options(), Option.INPAINT_MODEL), EDIT.help()
		+ " inpaintModel: the folder of a model that was made for inpainting, which fills the mask instead; it begins with pure noise where the amount of change is not set.");

	/** Of forms that have no such line. */
	static final KnownOptions NONE = new KnownOptions(Set.of(), "");

	private static Set<Option> with(final Set<Option> some, final Option... more) {
		final Set<Option> all = EnumSet.copyOf(OF_MODELS);
		all.addAll(some);
		all.addAll(Set.of(more));
		return all;
	}
}
