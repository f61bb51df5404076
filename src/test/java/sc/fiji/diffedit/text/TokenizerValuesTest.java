package sc.fiji.diffedit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.text.ClipVocabulary.AddedToken;
import sc.fiji.diffedit.text.SentencePieceFile.Piece;

/** Single values of tokenizers' files: the smallest, the largest, what is one beyond, and what stands in for those that are not there. */
class TokenizerValuesTest {

	private static JsonElement json(final String text) {
		return JsonParser.parseString(text.replace('\'', '"'));
	}

	private static JsonObject object(final String text) {
		return json(text).getAsJsonObject();
	}

	private static void says(final String said, final Executable read) {
		final String message = assertThrows(DiffEditException.class, read).getMessage();
		assertTrue(message.contains(said), message);
	}

	// -- numbers and texts --

	@ParameterizedTest
	@CsvSource({ "0, 0", "7, 7", "999999999999999999, 999999999999999999", "1000000000000000000, -1", "-1, -1", "1.0, -1", "1e3, -1", "'\"7\"', -1", "true, -1", "null, -1", "[], -1" })
	void wholeNumbersThatFitALong(final String text, final long number) {
		assertEquals(number, TokenizerJson.number(json(text)));
	}

	@ParameterizedTest
	@CsvSource({ "3, 3", "1, 1", "9, 9", "0, 5", "10, 5", "'\"4\"', 5", "null, 5", "[4], 5", "4.7, 4" })
	void wholeNumbersWithinBounds(final String text, final int number) {
		assertEquals(number, TokenizerJson.wholeNumber(object("{\"k\": " + text + "}"), "k", 1, 9, 5));
		assertEquals(5, TokenizerJson.wholeNumber(new JsonObject(), "k", 1, 9, 5));
	}

	@Test
	void specialTokensStandAloneOrInAnObject() {
		assertEquals("a", TokenizerJson.token(object("{'k': 'a'}"), "k", "b"));
		assertEquals("a", TokenizerJson.token(object("{'k': {'content': 'a'}}"), "k", "b"));
		for (final String none : List.of("{}", "{'k': null}", "{'k': ''}", "{'k': {}}", "{'k': []}", "{'k': {'content': ''}}")) assertEquals("b", TokenizerJson.token(object(none), "k", "b"), none);
	}

	@Test
	void valuesInMessagesAreShort() {
		assertEquals("a list", TokenizerJson.shown(json("[1]")));
		assertEquals("an object", TokenizerJson.shown(json("{}")));
		assertEquals("nothing", TokenizerJson.shown(null));
		assertEquals("nothing", TokenizerJson.shown(JsonNull.INSTANCE));
		assertEquals("1".repeat(100), TokenizerJson.shown(json("1".repeat(100))));
		assertEquals("1".repeat(100) + "...", TokenizerJson.shown(json("1".repeat(101))));
	}

	@Test
	void fieldsOfAPart() {
		final TokenizerPart part = TokenizerPart.of("x.json", "model", json("{'type': 'T', 'yes': true, 'no': false, 'text': 'abc', 'n': 5, 'list': [1], 'o': {'k': 1}, 'none': null}"));
		assertEquals("T", part.type());
		assertEquals("{\"type\":\"T\"}", part.made().toString());
		assertTrue(part.flag("yes", false) && part.flag("absent", true) && !part.flag("no", true) && !part.flag("absent", false) && part.has("yes") && !part.has("none"));
		assertEquals("abc", part.text("text", 3, 3));
		says("\"abc\" as 'text' of its model, but a text of 4 to 9 characters", () -> part.text("text", 4, 9));
		says("a text of 1 to 2 characters", () -> part.text("text", 1, 2));
		assertEquals(5, part.number("n", 5, 5));
		says("a whole number from 6 to 9", () -> part.number("n", 6, 9));
		says("a whole number from 1 to 4", () -> part.number("n", 1, 4));
		says("true or false is needed", () -> part.flag("n", true));
		says("one of [\"abd\", \"x\"] is needed", () -> part.oneOf("text", Set.of("x", "abd")));
		says("a list is needed", () -> part.list("text"));
		says("has a field 'list' in its model that is not known", part::end);
		assertEquals(1, part.list("list").size());
		says("no object as its list", () -> part.parts("list"));
		assertEquals(1, part.part("o").number("k", 0, 1));
		part.end();
	}

	// -- vocabularies --

	private static TokenizerVocabulary words(final String more) {
		return new TokenizerVocabulary("x.json", object("{'model': {'type': 'WordPiece', 'vocab': {'a': 0, '[UNK]': 2}, 'unk_token': '[UNK]', 'continuing_subword_prefix': '##',"
			+ " 'max_input_chars_per_word': 100}" + more + "}"));
	}

	@Test
	void vocabulariesAreRebuiltWithTheirAddedTokens() {
		final TokenizerVocabulary words = words(", 'added_tokens': [{'id': 3, 'content': '<x>', 'lstrip': true, 'special': false}]");
		assertEquals(4, words.size());
		assertEquals(3, words.need("<x>"));
		assertEquals("[{\"id\":3,\"content\":\"<x>\",\"single_word\":false,\"lstrip\":true,\"rstrip\":false,\"normalized\":false,\"special\":false}]", words.added().toString());
		assertEquals("{\"type\":\"WordPiece\",\"vocab\":{\"a\":0,\"[UNK]\":2},\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":100}", words.model().toString());
		says("does not have the token 'b'", () -> words.need("b"));
		says("disagree about the number of '<x>'", () -> words(", 'added_tokens': [{'id': 4, 'content': '<x>'}]"));
		says("has a field 'more' in its added_tokens", () -> words(", 'added_tokens': [{'id': 3, 'content': '<x>', 'more': 1}]"));
	}

	@Test
	void piecesHaveScores() {
		final TokenizerVocabulary pieces = new TokenizerVocabulary("x.json", object("{'model': {'vocab': [['a', -1e9], ['b', 1e9]], 'unk_id': 1}}"));
		assertEquals("{\"type\":\"Unigram\",\"vocab\":[[\"a\",-1.0E9],[\"b\",1.0E9]],\"unk_id\":1,\"byte_fallback\":false}", pieces.model().toString());
		says("the score -1.1e9", () -> new TokenizerVocabulary("x.json", object("{'model': {'vocab': [['a', -1.1e9]]}}")));
		says("a whole number from 0 to 0", () -> new TokenizerVocabulary("x.json", object("{'model': {'vocab': [['a', 1]], 'unk_id': 1}}")));
		says("has the token 'a' twice", () -> new TokenizerVocabulary("x.json", object("{'model': {'vocab': [['a', 1], ['a', 1]]}}")));
		says("has a field 'more' in its model", () -> new TokenizerVocabulary("x.json", object("{'model': {'vocab': [['a', 1]], 'more': 1}}")));
		says("a token of 1001 characters", () -> new TokenizerVocabulary("x.json", object("{'model': {'vocab': [['" + "a".repeat(1001) + "', 1]]}}")));
		assertEquals(1, new TokenizerVocabulary("x.json", object("{'model': {'vocab': [['" + "a".repeat(1000) + "', 1]]}}")).size());
	}

	// -- added tokens --

	@Test
	void addedTokensAreNeededOrNew() {
		final AddedTokens tokens = new AddedTokens("x.json", Map.of("a", 0, "b", 1));
		assertEquals("a", tokens.need(new JsonPrimitive("a"), null));
		assertEquals("b", tokens.need(new JsonPrimitive("lost"), "b"));
		says("does not have the token 'lost'", () -> tokens.need(new JsonPrimitive("lost"), "lost"));
		says("does not have the token 'gone'", () -> tokens.need(new JsonPrimitive("lost"), "gone"));
		tokens.addNew(json("{'content': 'c', 'normalized': true}"));
		tokens.addNew(new JsonPrimitive("c"));
		tokens.addNew(json("{'content': 'd', 'normalized': {}}"));
		assertEquals(Map.of("a", new AddedToken("a", 0, false, true), "b", new AddedToken("b", 1, false, true), "c", new AddedToken("c", 2, true, true), "d", new AddedToken("d", 3, false, true)), tokens.found());
		tokens.put("c", 2, false, false);
		assertTrue(tokens.found().get("c").normalized());
		says("disagree about the number of 'c'", () -> tokens.put("c", 3, false, false));
		says("special token without text", () -> tokens.addNew(new JsonPrimitive("")));
		says("a token of 1001 characters", () -> tokens.addNew(new JsonPrimitive("a".repeat(1001))));
	}

	@Test
	void addedTokensOfAllFiles() {
		final AddedTokens tokens = new AddedTokens("x.json", Map.of("a", 0));
		tokens.addAll(TokenizerFiles.of(Map.of("tokenizer.json", "{\"added_tokens\": [{\"id\": 0, \"content\": \"a\", \"special\": false}, {\"content\": \"without a number\"}]}", "added_tokens.json", "{\"c\": 2}")),
			object("{'added_tokens_decoder': {'1': {'content': 'b', 'normalized': true}}}"));
		assertEquals(Map.of("a", new AddedToken("a", 0, false, false), "b", new AddedToken("b", 1, true, true), "c", new AddedToken("c", 2, true, false)), tokens.found());
		says("gives the token 'b' the number -1", () -> new AddedTokens("x.json", Map.of()).addAll(TokenizerFiles.of(Map.of()), object("{'added_tokens_decoder': {'one': {'content': 'b'}}}")));
	}

	// -- SentencePiece --

	private static byte[] message(final int field, final byte[] content) {
		return ByteBuffer.allocate(2 + content.length).put((byte) (field << 3 | 2)).put((byte) content.length).put(content).array();
	}

	private static byte[] joined(final byte[]... parts) {
		final ByteBuffer all = ByteBuffer.allocate(1000);
		for (final byte[] part : parts) all.put(part);
		return java.util.Arrays.copyOf(all.array(), all.position());
	}

	private static byte[] piece(final String text, final float score, final int type) {
		final byte[] number = ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN).put((byte) (2 << 3 | 5)).putFloat(score).array();
		return message(1, joined(message(1, text.getBytes(StandardCharsets.UTF_8)), number, new byte[] { 3 << 3, (byte) type }));
	}

	private static byte[] kind(final int kind) {
		return message(2, new byte[] { 3 << 3, (byte) kind });
	}

	@Test
	void piecesTypesAndTablesOfSentencePiece() {
		final byte[] long64 = ByteBuffer.allocate(9).put((byte) (7 << 3 | 1)).putLong(5).array();
		final SentencePieceFile file = new SentencePieceFile("x.model", joined(piece("a", -1.5f, 1), long64, piece("<unk>", 0, 2), message(3, message(2, new byte[] { 4, 5 })), kind(1), new byte[] { 9 << 3, 1 }));
		assertEquals(List.of(new Piece("a", -1.5f), new Piece("<unk>", 0)), file.pieces());
		assertEquals(1, file.unknown());
		assertEquals(2, file.charsMap().length);
		assertEquals(5, file.charsMap()[1]);
		final byte[] two = joined(piece("<unk>", 0, 2), piece("a", 1, 1));
		assertEquals(0, new SentencePieceFile("x.model", two).unknown());
		assertEquals(0, new SentencePieceFile("x.model", two).charsMap().length);
		assertFalse(new SentencePieceFile("x.model", joined(two, message(3, new byte[] { 2 << 3, 7 }))).charsMap().length > 0);
		says("not of the unigram kind", () -> new SentencePieceFile("x.model", joined(two, kind(2))));
		says("or none for unknown characters", () -> new SentencePieceFile("x.model", piece("a", 0, 1)));
		says("the score of a piece is not a number", () -> new SentencePieceFile("x.model", piece("a", Float.NaN, 2)));
		says("a length points outside of it", () -> new SentencePieceFile("x.model", new byte[] { 10, 1 }));
		says("it ends too early", () -> new SentencePieceFile("x.model", new byte[] { 9, 1, 2, 3, 4, 5, 6, 7 }));
		says("a field of an unknown kind", () -> new SentencePieceFile("x.model", new byte[] { 11 }));
		says("a number that does not end", () -> new SentencePieceFile("x.model", new byte[] { -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1 }));
	}
}
