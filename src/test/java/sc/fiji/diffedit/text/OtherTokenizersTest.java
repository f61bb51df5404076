package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Torch;

/** Tokenizers of T5 and BLIP against transformers (goldens B_tokenizer_t5, B_tokenizer_blip), from each kind of file. */
class OtherTokenizersTest {

	@TempDir
	Path folder;

	@Test
	void t5FromJsonAndFromSentencePiece() throws IOException {
		compare("B_tokenizer_t5", T5Tokenizer.read(GoldenCase.model("t5")));
		copy("t5", "spiece.model", "tokenizer_config.json");
		compare("B_tokenizer_t5", T5Tokenizer.read(folder));
		Files.delete(folder.resolve("tokenizer_config.json"));
		compare("B_tokenizer_t5", T5Tokenizer.read(folder));
	}

	@Test
	void blipFromJsonAndFromVocabulary() throws IOException {
		compare("B_tokenizer_blip", BertTokenizer.read(GoldenCase.model("blip")));
		copy("blip", "vocab.txt", "tokenizer_config.json");
		compare("B_tokenizer_blip", BertTokenizer.read(folder));
	}

	private static void compare(final String name, final Tokenizer tokenizer) {
		final GoldenCase golden = new GoldenCase(name);
		final JsonArray strings = golden.json().getAsJsonArray("strings");
		final JsonArray untruncated = golden.json().getAsJsonArray("untruncated_ids");
		final int length = golden.json().get("max_length").getAsInt();
		final long[] padded;
		final long[] masks;
		Torch.prepareThread();
		try (Scope scope = Scope.open(); tokenizer) {
			padded = golden.tensor("out.input_ids").toLongArray();
			masks = golden.tensor("out.attention_mask").toLongArray();
			assertEquals(golden.json().get("pad_token_id").getAsLong(), tokenizer.padId());
			assertEquals(512, tokenizer.maxLength());
			for (int i = 0; i < strings.size(); i++) {
				final String text = strings.get(i).getAsString();
				final long[] ids = untruncated.get(i).getAsJsonArray().asList().stream().mapToLong(JsonElement::getAsLong).toArray();
				assertArrayEquals(ids, tokenizer.encode(text), text);
				final TokenizedPrompt prompt = tokenizer.pad(text, length);
				assertArrayEquals(Arrays.copyOfRange(padded, i * length, (i + 1) * length), prompt.ids(), text);
				assertArrayEquals(Arrays.copyOfRange(masks, i * length, (i + 1) * length), prompt.attentionMask(), text);
			}
		}
	}

	@Test
	void decodedTextHasNoSpecialTokens() {
		try (Tokenizer t5 = T5Tokenizer.read(GoldenCase.model("t5")); Tokenizer blip = BertTokenizer.read(GoldenCase.model("blip"))) {
			assertEquals("a photo of a cat", t5.decode(t5.encode("a photo of a cat")));
			assertEquals("a photo of a cat", blip.decode(blip.encode("A photo of a cat")));
			assertEquals(280, t5.size());
			assertEquals(376, blip.size());
		}
	}

	@Test
	void missingFilesAreNamed() {
		assertTrue(assertThrows(DiffEditException.class, () -> T5Tokenizer.read(folder)).getMessage().contains("tokenizer.json"));
		assertTrue(assertThrows(DiffEditException.class, () -> BertTokenizer.read(folder)).getMessage().contains("tokenizer.json"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"model\":{}}", "{\"model\":{\"vocab\":[1]}}", "{\"model\":{\"vocab\":[[\"<pad>\"]]}}", "{\"model\":{\"vocab\":{\"a\":-1}}}",
		"{\"model\":{\"vocab\":{\"<pad>\":0,\"</s>\":1}}}", "{\"normalizer\":7}", "{\"normalizer\":{\"normalizers\":7}}",
		"{\"normalizer\":{\"precompiled_charsmap\":\"AAAA\"}}", "{\"normalizer\":{\"precompiled_charsmap\":\"!\"}}" })
	void damagedJsonIsRefused(final String json) throws IOException {
		Files.writeString(folder.resolve("tokenizer.json"), json);
		assertThrows(DiffEditException.class, () -> T5Tokenizer.read(folder));
	}

	@Test
	void damagedSentencePieceFilesNeverEndTheProcess() throws IOException {
		final byte[] good = Files.readAllBytes(GoldenCase.model("t5").resolve("spiece.model"));
		final Random random = new Random(1);
		int refused = 0;
		for (int i = 0; i < 300; i++) {
			final byte[] bad = i % 2 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
			for (int k = 0; k < 8 && i % 2 == 1; k++) bad[random.nextInt(good.length)] = (byte) random.nextInt();
			refused += refused(bad) ? 1 : 0;
		}
		assertTrue(refused > 100, "refused " + refused);
	}

	/** Reads a file and uses the tokenizer if there is one. */
	private boolean refused(final byte[] file) throws IOException {
		Files.write(folder.resolve("spiece.model"), file);
		try (Tokenizer tokenizer = T5Tokenizer.read(folder)) {
			tokenizer.encode("a photo of a cat, é ﬁ ½ 日本 😀");
			return false;
		}
		catch (final DiffEditException e) {
			return true;
		}
	}

	@Test
	void tablesOfCharactersThatLeadOutsideAreRefused() throws IOException {
		final byte[] good = charsMap();
		CharsMap.check("test", Base64.getEncoder().encodeToString(good));
		refusedMap(good, bytes -> bytes.putInt(0, 1 << 30));
		refusedMap(good, bytes -> bytes.putInt(0, 0));
		refusedMap(good, bytes -> bytes.putInt(0, 6));
		refusedMap(good, bytes -> bytes.putInt(4, 0x7FFFFFFF));
		refusedMap(good, bytes -> bytes.put(good.length - 1, (byte) 'x'));
		refusedMap(good, bytes -> bytes.put(good.length - 2, (byte) 0xFF));
	}

	private static void refusedMap(final byte[] good, final Function<ByteBuffer, ByteBuffer> damage) {
		final byte[] bad = good.clone();
		damage.apply(ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN));
		assertThrows(DiffEditException.class, () -> CharsMap.check("test", Base64.getEncoder().encodeToString(bad)));
	}

	private static byte[] charsMap() throws IOException {
		final JsonObject json = JsonParser.parseString(Files.readString(GoldenCase.model("t5").resolve("tokenizer.json"))).getAsJsonObject();
		return Base64.getDecoder().decode(json.getAsJsonObject("normalizer").get("precompiled_charsmap").getAsString());
	}

	private void copy(final String model, final String... files) throws IOException {
		for (final String file : files) Files.copy(GoldenCase.model(model).resolve(file), folder.resolve(file));
	}
}
