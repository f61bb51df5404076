package sc.fiji.diffedit.text;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;

/**
 * The normalizer, pre-tokenizer, post-processor and decoder, rebuilt from the steps that T5's and BERT's files contain. The native
 * library accepts any regular expression, some of which never terminate, and sizes that crash the process; so only the steps and
 * patterns listed here are allowed.
 */
final class TokenizerSteps {

	private static final int MAX_STEPS = 16;
	private static final int MAX_DEPTH = 4;
	/** The space before a word as SentencePiece writes it. */
	private static final String SPACE = "\u2581";
	private static final Set<String> SPACES = Set.of("", " ", SPACE, "_");

	private final String source;
	private final TokenizerVocabulary vocabulary;
	private int depth;

	/** @param source the file's name in messages */
	TokenizerSteps(final String source, final TokenizerVocabulary vocabulary) {
		this.source = source;
		this.vocabulary = vocabulary;
	}

	JsonElement normalizer(final JsonElement json) {
		return step("normalizer", json, this::normalizer);
	}

	JsonElement preTokenizer(final JsonElement json) {
		return step("pre_tokenizer", json, this::preTokenizer);
	}

	JsonElement decoder(final JsonElement json) {
		return step("decoder", json, this::decoder);
	}

	JsonElement postProcessor(final JsonElement json) {
		return step("post_processor", json, this::postProcessor);
	}

	private JsonElement step(final String name, final JsonElement json, final Function<TokenizerPart, JsonObject> maker) {
		if (json == null || json.isJsonNull()) return JsonNull.INSTANCE;
		return made(TokenizerPart.of(source, name, json), maker);
	}

	private static JsonObject made(final TokenizerPart part, final Function<TokenizerPart, JsonObject> maker) {
		final JsonObject made = maker.apply(part);
		part.end();
		return made;
	}

	private JsonObject sequence(final TokenizerPart part, final String key, final Function<TokenizerPart, JsonObject> maker) {
		final List<TokenizerPart> parts = part.parts(key);
		if (parts.size() > MAX_STEPS || ++depth > MAX_DEPTH) throw part.wrong(key, "a list of at most " + MAX_STEPS + " steps");
		final JsonObject made = TokenizerJson.sequence(key, parts.stream().map(step -> made(step, maker)).toArray(JsonObject[]::new));
		depth--;
		return made;
	}

	// -- before the lookup --

	private JsonObject normalizer(final TokenizerPart part) {
		return switch (part.type()) {
			case "Sequence" -> sequence(part, "normalizers", this::normalizer);
			case "Lowercase", "StripAccents", "NFC", "NFD", "NFKC", "NFKD" -> part.made();
			case "BertNormalizer" -> bert(part);
			case "Strip" -> flags(part, "strip_left", "strip_right");
			case "Precompiled" -> precompiled(part);
			case "Replace" -> replace(part);
			default -> throw part.unknown();
		};
	}

	private static JsonObject flags(final TokenizerPart part, final String... keys) {
		final JsonObject made = part.made();
		for (final String key : keys) made.addProperty(key, part.flag(key, true));
		return made;
	}

	private static JsonObject bert(final TokenizerPart part) {
		final JsonObject made = flags(part, "clean_text", "handle_chinese_chars", "lowercase");
		made.add("strip_accents", null);
		if (part.has("strip_accents")) made.addProperty("strip_accents", part.flag("strip_accents", true));
		return made;
	}

	private JsonObject precompiled(final TokenizerPart part) {
		final JsonObject made = part.made();
		final String map = part.text("precompiled_charsmap", 1, Integer.MAX_VALUE);
		CharsMap.check(source, map);
		made.addProperty("precompiled_charsmap", map);
		return made;
	}

	/** Runs of spaces to one: the only replacement in T5's files. */
	private static JsonObject replace(final TokenizerPart part) {
		final TokenizerPart patternPart = part.part("pattern");
		final boolean regex = patternPart.has("Regex");
		final JsonObject pattern = new JsonObject();
		if (regex) pattern.addProperty("Regex", patternPart.oneOf("Regex", Set.of(" {2,}")));
		else pattern.addProperty("String", patternPart.oneOf("String", Set.of(" ", SPACE)));
		patternPart.end();
		final JsonObject made = part.made();
		made.add("pattern", pattern);
		made.addProperty("content", part.oneOf("content", SPACES));
		return made;
	}

	private JsonObject preTokenizer(final TokenizerPart part) {
		return switch (part.type()) {
			case "Sequence" -> sequence(part, "pretokenizers", this::preTokenizer);
			case "WhitespaceSplit", "BertPreTokenizer" -> part.made();
			case "Metaspace" -> metaspace(part);
			default -> throw part.unknown();
		};
	}

	/** Older files have {@code add_prefix_space} instead of {@code prepend_scheme}, and repeat the replacement. */
	private static JsonObject metaspace(final TokenizerPart part) {
		final boolean prefix = part.flag("add_prefix_space", true);
		final JsonObject made = part.made();
		made.addProperty("replacement", part.oneOf("replacement", Set.of(SPACE, "_")));
		if (part.has("str_rep")) part.oneOf("str_rep", Set.of(SPACE, "_"));
		made.addProperty("prepend_scheme", part.has("prepend_scheme") ? part.oneOf("prepend_scheme", Set.of("always", "never", "first")) : prefix ? "always" : "never");
		made.addProperty("split", part.flag("split", true));
		return made;
	}

	// -- after it --

	private JsonObject decoder(final TokenizerPart part) {
		return switch (part.type()) {
			case "Metaspace" -> metaspace(part);
			case "WordPiece" -> {
				final JsonObject made = flags(part, "cleanup");
				made.addProperty("prefix", part.text("prefix", 0, TokenizerVocabulary.MAX_PREFIX));
				yield made;
			}
			default -> throw part.unknown();
		};
	}

	private JsonObject postProcessor(final TokenizerPart part) {
		return switch (part.type()) {
			case "TemplateProcessing" -> template(part);
			case "BertProcessing" -> {
				final String start = tokenAndId(part, "cls"), end = tokenAndId(part, "sep");
				yield TokenizerJson.template(start, vocabulary.need(start), end, vocabulary.need(end));
			}
			default -> throw part.unknown();
		};
	}

	private String tokenAndId(final TokenizerPart part, final String key) {
		final JsonArray pair = part.list(key);
		if (pair.size() == 2 && pair.get(0).isJsonPrimitive()) {
			final String token = pair.get(0).getAsString();
			if (vocabulary.need(token) == TokenizerJson.number(pair.get(1))) return token;
		}
		throw part.wrong(key, "a token with its number");
	}

	/** One text, with or without a token before it and one behind; the template for pairs of texts is not used. */
	private JsonObject template(final TokenizerPart part) {
		final List<TokenizerPart> single = part.parts("single");
		part.any("pair");
		final TokenizerPart specials = part.part("special_tokens");
		int text = -1;
		for (int i = 0; i < single.size(); i++) text = single.get(i).has("Sequence") ? i : text;
		if (text < 0 || text > 1 || single.size() != text + 2) throw part.wrong("single", "a text with one token behind, and one before it or none");
		final String start = text == 0 ? "" : special(specials, single.get(0)), end = special(specials, single.get(text + 1));
		return TokenizerJson.template(start, text == 0 ? 0 : vocabulary.need(start), end, vocabulary.need(end));
	}

	private String special(final TokenizerPart specials, final TokenizerPart framed) {
		final String token = framed.part("SpecialToken").text("id", 1, TokenizerVocabulary.MAX_TOKEN);
		final JsonArray ids = specials.part(token).list("ids");
		if (ids.size() == 1 && TokenizerJson.number(ids.get(0)) == vocabulary.need(token)) return token;
		throw specials.wrong(token, "the number that its vocabulary gives");
	}
}
