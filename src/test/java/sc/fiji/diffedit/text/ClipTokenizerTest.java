package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Torch;

/** CLIP's tokenizer against transformers (goldens B_tokenizer_*), and what it does with bad files and long texts. */
class ClipTokenizerTest {

	@TempDir
	Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "B_tokenizer_sd1", "B_tokenizer_sd2", "B_tokenizer_sdxl2" })
	void givesWhatTransformersGives(final String name) throws IOException {
		final GoldenCase golden = new GoldenCase(name);
		final Path model = GoldenCase.model(golden.json().get("model").getAsString());
		try (Tokenizer tokenizer = ClipTokenizer.read(model)) {
			compare(golden, tokenizer);
		}
		if (!Files.exists(model.resolve("tokenizer.json"))) return;
		copy(model, "tokenizer.json", "tokenizer_config.json");
		try (Tokenizer tokenizer = ClipTokenizer.read(folder)) {
			compare(golden, tokenizer);
		}
	}

	private static void compare(final GoldenCase golden, final Tokenizer tokenizer) {
		final JsonArray strings = golden.json().getAsJsonArray("strings");
		final JsonArray untruncated = golden.json().getAsJsonArray("untruncated_ids");
		final int length = golden.json().get("max_length").getAsInt();
		final long[] padded;
		final long[] masks;
		Torch.prepareThread();
		try (Scope scope = Scope.open()) {
			padded = golden.tensor("out.input_ids").toLongArray();
			masks = golden.tensor("out.attention_mask").toLongArray();
		}
		assertEquals(golden.json().get("pad_token_id").getAsLong(), tokenizer.padId());
		assertEquals(length, tokenizer.maxLength());
		for (int i = 0; i < strings.size(); i++) {
			final String text = strings.get(i).getAsString();
			assertArrayEquals(longs(untruncated.get(i)), tokenizer.encode(text), text);
			final TokenizedPrompt prompt = tokenizer.pad(text);
			assertArrayEquals(Arrays.copyOfRange(padded, i * length, (i + 1) * length), prompt.ids(), text);
			assertArrayEquals(Arrays.copyOfRange(masks, i * length, (i + 1) * length), prompt.attentionMask(), text);
			assertEquals(untruncated.get(i).getAsJsonArray().size() > length, !prompt.cut().isEmpty(), text);
		}
	}

	private static long[] longs(final JsonElement array) {
		return array.getAsJsonArray().asList().stream().mapToLong(JsonElement::getAsLong).toArray();
	}

	@Test
	void namesTheWordsThatWereCut() {
		try (Tokenizer tokenizer = sd1()) {
			assertEquals("", tokenizer.pad("a photo of a cat").cut());
			assertEquals("of a cat", tokenizer.pad("a photo of a cat", 4).cut());
			final String long1 = "a ".repeat(74) + "jumping house";
			assertEquals("jumping house", tokenizer.pad(long1).cut(), "a word that is half in counts as cut");
			assertTrue(tokenizer.pad("é".repeat(90)).cut().startsWith("é"));
		}
	}

	@Test
	void decodesWhatItEncoded() {
		try (Tokenizer tokenizer = sd1()) {
			for (final String text : List.of("a photo of a cat", "日本 の 猫", "café naïve", "zxqj vwkp 8 k")) {
				assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
				assertEquals(text, tokenizer.decode(tokenizer.pad(text).ids()));
			}
		}
	}

	@Test
	void learnedWordsStandForSeveralTokens() {
		try (ClipTokenizer plain = sd1(); ClipTokenizer one = plain.with("<cat-toy>", 1); ClipTokenizer two = one.with("<Style>", 3)) {
			assertEquals(775, plain.size());
			assertEquals(779, two.size());
			assertEquals(775, two.id("<cat-toy>"));
			assertArrayEquals(new long[] { 773, 320, 775, 776, 777, 778, 774 }, two.encode("a <cat-toy> <style>"));
			assertEquals("a <cat-toy>", one.decode(one.encode("A <CAT-TOY>")));
			assertFalse(Arrays.stream(plain.encode("a <cat-toy>")).anyMatch(id -> id >= 775));
			assertThrows(DiffEditException.class, () -> two.with("<style>".replace('s', 'S'), 1));
			assertThrows(DiffEditException.class, () -> two.with(" ", 1));
		}
	}

	@Test
	void missingFilesAreNamed() {
		assertTrue(assertThrows(DiffEditException.class, () -> ClipTokenizer.read(folder)).getMessage().contains("vocab.json"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "{", "{\"a\":-1}", "{\"a\":1.5}", "{\"a\":1e99}", "{\"a\":\"x\"}", "{\"a\":1,\"b\":1}", "{\"a\":null}",
		"{}", "{\"a\":0}", "{\"<|startoftext|>\":0,\"<|endoftext|>\":{}}" })
	void damagedVocabulariesAreRefused(final String vocab) throws IOException {
		Files.writeString(folder.resolve("vocab.json"), vocab);
		Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\ni n\n");
		assertTrue(assertThrows(DiffEditException.class, () -> ClipTokenizer.read(folder)).getMessage().contains("vocab.json"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "i\n", "i n k\n", "zz yy\n" })
	void damagedMergesAreRefused(final String merges) throws IOException {
		copy(GoldenCase.model("sd1/tokenizer"), "vocab.json");
		Files.writeString(folder.resolve("merges.txt"), merges);
		assertThrows(DiffEditException.class, () -> ClipTokenizer.read(folder));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"model\":null}", "{\"model\":{\"vocab\":[]}}", "{\"model\":{\"vocab\":{},\"merges\":null}}",
		"{\"model\":{\"vocab\":{},\"merges\":[]},\"added_tokens\":[{\"id\":3}]}",
		"{\"model\":{\"vocab\":{},\"merges\":[]},\"added_tokens\":[7]}" })
	void otherTokenizersAreRefused(final String json) throws IOException {
		Files.writeString(folder.resolve("tokenizer.json"), json);
		assertThrows(DiffEditException.class, () -> ClipTokenizer.read(folder));
	}

	@Test
	void deepAndHugeFilesAreRefused() throws IOException {
		Files.writeString(folder.resolve("vocab.json"), "[".repeat(1_000_000));
		Files.writeString(folder.resolve("merges.txt"), "");
		assertThrows(DiffEditException.class, () -> ClipTokenizer.read(folder));
		try (var huge = new java.io.RandomAccessFile(folder.resolve("vocab.json").toFile(), "rw")) {
			huge.setLength(65L << 20);
		}
		assertTrue(assertThrows(DiffEditException.class, () -> ClipTokenizer.read(folder)).getMessage().contains("too many for"));
	}

	@Test
	void startAndEndAreNeededWhateverTheConfigCallsThem() throws IOException {
		Files.writeString(folder.resolve("vocab.json"), "{\"a\":0,\"b\":1}");
		Files.writeString(folder.resolve("merges.txt"), "");
		Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\":\"a\",\"eos_token\":\"b\",\"unk_token\":\"b\",\"pad_token\":\"a\"}");
		assertTrue(assertThrows(DiffEditException.class, () -> ClipTokenizer.read(folder)).getMessage().contains("<|startoftext|>"));
	}

	@Test
	void addedTokensMustAgreeWithTheVocabulary() throws IOException {
		copy(GoldenCase.model("sd1/tokenizer"), "vocab.json", "merges.txt");
		Files.writeString(folder.resolve("tokenizer_config.json"), "{\"added_tokens_decoder\":{\"5\":{\"content\":\"<x>\"}}}");
		assertTrue(assertThrows(DiffEditException.class, () -> ClipTokenizer.read(folder)).getMessage().contains("<x>"));
		Files.writeString(folder.resolve("tokenizer_config.json"), "{\"added_tokens_decoder\":{\"775\":{\"content\":\"<x>\"}}, \"pad_token\":null}");
		try (ClipTokenizer tokenizer = ClipTokenizer.read(folder)) {
			assertArrayEquals(new long[] { 773, 775, 774 }, tokenizer.encode("<x>"));
			assertEquals(774, tokenizer.padId());
		}
	}

	/** As pipelines are saved after {@code load_textual_inversion}; a word of several vectors stands for all of them. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "added_tokens.json | {'<cat>_1':776,'<cat>':775,'<cat>_2':777}",
		"tokenizer.json | {'added_tokens':[{'id':775,'content':'<cat>','normalized':true,'special':false},{'id':776,'content':'<cat>_1'},{'id':777,'content':'<cat>_2'}]}",
		"tokenizer_config.json | {'added_tokens_decoder':{'775':{'content':'<cat>'},'776':{'content':'<cat>_1'},'777':{'content':'<cat>_2'}}}" })
	void learnedTokensAreFoundInEachOfThreeFiles(final String file, final String content) throws IOException {
		copy(GoldenCase.model("sd1/tokenizer"), "vocab.json", "merges.txt");
		Files.writeString(folder.resolve(file), content.replace('\'', '"'));
		try (ClipTokenizer tokenizer = ClipTokenizer.read(folder)) {
			assertArrayEquals(new long[] { 773, 775, 776, 777, 774 }, tokenizer.encode("<cat>"));
			assertEquals(778, tokenizer.size());
		}
	}

	@Test
	void aClosedTokenizerSaysSo() {
		final Tokenizer tokenizer = sd1();
		tokenizer.close();
		tokenizer.close();
		assertThrows(IllegalStateException.class, () -> tokenizer.encode("a"));
	}

	private static ClipTokenizer sd1() {
		return ClipTokenizer.read(GoldenCase.model("sd1/tokenizer"));
	}

	private void copy(final Path from, final String... files) throws IOException {
		for (final String file : files) Files.copy(from.resolve(file), folder.resolve(file));
	}
}
