package sc.fiji.diffedit.fiji.commands;

import java.util.List;
import java.util.function.Supplier;

import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.SuggestionRequest;

/**
 * What DiffEdit's forms say of the image, as prompts: the words themselves; a caption where they are left out and a
 * captioner is named; and where a generator is named, the mean of many prompts that it writes about them.
 */
final class PromptSource {

	private final DiffusionModelService models;
	private final ModelLease lease;
	private final Options options;
	private final CommandProgress progress;
	private final long seed;

	PromptSource(final DiffusionModelService models, final ModelLease lease, final Options options, final CommandProgress progress, final long seed) {
		this.models = models;
		this.lease = lease;
		this.options = options;
		this.progress = progress;
		this.seed = seed;
	}

	/** What is in the picture: what the form says, or a caption. */
	String source(final String words, final Supplier<Picture> picture) {
		if (!words.isBlank() || !options.has(Option.CAPTIONER)) return words;
		final CaptionRequest ask = CaptionRequest.DEFAULTS;
		return models.caption(captioner(options), picture.get(), ask, progress.words("Caption", ask.maxNewTokens()));
	}

	/** A description as a prompt. */
	Prompt prompt(final String words) {
		if (words.isBlank() || !options.has(Option.GENERATOR)) return Prompt.of(words);
		final SuggestionRequest ask = suggestions(options, words).withSeed(seed);
		final List<String> prompts = models.suggest(generator(options), ask, progress.words("Prompts", ask.maxNewTokens()));
		return lease.prompts().mean(prompts, options.count(Option.CLIP_SKIP, 0));
	}

	static LoadOptions captioner(final Options options) {
		return LoadOptions.of(options.text(Option.CAPTIONER).orElseThrow());
	}

	static LoadOptions generator(final Options options) {
		return LoadOptions.of(options.text(Option.GENERATOR).orElseThrow());
	}

	static SuggestionRequest suggestions(final Options options, final String words) {
		final SuggestionRequest about = SuggestionRequest.captionsOf(words);
		return about.withCount(options.count(Option.PROMPTS, about.count())).withMaxNewTokens(options.count(Option.PROMPT_WORDS, about.maxNewTokens()));
	}
}
