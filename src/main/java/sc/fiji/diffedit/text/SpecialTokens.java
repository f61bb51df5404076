package sc.fiji.diffedit.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.DiffEditException;

/**
 * The tokens that a tokenizer's files name for a purpose, in {@code special_tokens_map.json} and in {@code tokenizer_config.json}. As in
 * transformers (5.24, {@code tokenization_utils_base.py}), the first counts before the second, as in the tokenizers of Stable Diffusion 2,
 * which disagree about padding; but files that number their added tokens ({@code added_tokens_decoder}) say everything in the second.
 */
final class SpecialTokens {

	private static final String LIST = "additional_special_tokens", LIST_NOW = "extra_special_tokens";

	private final String source;
	/** The file that counts comes first. */
	private final List<JsonObject> files;

	private SpecialTokens(final String source, final List<JsonObject> files) {
		this.source = source;
		this.files = files;
	}

	/** @param source of the tokenizer in messages */
	static SpecialTokens of(final TokenizerFiles files, final String source) {
		final JsonObject config = files.jsonOrEmpty("tokenizer_config.json");
		return new SpecialTokens(source, config.has("added_tokens_decoder") ? List.of(config) : List.of(files.jsonOrEmpty("special_tokens_map.json"), config));
	}

	/** The token of a purpose, as a text or as an object with its text. */
	JsonElement get(final String purpose, final String otherwise) {
		return files.stream().map(file -> file.get(purpose)).filter(token -> token != null && !token.isJsonNull()).findFirst().orElseGet(() -> new JsonPrimitive(otherwise));
	}

	/**
	 * Checks what stands around every text.
	 *
	 * @param vocabulary whose tokens count
	 * @throws DiffEditException if it is something else than in CLIP
	 */
	void checkFrame(final Set<String> vocabulary) {
		check(vocabulary, "bos_token", ClipVocabulary.START);
		check(vocabulary, "eos_token", ClipVocabulary.END);
	}

	private void check(final Set<String> vocabulary, final String purpose, final String wanted) {
		final String found = AddedTokens.content(source, get(purpose, wanted));
		if (found.equals(wanted) || !vocabulary.contains(found)) return;
		throw new DiffEditException(source + " has the " + purpose + " '" + found + "', but '" + wanted + "' is needed; choose a model whose tokenizer is CLIP's.");
	}

	/** Tokens of no purpose that are never split: learned words, as objects or texts. */
	List<JsonElement> more() {
		final List<JsonElement> more = new ArrayList<>();
		for (final JsonObject file : files) {
			Stream.of(LIST, LIST_NOW).map(file::get).forEach(tokens -> {
				if (tokens instanceof JsonArray list) list.forEach(more::add);
				else if (tokens instanceof JsonObject named) more.addAll(named.asMap().values());
			});
		}
		return more;
	}
}
