package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Sound safetensors files are read as they were written; unsound ones end in one sentence. */
@ExtendWith(NoNativeLeaks.InScope.class)
class SafetensorsTest {

	private static final String SOUND = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

	@TempDir
	Path folder;

	@ParameterizedTest
	@EnumSource(DType.class)
	void everyTypeComesBackAsItWasWritten(final DType dtype) {
		final Tensor numbers = Tensor.of(new float[] { 0, 1, 1, 0, 1, 1 }, 2, 3).to(dtype);
		final Path file = folder.resolve("x.safetensors");
		SafetensorsWriter.write(file, Map.of("x", numbers), Map.of("format", "pt"));
		for (final boolean copy : new boolean[] { false, true }) {
			try (SafetensorsFile read = SafetensorsFile.open(file, copy); Scope inner = Scope.open()) {
				assertEquals(dtype, read.dtype("x"));
				assertArrayEquals(new long[] { 2, 3 }, read.shape("x"));
				final Tensor x = read.get("x");
				assertEquals(dtype, x.dtype());
				assertArrayEquals(numbers.toFloatArray(), x.toFloatArray());
				assertEquals(Map.of("format", "pt"), read.metadata());
			}
		}
	}

	@Test
	void emptyTensorsScalarsAndOddNamesAreTensorsToo() {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		tensors.put("empty", Tensor.zeros(DType.FLOAT32, 0, 3));
		tensors.put("scalar", Tensor.of(new float[] { 7 }));
		tensors.put("ein \"Name\" \u00e4\n", Tensor.of(new long[] { -5 }, 1));
		final Path file = folder.resolve("x.safetensors");
		SafetensorsWriter.write(file, tensors, Map.of());
		try (SafetensorsFile read = SafetensorsFile.open(file); Scope inner = Scope.open()) {
			assertEquals(tensors.keySet(), read.names());
			assertArrayEquals(new long[] { 0, 3 }, read.get("empty").shape());
			assertEquals(7, read.get("scalar").toFloat());
			assertArrayEquals(new long[] { -5 }, read.get("ein \"Name\" \u00e4\n").toLongArray());
		}
	}

	/** In the last bits products may depend on where in memory their numbers lie, and files are mapped. */
	@ParameterizedTest
	@ValueSource(strings = { "x", "a longer name" })
	void tensorsThatFillMultiplesOf64BytesBeginAtOne(final String name) throws IOException {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		tensors.put("a", Tensor.zeros(DType.FLOAT32, 3));
		tensors.put("b", Tensor.zeros(DType.BFLOAT16, 32));
		tensors.put("c", Tensor.zeros(DType.UINT8, 5));
		tensors.put(name, Tensor.zeros(DType.FLOAT32, 2, 16));
		final Path file = folder.resolve("x.safetensors");
		SafetensorsWriter.write(file, tensors, Map.of());
		final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
		final int header = (int) bytes.getLong(0);
		final JsonObject json = JsonParser.parseString(new String(bytes.array(), 8, header, StandardCharsets.UTF_8)).getAsJsonObject();
		for (final String aligned : List.of("b", name)) {
			assertEquals(0, (8 + header + json.getAsJsonObject(aligned).getAsJsonArray("data_offsets").get(0).getAsInt()) % 64, aligned);
		}
		try (SafetensorsFile read = SafetensorsFile.open(file)) {
			assertEquals(tensors.keySet(), read.names());
		}
	}

	@Test
	void tensorsAtOddOffsetsAreCopied() throws IOException {
		final String header = "{\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[3,7]}}";
		final byte[] data = ByteBuffer.allocate(7).order(ByteOrder.LITTLE_ENDIAN).put(new byte[] { 1, 2, 3 }).putFloat(2.5f).array();
		try (SafetensorsFile read = SafetensorsFile.open(file(header, data)); Scope inner = Scope.open()) {
			assertEquals(2.5f, read.get("a").toFloat());
			assertArrayEquals(new float[] { 1, 2, 3 }, read.get("b").toFloatArray());
		}
	}

	/** What is named first may lie last; the places alone decide about gaps and overlaps, and about the order in which tensors are read. */
	@Test
	void namesMayBeInAnyOrder() throws IOException {
		final String header = "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},\"c\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]},"
			+ "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
		final byte[] data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).putFloat(2).putFloat(3).array();
		try (SafetensorsFile read = SafetensorsFile.open(file(header, data)); Scope inner = Scope.open()) {
			assertEquals(List.of("a", "c", "b"), List.copyOf(read.names()));
			assertArrayEquals(new float[] { 1, 2 }, read.get("a").toFloatArray());
			assertArrayEquals(new float[] { 3 }, read.get("b").toFloatArray());
			assertEquals(12, read.storedByteCount());
		}
	}

	@Test
	void theSmallestFileHasNoTensors() throws IOException {
		try (SafetensorsFile read = SafetensorsFile.open(file("{}", new byte[0]))) {
			assertEquals(Set.of(), read.names());
		}
	}

	/** They are listed, so that a report on the file can tell of them, and refused when they are read. */
	@Test
	void typesThatAreNotReadAreRefusedByName() throws IOException {
		final String header = SOUND.replace("F32", "F8_E8M0").replace("[2]", "[8]");
		try (SafetensorsFile read = SafetensorsFile.open(file(header, new byte[8]))) {
			assertArrayEquals(new long[] { 8 }, read.shape("a"));
			final String message = assertThrows(DiffEditException.class, () -> read.get("a")).getMessage();
			assertTrue(message.contains("'a'") && message.contains("F8_E8M0"), message);
		}
		final Path file = file(header.replace("[8]", "[4611686018427387904,4]"), new byte[8]);
		assertTrue(assertThrows(DiffEditException.class, () -> SafetensorsFile.open(file)).getMessage().contains("does not fit"));
	}

	/** Those that fill multiples of 64 bytes in their new type lie first, then those with longer numbers. */
	@Test
	void floatsAreWrittenInTheTypeThatIsAskedForAndOthersInTheirOwn() {
		final Map<String, Tensor> tensors = Map.of("a", Tensor.of(new float[] { 1.5f, 2 }, 2), "b", Tensor.of(new long[] { 7 }, 1), "c", Tensor.full(3, DType.FLOAT64, 32),
			"d", Tensor.full(4, DType.FLOAT32, 16));
		final Weights weights = new MemoryWeights("made", tensors);
		final Path file = folder.resolve("x.safetensors");
		SafetensorsWriter.write(file, weights, weights.names(), DType.BFLOAT16, Map.of());
		try (SafetensorsFile read = SafetensorsFile.open(file); Scope inner = Scope.open()) {
			assertEquals(List.of("c", "b", "a", "d"), List.copyOf(read.names()));
			assertEquals(DType.BFLOAT16, read.dtype("a"));
			assertEquals(DType.INT64, read.dtype("b"));
			assertArrayEquals(new float[] { 1.5f, 2 }, read.get("a").toFloatArray());
			assertArrayEquals(new long[] { 7 }, read.get("b").toLongArray());
			assertEquals(3, read.get("c").toFloatArray()[31]);
		}
	}

	@Test
	void tensorsOutliveTheirFile() throws IOException {
		final Tensor a;
		try (SafetensorsFile read = SafetensorsFile.open(file(SOUND, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(3).array()))) {
			a = read.get("a");
			read.close();
			assertThrows(IllegalStateException.class, () -> read.get("a"));
		}
		assertArrayEquals(new float[] { 3, 0 }, a.toFloatArray());
	}

	/** 16-bit and 8-bit floats cross to Java and back by their bits, the special ones too. */
	@Test
	void narrowTypesKeepTheirBits() {
		final Map<DType, byte[]> bits = Map.of(DType.BFLOAT16, bytes(0x3f80, 0x7f80, 0xff80, 0x0001, 0x8000), DType.INT16, bytes(0, 1, 0xffff, 0x8000, 0x7fff),
			DType.FLOAT8_E4M3FN, new byte[] { 0, 1, 0x38, 0x7e, -128, (byte) 0xfe, 0x7f }, DType.FLOAT8_E5M2, new byte[] { 0, 1, 0x3c, 0x7b, 0x7c, -128, (byte) 0xfc });
		bits.forEach((dtype, raw) -> {
			final ByteBuffer direct = ByteBuffer.allocateDirect(raw.length).put(raw).flip();
			final ByteBuffer back = Tensor.copyOf(direct, dtype, raw.length / dtype.bytes()).toBytes();
			final byte[] found = new byte[back.remaining()];
			back.get(found);
			assertArrayEquals(raw, found, dtype.toString());
		});
		final ByteBuffer e4m3 = ByteBuffer.allocateDirect(4).put(new byte[] { 0x38, 0x7e, 1, (byte) 0xc0 }).flip();
		assertArrayEquals(new float[] { 1, 448, 1 / 512f, -2 }, Tensor.copyOf(e4m3, DType.FLOAT8_E4M3FN, 4).toFloatArray());
		final ByteBuffer e5m2 = ByteBuffer.allocateDirect(4).put(new byte[] { 0x3c, 0x7b, 1, (byte) 0xc0 }).flip();
		assertArrayEquals(new float[] { 1, 57344, 1 / 65536f, -2 }, Tensor.copyOf(e5m2, DType.FLOAT8_E5M2, 4).toFloatArray());
	}

	private static byte[] bytes(final int... words) {
		final ByteBuffer bytes = ByteBuffer.allocate(words.length * 2).order(ByteOrder.LITTLE_ENDIAN);
		for (final int word : words) bytes.putShort((short) word);
		return bytes.array();
	}

	@Test
	void aFileThatChangedIsNotRead() throws IOException {
		final Path file = file(SOUND, new byte[8]);
		try (SafetensorsFile read = SafetensorsFile.open(file)) {
			Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
			assertTrue(assertThrows(DiffEditException.class, () -> read.get("a")).getMessage().contains("has changed"));
		}
	}

	@Test
	void aFailedWriteLeavesTheOldFileAndNoOther() throws IOException {
		final Path file = file(SOUND, new byte[8]);
		final Weights broken = new MemoryWeights("broken", Map.of("x", Tensor.zeros(DType.FLOAT32, 2))) {

			@Override
			public Tensor get(final String name) {
				throw new DiffEditException("cannot");
			}
		};
		assertThrows(DiffEditException.class, () -> SafetensorsWriter.write(file, broken, broken.names(), null, Map.of()));
		try (SafetensorsFile read = SafetensorsFile.open(file); Stream<Path> all = Files.list(folder)) {
			assertTrue(read.has("a"));
			assertEquals(1, all.count());
		}
	}

	static Stream<String> lyingHeaders() {
		return Stream.of(
			"", "[]", "{", "{}}", "{} x", "null", "\"a\"", "{\"a\":1}", "{\"a\":{}}", SOUND.replace("F32", "F99"), SOUND.replace("\"F32\"", "5"),
			SOUND.replace("[2]", "[3]"), SOUND.replace("[2]", "[-2]"), SOUND.replace("[2]", "[2.5]"), SOUND.replace("[2]", "[NaN]"),
			SOUND.replace("[2]", "[\"2\"]"), SOUND.replace("[2]", "[4611686018427387904,4,2]"), SOUND.replace("[2]", "[4294967296,4294967296]"),
			SOUND.replace("[2]", "[9223372036854775808]"), SOUND.replace("[2]", "[1e400]"), SOUND.replace("[0,8]", "[8,0]"),
			SOUND.replace("[0,8]", "[0,8,8]"), SOUND.replace("[0,8]", "[8,16]"), SOUND.replace("[0,8]", "[-8,0]"), SOUND.replace("[0,8]", "[1,9]"),
			SOUND.replace("[2],\"data_offsets\":[0,8]", "[1],\"data_offsets\":[4,8]"), SOUND.replace("[2],\"data_offsets\":[0,8]", "[1],\"data_offsets\":[0,4]"),
			"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
			"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
			SOUND.replace("\"shape\"", "\"dtype\""), SOUND.replace("\"shape\":[2],", ""), SOUND.replace("{\"dtype\"", "{\"extra\":1,\"dtype\""),
			SOUND.replace("{\"a\"", "{\"__metadata__\":[],\"a\""), SOUND.replace("{\"a\"", "{\"__metadata__\":{\"x\":{}},\"a\""),
			SOUND.replace("{\"a\"", "{\"e\":{\"dtype\":\"F32\",\"shape\":[0,4611686018427387904,4611686018427387904],\"data_offsets\":[0,0]},\"a\""),
			"{\"__metadata__\":{}}", "[".repeat(100_000), "{\"a\":".repeat(100_000), SOUND.replace("[2]", "[" + "1,".repeat(100_000) + "2]"));
	}

	@ParameterizedTest
	@MethodSource("lyingHeaders")
	void lyingHeadersAreRefusedInOneSentence(final String header) throws IOException {
		final Path file = file(header, new byte[8]);
		final String message = assertThrows(DiffEditException.class, () -> SafetensorsFile.open(file)).getMessage();
		assertTrue(message.contains("x.safetensors"), message);
	}

	@Test
	void lyingHeaderLengthsAreRefused() throws IOException {
		final byte[] sound = Files.readAllBytes(file(SOUND, new byte[8]));
		for (final long length : new long[] { 0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, sound.length, sound.length - 7, 1L << 32, 100_000_001 }) {
			ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
			final Path file = Files.write(folder.resolve("x.safetensors"), sound);
			assertThrows(DiffEditException.class, () -> SafetensorsFile.open(file), "length " + length);
		}
	}

	@Test
	void everyTruncationIsRefused() throws IOException {
		final byte[] sound = Files.readAllBytes(file(SOUND, new byte[8]));
		for (int length = 0; length < sound.length; length++) {
			final Path file = Files.write(folder.resolve("x.safetensors"), java.util.Arrays.copyOf(sound, length));
			assertThrows(DiffEditException.class, () -> SafetensorsFile.open(file), "length " + length);
		}
	}

	/** Whatever bytes change, a file opens with its numbers inside it or is refused; nothing else is thrown and nothing hangs. */
	@Test
	void randomDamageIsReadOrRefused() throws IOException {
		final byte[] sound = Files.readAllBytes(Path.of("src/test/resources/goldens/models/sd2/text_encoder/model.safetensors"));
		final int headerEnd = 8 + (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong();
		final Random random = new Random(6);
		assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
			int opened = 0;
			for (int i = 0; i < 500; i++) {
				final byte[] bytes = sound.clone();
				for (int n = random.nextInt(4); n >= 0; n--) bytes[random.nextInt(headerEnd)] = (byte) random.nextInt(256);
				final Path file = Files.write(folder.resolve("x.safetensors"), bytes);
				try (SafetensorsFile read = SafetensorsFile.open(file)) {
					opened++;
					for (final String name : read.names()) assertTrue(read.shape(name).length <= 64);
				}
				catch (final DiffEditException e) {
					assertTrue(e.getMessage().contains("x.safetensors"), e.getMessage());
				}
			}
			assertTrue(opened > 0 && opened < 500, opened + " opened");
		});
	}

	private Path file(final String header, final byte[] data) throws IOException {
		final ByteArrayOutputStream out = new ByteArrayOutputStream();
		final byte[] text = header.getBytes(StandardCharsets.UTF_8);
		out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
		out.writeBytes(text);
		out.writeBytes(data);
		return Files.write(folder.resolve("x.safetensors"), out.toByteArray());
	}
}
