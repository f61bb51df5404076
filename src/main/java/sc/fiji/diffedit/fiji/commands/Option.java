package sc.fiji.diffedit.fiji.commands;

/** The further options of forms, with their keys. */
enum Option {
	// parts of the model from elsewhere
	VAE("vae"), UNET("unet"), TEXT_ENCODER("textEncoder"), TEXT_ENCODER_2("textEncoder2"), TOKENIZER("tokenizer"), TOKENIZER_2("tokenizer2"),
	SCHEDULER("scheduler"), USE_KARRAS_SIGMAS("useKarrasSigmas"), PREDICTION_TYPE("predictionType"), SAFETY_CHECKER("safetyChecker"),
	// a model of few steps
	FAST("fast"),
	// how and where it computes
	DTYPE("dtype"), DEVICE("device"),
	// how prompts are read
	WEIGHTED_PROMPTS("weightedPrompts"), LONG_PROMPTS("longPrompts"), CLIP_SKIP("clipSkip"),
	// further conditions of SDXL
	PROMPT_2("prompt2"), NEGATIVE_PROMPT_2("negativePrompt2"), ORIGINAL_SIZE("originalSize"), TARGET_SIZE("targetSize"),
	CROPS_COORDS_TOP_LEFT("cropsCoordsTopLeft"), NEGATIVE_ORIGINAL_SIZE("negativeOriginalSize"), NEGATIVE_TARGET_SIZE("negativeTargetSize"),
	NEGATIVE_CROPS_COORDS_TOP_LEFT("negativeCropsCoordsTopLeft"), AESTHETIC_SCORE("aestheticScore"),
	NEGATIVE_AESTHETIC_SCORE("negativeAestheticScore"),
	// a second model
	INPAINT_MODEL("inpaintModel"), REFINER("refiner"), DENOISING_END("denoisingEnd"), REFINER_STRENGTH("refinerStrength"),
	// numbers that few need
	ETA("eta"), GUIDANCE_RESCALE("guidanceRescale"),
	// files
	LATENTS("latents"), SAVE_LATENTS("saveLatents"),
	// prompts from elsewhere
	CAPTIONER("captioner"), GENERATOR("generator"), PROMPTS("prompts"), PROMPT_WORDS("promptWords");

	private final String key;

	Option(final String key) {
		this.key = key;
	}

	/** How it is called. */
	String key() {
		return key;
	}

	/** Whether its value is free text, which may hold anything. */
	boolean isFree() {
		return this == PROMPT_2 || this == NEGATIVE_PROMPT_2;
	}
}
