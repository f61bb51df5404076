package sc.fiji.diffedit.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.DiffEditException;

/** Values of configs as they stand there, what stands in for those that are not there, and a sentence for each of another kind. */
class ConfigTest {

	@TempDir
	Path temp;

	private static Config config(final String json) {
		return new Config("unet/config.json", JsonText.object("unet/config.json", json.replace('\'', '"')));
	}

	private static void wrong(final String said, final Executable read) {
		assertEquals("unet/config.json has " + said + " is needed; the file is damaged or of an unknown kind.", assertThrows(DiffEditException.class, read).getMessage());
	}

	private static void says(final String said, final Executable read) {
		final String message = assertThrows(DiffEditException.class, read).getMessage();
		assertTrue(message.contains(said), message);
	}

	@Test
	void valuesAreThoseOfTheFile() {
		final Config config = config("{'i': -3, 'd': 0.5, 'yes': true, 'no': false, 't': 'a', 'ints': [1, 2], 'doubles': [1, 2.5], 'texts': ['a', 'b'], 'none': null, 'o': {'k': 7}, 'empty': []}");
		assertEquals(-3, config.getInt("i", 1));
		assertEquals(0.5, config.getDouble("d", 1));
		assertTrue(config.getBoolean("yes", false));
		assertFalse(config.getBoolean("no", true));
		assertEquals("a", config.getString("t", "b"));
		assertArrayEquals(new int[] { 1, 2 }, config.getInts("ints", 2, 5));
		assertArrayEquals(new int[] { 1, 2 }, config.getInts("ints"));
		assertArrayEquals(new int[] { -3, -3, -3 }, config.getInts("i", 3, 5));
		assertArrayEquals(new int[] { -3 }, config.getInts("i"));
		assertArrayEquals(new double[] { 1, 2.5 }, config.getDoubles("doubles"));
		assertEquals(List.of("a", "b"), config.getStrings("texts"));
		assertEquals(7, config.getConfig("o").getInt("k", 0));
		assertEquals("unet/config.json:o", config.getConfig("o").source());
		assertTrue(config.isList("empty") && !config.isList("i") && !config.isList("none") && !config.has("none") && config.has("i"));
		assertEquals(Integer.MAX_VALUE - 1, config("{'i': 2147483646.0}").getInt("i", 0));
	}

	@Test
	void othersStandInForWhatIsNotThere() {
		for (final Config config : List.of(config("{}"), config("{'k': null}"))) {
			assertEquals(4, config.getInt("k", 4));
			assertEquals(0.25, config.getDouble("k", 0.25));
			assertTrue(config.getBoolean("k", true));
			assertFalse(config.getBoolean("k", false));
			assertEquals("b", config.getString("k", "b"));
			assertArrayEquals(new int[] { 5, 5 }, config.getInts("k", 2, 5));
			assertArrayEquals(new int[0], config.getInts("k"));
			assertArrayEquals(new double[0], config.getDoubles("k"));
			assertEquals(List.of(), config.getStrings("k"));
			assertEquals("unet/config.json:k", config.getConfig("k").source());
			assertEquals(0, config.getConfig("k").json().size());
		}
	}

	@Test
	void valuesOfAnotherKindAreNamed() {
		final Config config = config("{'a': 1.5, 'b': 'x', 'c': [1], 'd': {}, 'e': 2147483647, 'f': true, 'g': [{}], 'h': ['x']}");
		for (final String key : List.of("a", "b", "d", "e", "h", "g")) says("but a whole number is needed", () -> config.getInt(key, 0));
		wrong("b \"x\", but a number", () -> config.getDouble("b", 0));
		wrong("c [1], but a number", () -> config.getDouble("c", 0));
		wrong("a 1.5, but true or false", () -> config.getBoolean("a", true));
		wrong("d {}, but true or false", () -> config.getBoolean("d", true));
		wrong("f true, but a text", () -> config.getString("f", ""));
		wrong("c [1], but a list of 2", () -> config.getInts("c", 2, 0));
		wrong("h [\"x\"], but a whole number", () -> config.getInts("h", 1, 0));
		wrong("a 1.5, but a list of numbers", () -> config.getDoubles("a"));
		wrong("h [\"x\"], but a list of numbers", () -> config.getDoubles("h"));
		wrong("b \"x\", but a list of texts", () -> config.getStrings("b"));
		wrong("g [{}], but a list of texts", () -> config.getStrings("g"));
		wrong("c [1], but an object", () -> config.getConfig("c"));
		assertEquals("unet/config.json asks for b \"x\"; supported is y.", config.unsupported("b", "y").getMessage());
	}

	@Test
	void whatNobodyAskedForIsUnread() {
		final Config config = config("{'read': 1, 'left': 2, 'null': null, 'list': [], 'object': {}, 'full': [1], 'inner': {'read': 1, 'left': {'k': 1}}, 'other': {'k': 1}}");
		config.getInt("read", 0);
		config.getInt("absent", 0);
		config.getConfig("inner").has("read");
		assertEquals(List.of("left", "full", "inner.left", "other"), config.unread());
	}

	@Test
	void aFileIsNamedByItsFolder() throws IOException {
		final Path file = Files.createDirectories(temp.resolve("vae")).resolve("config.json");
		Files.writeString(file, "{\"k\": 1}");
		assertEquals("vae/config.json", Config.read(file).source());
		assertEquals(1, Config.read(file).getInt("k", 0));
		Files.writeString(file, "{");
		says("vae/config.json cannot be read as JSON (", () -> Config.read(file));
	}

	@Test
	void whatIsNoObjectOrTooDeepIsRefused() {
		says("x.json holds no JSON object", () -> JsonText.object("x.json", "[1]"));
		says("x.json cannot be read as JSON (End of input", () -> JsonText.object("x.json", "{\"a\": [1,"));
		final String arrays = "{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}", objects = "{\"a\":".repeat(63) + "{}" + "}".repeat(63);
		assertEquals(1, JsonText.object("x.json", arrays).size());
		assertEquals(1, JsonText.object("x.json", objects).size());
		says("more than 64 brackets", () -> JsonText.object("x.json", arrays.replace("[]", "[[]]")));
		says("more than 64 brackets", () -> JsonText.object("x.json", objects.replace("{}", "{\"a\":{}}")));
	}

	@Test
	void textsAreOfSeveralLinesAndValuesInMessagesShort() {
		assertEquals("{\n  \"a\": \"<b>\"\n}", JsonText.pretty(Map.of("a", "<b>")));
		final String most = "x".repeat(198), more = most + "x";
		says("supported is y", () -> {
			throw config("{'k': '" + most + "'}").unsupported("k", "y");
		});
		assertTrue(config("{'k': '" + most + "'}").unsupported("k", "y").getMessage().contains("\"" + most + "\"; supported"));
		assertTrue(config("{'k': '" + more + "'}").unsupported("k", "y").getMessage().contains("\"" + more + "...; supported"));
	}
}
