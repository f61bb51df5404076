package sc.fiji.diffedit.fiji.commands;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import sc.fiji.diffedit.fiji.inputs.Warning;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.service.ExpectedMemory;

/** What a form says about its values before a model is loaded. */
final class Foresight {

	/** A token has at least one byte of the text; two of the 77 tokens mark its beginning and end. */
	private static final int SURE_TO_FIT = 75;

	private Foresight() {}

	/** The first text whose end the model would not read; with some options it reads texts in another way. */
	static Optional<Warning> tooLong(final ExpectedMemory expected, final Stream<PromptGroup> prompts, final Options options) {
		if (options.has(Option.LONG_PROMPTS) || options.has(Option.WEIGHTED_PROMPTS) || options.has(Option.GENERATOR)) return Optional.empty();
		final Map<String, String> texts = new LinkedHashMap<>();
		prompts.forEach(group -> texts.putAll(group.texts()));
		texts.values().removeIf(text -> text == null || text.getBytes(StandardCharsets.UTF_8).length <= SURE_TO_FIT);
		if (texts.isEmpty() || expected.tokenizer().isEmpty()) return Optional.empty();
		for (final Map.Entry<String, String> text : texts.entrySet()) {
			final String cut = KeptTokenizer.cut(expected.tokenizer().get(), text.getValue());
			if (!cut.isEmpty()) return Optional.of(Warning.about(text.getKey(), "is too long; the model does not read \"" + cut + "\"."));
		}
		return Optional.empty();
	}

	/** @param input that determines the size */
	static Optional<Warning> tooLarge(final ExpectedMemory expected, final MemoryEstimate all, final String input) {
		if (expected.fits(all)) return Optional.empty();
		return Optional.of(Warning.about(input, "needs about " + MemoryEstimate.size(all.peak()) + " of memory, and " + MemoryEstimate.size(expected.available())
			+ " are free; a smaller size or memory preset needs less."));
	}
}
