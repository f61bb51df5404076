package sc.fiji.diffedit.fiji.commands;

import java.util.EnumSet;
import java.util.Set;

/** What can stand in a form's line of further options, with the word by which it is called there. */
enum Option {
	// parts of the model from elsewhere
	VAE("vae"), UNET("unet"), TEXT_ENCODER("textEncoder"), TEXT_ENCODER_2("textEncoder2"), TOKENIZER("tokenizer"), TOKENIZER_2("tokenizer2"),
	SCHEDULER("scheduler"), USE_KARRAS_SIGMAS("useKarrasSigmas"), SAFETY_CHECKER("safetyChecker"),
	// how and where it computes
	DTYPE("dtype"), DEVICE("device"),
	// how words are read
	WEIGHTED_PROMPTS("weightedPrompts"), LONG_PROMPTS("longPrompts"), CLIP_SKIP("clipSkip"),
	// what SDXL is told besides words
	PROMPT_2("prompt2"), NEGATIVE_PROMPT_2("negativePrompt2"), ORIGINAL_SIZE("originalSize"), TARGET_SIZE("targetSize"),
	CROPS_COORDS_TOP_LEFT("cropsCoordsTopLeft"), NEGATIVE_ORIGINAL_SIZE("negativeOriginalSize"), NEGATIVE_TARGET_SIZE("negativeTargetSize"),
	NEGATIVE_CROPS_COORDS_TOP_LEFT("negativeCropsCoordsTopLeft"), AESTHETIC_SCORE("aestheticScore"),
	NEGATIVE_AESTHETIC_SCORE("negativeAestheticScore"),
	// a second model
	REFINER("refiner"), DENOISING_END("denoisingEnd"), REFINER_STRENGTH("refinerStrength"),
	// numbers that few need
	ETA("eta"), GUIDANCE_RESCALE("guidanceRescale"),
	// files
	LATENTS("latents"), SAVE_LATENTS("saveLatents"),
	// words from elsewhere
	CAPTIONER("captioner"), GENERATOR("generator"), PROMPTS("prompts"), PROMPT_WORDS("promptWords");

	static final String LABEL = "Options";

	private static final String LINE = "Written as key: value; key: value. ";
	private static final String MODEL_HELP = "vae, unet, textEncoder, textEncoder2, tokenizer, tokenizer2, scheduler: parts from other folders;"
		+ " scheduler may also be the name of a class, such as UniPCMultistepScheduler. useKarrasSigmas, weightedPrompts ((word:1.2)), longPrompts,"
		+ " safetyChecker: yes or no. dtype: float32, bfloat16 or float16, or auto for what is fastest here; device: cpu, cuda:0 or mps. ";
	private static final String SDXL_HELP = "For SDXL: prompt2, negativePrompt2; originalSize, targetSize, negativeOriginalSize, negativeTargetSize:"
		+ " width x height, such as 1024x768; cropsCoordsTopLeft, negativeCropsCoordsTopLeft: x,y; aestheticScore, negativeAestheticScore. ";
	private static final String REFINER_HELP = "refiner: the folder of an SDXL refiner, which takes over at denoisingEnd, 0 to 1 (0.8). ";
	private static final String WORDS_HELP = "captioner: the folder of a BLIP model that says what is in the image, if that is left empty."
		+ " generator: the folder of a T5 model; the descriptions are then single words, such as bowl, of each of which it writes sentences"
		+ " (prompts: 16, of at most promptWords: 128 words), whose mean counts. ";

	/** Descriptions of the field in each form. */
	static final String TEXT_TO_IMAGE_HELP = LINE + MODEL_HELP + SDXL_HELP + REFINER_HELP
		+ "refinerStrength: the refiner works over the finished image instead, with so much noise. latents, saveLatents: safetensors files with the noise to begin with, and for the result's latents.";
	static final String FROM_IMAGE_HELP = LINE + MODEL_HELP + SDXL_HELP + REFINER_HELP + "eta, guidanceRescale, clipSkip: numbers.";
	static final String MASK_HELP = LINE + MODEL_HELP + WORDS_HELP + "clipSkip: a number.";
	static final String EDIT_HELP = LINE + MODEL_HELP + WORDS_HELP + REFINER_HELP + "eta, clipSkip: numbers.";

	private static final Set<Option> OF_MODELS = EnumSet.range(VAE, LONG_PROMPTS);
	private static final Set<Option> OF_SDXL = EnumSet.range(PROMPT_2, NEGATIVE_AESTHETIC_SCORE);

	/** What each form knows. */
	static final Set<Option> TEXT_TO_IMAGE = with(OF_SDXL, REFINER, DENOISING_END, REFINER_STRENGTH, LATENTS, SAVE_LATENTS);
	static final Set<Option> FROM_IMAGE = with(OF_SDXL, REFINER, DENOISING_END, ETA, GUIDANCE_RESCALE, CLIP_SKIP);
	static final Set<Option> MASK = with(Set.of(), CAPTIONER, GENERATOR, PROMPTS, PROMPT_WORDS, CLIP_SKIP);
	static final Set<Option> EDIT = with(MASK, REFINER, DENOISING_END, ETA);

	private final String word;

	Option(final String word) {
		this.word = word;
	}

	/** How it is called. */
	String word() {
		return word;
	}

	/** Whether its value is free text, which may hold anything. */
	boolean isFree() {
		return this == PROMPT_2 || this == NEGATIVE_PROMPT_2;
	}

	private static Set<Option> with(final Set<Option> some, final Option... more) {
		final Set<Option> all = EnumSet.copyOf(OF_MODELS);
		all.addAll(some);
		all.addAll(Set.of(more));
		return all;
	}
}
