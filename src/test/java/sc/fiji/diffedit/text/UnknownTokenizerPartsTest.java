package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;

/**
 * Tokenizers' files hold nothing but parts that are known, or are refused in one sentence that names the part: the native
 * library ends Java at some numbers ({@code 1E+2147483647}) and never ends at some patterns ({@code (x+x+)+y}).
 */
@Timeout(900)
class UnknownTokenizerPartsTest {

	private static final String TEXT = "a photo of a cat, \u00e9 \ufb01 \u00bd";

	@TempDir
	Path folder;

	// -- refused --

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
		"normalizer | {\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(x+x+)+y\"},\"content\":\" \"} | (x+x+)+y",
		"normalizer | {\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\" \"} | String",
		"normalizer | {\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"a\"} | content",
		"normalizer | {\"type\":\"Replace\",\"pattern\":{\"String\":\" \",\"Regex\":\"a\"},\"content\":\" \"} | Regex",
		"normalizer | {\"type\":\"Nmt\"} | 'Nmt'",
		"normalizer | {\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Lowercase\"},{\"type\":\"ByteLevel\"}]} | 'ByteLevel'",
		"normalizer | {\"type\":\"Precompiled\",\"precompiled_charsmap\":7} | precompiled_charsmap",
		"normalizer | [] | normalizer",
		"pre_tokenizer | {\"type\":\"Split\",\"pattern\":{\"Regex\":\"(x+x+)+y\"},\"behavior\":\"Removed\",\"invert\":false} | 'Split'",
		"pre_tokenizer.pretokenizers.1.replacement | \"xx\" | replacement",
		"pre_tokenizer.pretokenizers.1.prepend_scheme | 1E+2147483647 | prepend_scheme",
		"pre_tokenizer.pretokenizers.1.depth | 3 | 'depth'",
		"pre_tokenizer.type | {} | type",
		"decoder | {\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(x+x+)+y\"},\"content\":\"\"} | 'Replace'",
		"decoder.split | 1E+2147483647 | split",
		"post_processor | {\"type\":\"ByteLevel\"} | 'ByteLevel'",
		"post_processor.single | [] | single",
		"post_processor.special_tokens.</s>.ids | [1E+2147483647] | </s>",
		"post_processor.special_tokens.</s>.ids | [2] | </s>",
		"model.type | \"BPE\" | 'BPE'",
		"model.unk_id | 1E+2147483647 | unk_id", "model.unk_id | -1 | unk_id", "model.unk_id | 280 | unk_id", "model.unk_id | 1.5 | unk_id",
		"model.byte_fallback | \"yes\" | byte_fallback",
		"model.vocab.7.1 | NaN | list", "model.vocab.7.1 | 1E+2147483647 | 1E+2147483647", "model.vocab.7.1 | -1e10 | -1e10", "model.vocab.7.1 | \"1\" | list",
		"model.vocab.7.0 | 5 | list", "model.vocab.7.0 | \"<pad>\" | <pad>", "model.vocab.7 | {} | object", "model.vocab | {} | vocab",
		"added_tokens.0.id | 1E+2147483647 | id", "added_tokens.0.id | -1 | id", "added_tokens.0.id | 4294967296 | id", "added_tokens.0.id | 5 | <pad>",
		"added_tokens.0.content | \"\" | content", "added_tokens.0.lstrip | 1E+2147483647 | lstrip", "added_tokens.0.regex | \"(x+x+)+y\" | 'regex'",
		"added_tokens | 7 | added_tokens" })
	void t5(final String where, final String value, final String named) throws IOException {
		refused("t5", where, value, named, T5Tokenizer::read);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
		"decoder.cleanup | 1E+2147483647 | cleanup", "decoder.prefix | \"01234567890123456789\" | prefix",
		"normalizer.lowercase | 1E+2147483647 | lowercase", "normalizer.strip_accents | \"no\" | strip_accents", "normalizer.pattern | \"(x+x+)+y\" | 'pattern'",
		"model.max_input_chars_per_word | 1E+2147483647 | max_input_chars_per_word", "model.max_input_chars_per_word | -1 | max_input_chars_per_word",
		"model.max_input_chars_per_word | 1000000000 | max_input_chars_per_word", "model.unk_token | \"?!?\" | ?!?", "model.continuing_subword_prefix | 1 | continuing_subword_prefix",
		"model.vocab.[CLS] | 1E+2147483647 | [CLS]", "model.vocab.[CLS] | -1 | [CLS]", "model.vocab.[CLS] | 4294967296 | [CLS]", "model.vocab.[CLS] | 3 | 3", "model.vocab | [] | vocab",
		"post_processor | {\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",1E+2147483647],\"cls\":[\"[CLS]\",2]} | sep",
		"post_processor | {\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",3],\"cls\":7} | cls",
		"post_processor.single.0.SpecialToken.id | \"[NONE]\" | [NONE]" })
	void bert(final String where, final String value, final String named) throws IOException {
		refused("blip", where, value, named, BertTokenizer::read);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1E+2147483647", "[\"a\"]", "[\"a\",7]", "[\"a b\",\"c\"]", "{}", "null" })
	void clip(final String merge) throws IOException {
		refused("sd2/tokenizer", "model.merges.0", merge, "merges", ClipTokenizer::read);
	}

	private void refused(final String model, final String where, final String value, final String named, final Function<Path, Tokenizer> reader) throws IOException {
		write(model, where, value);
		final String sentence = assertThrows(DiffEditException.class, () -> reader.apply(folder).close()).getMessage();
		assertTrue(sentence.contains(named) && sentence.contains("tokenizer.json") && sentence.endsWith("."), sentence);
	}

	@Test
	void deepJson() throws IOException {
		for (final String open : new String[] { "[", "{\"type\":\"Sequence\",\"normalizers\":[", "{\"a\":" }) {
			Files.writeString(folder.resolve("tokenizer.json"), "{\"normalizer\":" + open.repeat(100_000));
			assertThrows(DiffEditException.class, () -> T5Tokenizer.read(folder));
		}
		write("t5", "normalizer", "{\"type\":\"Sequence\",\"normalizers\":[".repeat(6) + "]}".repeat(6));
		assertTrue(assertThrows(DiffEditException.class, () -> T5Tokenizer.read(folder)).getMessage().contains("normalizers"));
	}

	@Test
	void tokensOfEndlessLength() throws IOException {
		write("t5", "model.vocab.7.0", '"' + "x".repeat(100_000) + '"');
		assertTrue(assertThrows(DiffEditException.class, () -> T5Tokenizer.read(folder)).getMessage().contains("100000 characters"));
		Files.delete(folder.resolve("tokenizer.json"));
		Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n" + "x".repeat(100_000));
		assertTrue(assertThrows(DiffEditException.class, () -> BertTokenizer.read(folder)).getMessage().contains("100000 characters"));
	}

	// -- known --

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
		"pre_tokenizer.pretokenizers.1 | {\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"add_prefix_space\":true,\"str_rep\":\"\u2581\"}",
		"decoder | {\"type\":\"Metaspace\",\"replacement\":\"\u2581\",\"add_prefix_space\":true}",
		"model.byte_fallback | null", "model.type | null", "version | \"1.1\"", "padding | {\"strategy\":1E+2147483647}", "truncation | {\"max_length\":1E+2147483647}",
		"post_processor.pair | null" })
	void t5ofOtherYears(final String where, final String value) throws IOException {
		same("t5", where, value, T5Tokenizer::read);
	}

	@Test
	void t5thatCleansSpacesAfterItsTable() throws IOException {
		final String table = parse(Files.readString(GoldenCase.model("t5").resolve("tokenizer.json"))).getAsJsonObject().get("normalizer").toString();
		same("t5", "normalizer", "{\"type\":\"Sequence\",\"normalizers\":[" + table + ",{\"type\":\"Strip\",\"strip_left\":false,\"strip_right\":true},"
			+ "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\"\u2581\"}]}", T5Tokenizer::read);
	}

	@Test
	void bertOfOtherYears() throws IOException {
		same("blip", "post_processor", "{\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",3],\"cls\":[\"[CLS]\",2]}", BertTokenizer::read);
	}

	@Test
	void aWordThatStandsTwiceHasItsLastLine() throws IOException {
		Files.writeString(folder.resolve("vocab.txt"), "[PAD]\ncat\n[UNK]\n[CLS]\n[SEP]\ncat\ndog\n");
		try (Tokenizer tokenizer = BertTokenizer.read(folder)) {
			assertArrayEquals(new long[] { 3, 5, 6, 4 }, tokenizer.encode("cat dog"));
		}
	}

	private void same(final String model, final String where, final String value, final Function<Path, Tokenizer> reader) throws IOException {
		write(model, where, value);
		try (Tokenizer known = reader.apply(GoldenCase.model(model)); Tokenizer changed = reader.apply(folder)) {
			assertArrayEquals(known.encode(TEXT), changed.encode(TEXT));
			assertTrue(known.decode(known.encode(TEXT)).equals(changed.decode(changed.encode(TEXT))));
		}
	}

	/** The model's file with one value replaced. */
	private void write(final String model, final String where, final String value) throws IOException {
		final JsonElement json = parse(Files.readString(GoldenCase.model(model).resolve("tokenizer.json")));
		final String[] path = where.split("[.]");
		JsonElement at = json;
		for (int i = 0; i < path.length - 1; i++) at = at instanceof JsonArray array ? array.get(Integer.parseInt(path[i])) : at.getAsJsonObject().get(path[i]);
		final String last = path[path.length - 1];
		if (at instanceof JsonArray array) array.set(Integer.parseInt(last), parse(value));
		else ((JsonObject) at).add(last, parse(value));
		Files.writeString(folder.resolve("tokenizer.json"), json.toString());
	}

	private static JsonElement parse(final String text) {
		return JsonParser.parseString(text);
	}
}
