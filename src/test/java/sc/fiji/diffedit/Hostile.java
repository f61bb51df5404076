package sc.fiji.diffedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import sc.fiji.diffedit.tensor.Scope;

/**
 * Files as an attacker or a bad disk leaves them, the same ones in every run, and what is promised of them: they are read,
 * or refused in one sentence, within bounds of time and memory.
 */
public final class Hostile {

	/** Allocated in all, most of it garbage at once. */
	private static final long MOST_BYTES = 1L << 30;
	/** Of the processor, so that other programs on the machine do not count. */
	private static final double MOST_SECONDS = 10;
	private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final List<JsonElement> VALUES = List.of(JsonNull.INSTANCE, new JsonPrimitive(true), new JsonPrimitive(0), new JsonPrimitive(-1), new JsonPrimitive(3),
		new JsonPrimitive(0.5), new JsonPrimitive(1e300), new JsonPrimitive(Integer.MAX_VALUE), new JsonPrimitive(1L << 40), new JsonPrimitive(Long.MIN_VALUE),
		new JsonPrimitive(""), new JsonPrimitive("../../etc/passwd"), new JsonPrimitive("/etc/passwd"), new JsonPrimitive("a\0b"), new JsonPrimitive("x".repeat(10_000)),
		new JsonPrimitive("NaN"), new JsonArray(), new JsonObject(), nested(40), numbers(1000));

	private final Random random;

	/** @param seed the same seed, the same files */
	public Hostile(final long seed) {
		random = new Random(seed);
	}

	public Random random() {
		return random;
	}

	private static JsonElement nested(final int depth) {
		JsonElement value = new JsonPrimitive(1);
		for (int i = 0; i < depth; i++) {
			final JsonArray around = new JsonArray();
			around.add(value);
			value = around;
		}
		return value;
	}

	private static JsonArray numbers(final int count) {
		final JsonArray numbers = new JsonArray();
		for (int i = 0; i < count; i++) numbers.add(i);
		return numbers;
	}

	// -- files --

	/** Bytes changed, left out, doubled or cut off, within the first {@code within}. */
	public byte[] bytes(final byte[] sound, final int within) {
		byte[] bytes = sound.clone();
		for (int n = random.nextInt(4); n >= 0; n--) {
			final int at = random.nextInt(Math.max(1, Math.min(within, bytes.length)));
			final int length = Math.min(1 + random.nextInt(16), bytes.length - at);
			bytes = switch (random.nextInt(6)) {
				case 0 -> replaced(bytes, at, length, new byte[0]);
				case 1 -> replaced(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
				case 2 -> replaced(bytes, at, length, noise(length));
				case 3 -> random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : bytes;
				default -> replaced(bytes, at, Math.min(1, length), noise(1));
			};
		}
		return bytes;
	}

	private byte[] noise(final int length) {
		final byte[] noise = new byte[length];
		random.nextBytes(noise);
		return noise;
	}

	private static byte[] replaced(final byte[] bytes, final int at, final int length, final byte[] other) {
		final byte[] result = Arrays.copyOf(bytes, bytes.length - length + other.length);
		System.arraycopy(other, 0, result, at, other.length);
		System.arraycopy(bytes, at + length, result, at + other.length, bytes.length - at - length);
		return result;
	}

	/** Some values replaced by others of any kind, some left out. */
	public JsonObject json(final JsonObject sound) {
		final JsonObject json = sound.deepCopy();
		for (int n = random.nextInt(3); n >= 0; n--) change(json);
		return json;
	}

	private void change(final JsonElement json) {
		if (json instanceof JsonObject object && object.size() > 0) {
			final List<String> keys = new ArrayList<>(object.keySet());
			final String key = keys.get(random.nextInt(keys.size()));
			if (goesDeeper(object.get(key))) change(object.get(key));
			else if (random.nextInt(6) == 0) object.remove(key);
			else object.add(key, any());
		}
		else if (json instanceof JsonArray array && array.size() > 0) {
			final int at = random.nextInt(array.size());
			if (goesDeeper(array.get(at))) change(array.get(at));
			else if (random.nextInt(6) == 0) array.remove(at);
			else array.set(at, any());
		}
	}

	private boolean goesDeeper(final JsonElement json) {
		return !json.isJsonPrimitive() && !json.isJsonNull() && random.nextInt(3) > 0;
	}

	private JsonElement any() {
		return VALUES.get(random.nextInt(VALUES.size())).deepCopy();
	}

	/** The file anew: some file systems wait for the disk where one is cut and written again. */
	public static Path write(final Path file, final byte[] content) throws IOException {
		Files.deleteIfExists(file);
		return Files.write(file, content);
	}

	// -- promises --

	/** Work with a hostile file. */
	@FunctionalInterface
	public interface Work {

		void run() throws Exception;
	}

	/**
	 * Runs the work, which must end well or with one sentence.
	 *
	 * @param what the seed or number of the file, for messages
	 * @return whether it ended well
	 */
	public static boolean survives(final Object what, final Work work) {
		final long bytes = THREADS.getCurrentThreadAllocatedBytes(), start = System.nanoTime(), values = Scope.liveValues();
		final boolean well = ends(what, work);
		assertEquals(values, Scope.liveValues(), () -> what + " leaves native values");
		final long allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
		assertTrue(allocated < MOST_BYTES, () -> what + " takes " + allocated + " bytes");
		if ((System.nanoTime() - start) / 1e9 >= MOST_SECONDS) hasTime(what, work);
		return well;
	}

	/** Once more, with the processor's time: to ask for it takes longer than to read most files. */
	private static void hasTime(final Object what, final Work work) {
		final long start = THREADS.getCurrentThreadCpuTime();
		ends(what, work);
		final double seconds = (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
		assertTrue(seconds < MOST_SECONDS, () -> what + " takes " + seconds + " s");
	}

	private static boolean ends(final Object what, final Work work) {
		try (Scope scope = Scope.open()) {
			work.run();
			return true;
		}
		catch (final DiffEditException e) {
			assertTrue(isSentence(e.getMessage()), () -> what + ": " + e.getMessage());
			return false;
		}
		catch (final Exception | Error e) {
			throw new AssertionError(what + " ends with " + e, e);
		}
	}

	private static boolean isSentence(final String message) {
		return message.length() > 10 && message.length() <= 2001 && message.endsWith(".");
	}

	/** A sound file, as a table of contents and numbers that are all zero, aligned; the map gives dtype, then shape. */
	public static byte[] safetensors(final Map<String, Object[]> tensors) {
		final JsonObject header = new JsonObject();
		long at = 0;
		for (final Map.Entry<String, Object[]> tensor : tensors.entrySet()) {
			final sc.fiji.diffedit.tensor.DType dtype = (sc.fiji.diffedit.tensor.DType) tensor.getValue()[0];
			long count = dtype.bytes();
			final JsonArray shape = new JsonArray(), offsets = new JsonArray();
			for (final long length : (long[]) tensor.getValue()[1]) {
				shape.add(length);
				count *= length;
			}
			offsets.add(at);
			offsets.add(at + count);
			at += count;
			final JsonObject entry = new JsonObject();
			entry.addProperty("dtype", dtype.safetensorsName());
			entry.add("shape", shape);
			entry.add("data_offsets", offsets);
			header.add(tensor.getKey(), entry);
		}
		final String text = header.toString();
		return safetensors((text + " ".repeat(-text.length() & 7)).getBytes(java.nio.charset.StandardCharsets.UTF_8), (int) at);
	}

	/** A file with a header of any kind and this many zeros. */
	public static byte[] safetensors(final byte[] header, final int zeros) {
		return java.nio.ByteBuffer.allocate(8 + header.length + zeros).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header).array();
	}
}
