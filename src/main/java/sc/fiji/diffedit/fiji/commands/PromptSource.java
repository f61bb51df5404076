package sc.fiji.diffedit.fiji.commands;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * Where the prompts of DiffEdit's forms come from: a text itself; a caption where the text is left out and a captioner is
 * named; and where a generator is named, the mean of many prompts that it writes about the text.
 */
final class PromptSource {

	private final DiffusionModelService models;
	private final ModelLease lease;
	private final Options options;
	private final CommandProgress progress;
	private final long seed;
	/** What has been made of a text so far. */
	private final Map<String, Prompt> written = new HashMap<>();

	PromptSource(final DiffusionModelService models, final ModelLease lease, final Options options, final CommandProgress progress, final long seed) {
		this.models = models;
		this.lease = lease;
		this.options = options;
		this.progress = progress;
		this.seed = seed;
	}

	/** The source prompt: from the form, or a caption. */
	String source(final String text, final Supplier<Picture> picture) {
		if (!text.isBlank() || !options.has(Option.CAPTIONER)) return text;
		final CaptionRequest request = CaptionRequest.DEFAULTS;
		return models.caption(captioner(options), picture.get(), request, progress.wordCounter("Caption", request.maxNewTokens()));
	}

	/** A description as a prompt. */
	Prompt prompt(final String text) {
		if (text.isBlank() || !options.has(Option.GENERATOR)) return Prompt.of(text);
		return written.computeIfAbsent(text, this::mean);
	}

	/** The mean of many prompts about a text. */
	private Prompt mean(final String text) {
		final SuggestionRequest request = suggestions(options, text).withSeed(seed);
		final List<String> prompts = models.suggest(generator(options), request, progress.wordCounter("Prompts", request.maxNewTokens()));
		return lease.prompts().mean(prompts, options.count(Option.CLIP_SKIP, 0));
	}

	static LoadOptions captioner(final Options options) {
		return LoadOptions.of(options.text(Option.CAPTIONER).orElseThrow());
	}

	static LoadOptions generator(final Options options) {
		return LoadOptions.of(options.text(Option.GENERATOR).orElseThrow());
	}

	static SuggestionRequest suggestions(final Options options, final String concept) {
		final SuggestionRequest about = SuggestionRequest.captionsOf(concept);
		return about.withCount(options.count(Option.PROMPTS, about.count())).withMaxNewTokens(options.count(Option.PROMPT_WORDS, about.maxNewTokens()));
	}
}
