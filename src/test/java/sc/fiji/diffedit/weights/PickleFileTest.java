package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;

/** PyTorch's own files are read as data, and nothing in them runs. */
@ExtendWith(NoNativeLeaks.InScope.class)
class PickleFileTest {

	private static final Path MODELS = Path.of("src/test/resources/goldens/models");
	private static final byte[] NUMBERS = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).putFloat(2).putFloat(3).putFloat(4).putFloat(5).putFloat(6).array();

	@TempDir
	Path folder;
	private final long before = Scope.liveValues();

	/** The golden model was saved twice: as fp16 .bin by torch.save, and as fp16 safetensors. */
	@Test
	void binFilesHoldWhatSafetensorsHold() {
		try (PickleFile bin = PickleFile.open(MODELS.resolve("sd1-bin/unet/diffusion_pytorch_model.bin"));
				SafetensorsFile safe = SafetensorsFile.open(MODELS.resolve("sd1-variant/unet/diffusion_pytorch_model.fp16.safetensors"))) {
			assertEquals(safe.names(), bin.names());
			for (final String name : safe.names()) {
				try (Scope inner = Scope.open()) {
					assertEquals(DType.FLOAT16, bin.dtype(name));
					assertArrayEquals(safe.shape(name), bin.shape(name));
					assertArrayEquals(safe.get(name).toFloatArray(), bin.get(name).toFloatArray(), name);
				}
			}
		}
	}

	@Test
	void tensorsMayBeTransposedAndShareStorage() throws IOException {
		final byte[] pickle = new PickleBytes().op(0x80, 2, '}', '(')
			.text("whole").tensor("FloatStorage", "0", 6, 0, new int[] { 2, 3 }, new int[] { 3, 1 }, false)
			.text("transposed").tensor("FloatStorage", "0", 6, 0, new int[] { 3, 2 }, new int[] { 1, 3 }, false)
			.text("part").tensor("FloatStorage", "0", 6, 4, new int[] { 2 }, new int[] { 1 }, false)
			.text("scalar").tensor("FloatStorage", "0", 6, 5, new int[0], new int[0], false)
			.text("epoch").number(3).op('u', '.').bytes();
		try (PickleFile file = PickleFile.open(file(PickleBytes.zip(pickle, NUMBERS))); Scope inner = Scope.open()) {
			assertEquals(Set.of("whole", "transposed", "part", "scalar"), file.names());
			assertArrayEquals(new float[] { 1, 2, 3, 4, 5, 6 }, file.get("whole").toFloatArray());
			assertArrayEquals(new float[] { 1, 4, 2, 5, 3, 6 }, file.get("transposed").toFloatArray());
			assertArrayEquals(new float[] { 5, 6 }, file.get("part").toFloatArray());
			assertEquals(6, file.get("scalar").toFloat());
			assertEquals(3L, ((Map<?, ?>) file.root()).get("epoch"));
		}
	}

	/** The layout before PyTorch 1.6, torch.save(..., _use_new_zipfile_serialization=False). */
	@Test
	void filesBeforeTheZipFormatAreRead() throws IOException {
		final PickleBytes file = legacyHead().op('}', '(').text("state_dict").op('}', '(')
			.text("a").tensor("FloatStorage", "17", 6, 0, new int[] { 2, 3 }, new int[] { 3, 1 }, true).op('u', 'u', '.')
			.op(0x80, 2, ']', '(').text("17").op('e', '.').int64(6).raw(NUMBERS);
		try (PickleFile read = PickleFile.open(file(file.bytes())); Scope inner = Scope.open()) {
			assertArrayEquals(new float[] { 1, 2, 3, 4, 5, 6 }, read.get("a").toFloatArray());
		}
		assertThrows(DiffEditException.class, () -> PickleFile.open(file(java.util.Arrays.copyOf(file.bytes(), file.bytes().length - 1))));
	}

	private static PickleBytes legacyHead() {
		return new PickleBytes().op(0x80, 2, 0x8a, 10).raw(new byte[] { 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19 }).op('.')
			.op(0x80, 2, 'M', 0xe9, 3, '.').op(0x80, 2, '}', '.').op(0x80, 2);
	}

	@Test
	void everyKindOfDataIsUnderstood() throws IOException {
		final byte[] pickle = new PickleBytes().op(0x80, 4, 0x95).int64(0).op('(').text("list").op(']', '(').number(-1).op('K', 255, 'M', 1, 2, 0x88, 0x89, 'N')
			.ops("I12\n").ops("L5L\n").ops("F1.5\n").ops("S'abc'\n").op('G').raw(new byte[] { 0x40, 4, 0, 0, 0, 0, 0, 0 }).op(0x8a, 1, 0xff, 'e').op('d', 0x94, '0', 'h', 0, '.').bytes();
		try (PickleFile file = PickleFile.open(file(PickleBytes.zip(pickle, NUMBERS)))) {
			assertEquals(Map.of("list", java.util.Arrays.asList(-1L, 255L, 513L, true, false, null, 12L, 5L, 1.5, "abc", 2.5, -1L)), file.root());
		}
	}

	static Stream<Arguments> programs() {
		return Stream.of(
			Arguments.of(new PickleBytes().op(0x80, 2).global("os", "system").text("rm -rf /").op(0x85, 'R', '.'), "os.system"),
			Arguments.of(new PickleBytes().op(0x80, 2).global("builtins", "eval").op('.'), "builtins.eval"),
			Arguments.of(new PickleBytes().op(0x80, 4).text("posix").text("system").op(0x93, '.'), "posix.system"),
			Arguments.of(new PickleBytes().op(0x80, 2, '}').global("pytorch_lightning.callbacks", "ModelCheckpoint").op('N', 's', '.'), "ModelCheckpoint"),
			Arguments.of(new PickleBytes().op(0x80, 2).global("torch.storage", "_load_from_bytes").op('.'), "_load_from_bytes"),
			Arguments.of(new PickleBytes().ops("(ios\nsystem\n."), "instruction 'i'"),
			Arguments.of(new PickleBytes().op(0x80, 2).global("collections", "OrderedDict").op(')', 0x81, '.'), "an object of collections.OrderedDict"),
			Arguments.of(new PickleBytes().op(0x80, 2).global("torch", "FloatStorage").op(')', 'R', '.'), "call of torch.FloatStorage"),
			Arguments.of(new PickleBytes().op(0x80, 2).number(1).op('}', 'b', '.'), "attributes"),
			Arguments.of(new PickleBytes().op(0x80, 2, 0x82, 1, '.'), "instruction '0x82'"));
	}

	@ParameterizedTest
	@MethodSource("programs")
	void programsAreRefusedByName(final PickleBytes pickle, final String name) throws IOException {
		final Path file = file(PickleBytes.zip(pickle.bytes(), NUMBERS));
		final String message = assertThrows(DiffEditException.class, () -> PickleFile.open(file)).getMessage();
		assertTrue(message.contains(name) && message.contains("not opened"), message);
	}

	static Stream<PickleBytes> lies() {
		final int[] two = { 2 };
		final int[] one = { 1 };
		return Stream.of(
			new PickleBytes(), new PickleBytes().op('.'), new PickleBytes().op('t', '.'), new PickleBytes().op('h', 5, '.'), new PickleBytes().op('X').int32(-1), new PickleBytes().op('X').int32(1 << 30),
			new PickleBytes().op(0x8d).int64(Long.MAX_VALUE), new PickleBytes().op(0x8a, 200), new PickleBytes().op(0x8b).int32(1 << 29), new PickleBytes().op('}', 'N', 'a', '.'),
			new PickleBytes().op(']', 'N', 'N', 's', '.'), new PickleBytes().op('}', '(', 'N', 'u', '.'), new PickleBytes().op('}', ']', 'N', 's', '.'), new PickleBytes().ops("I12x\n."),
			new PickleBytes().op('N', 'N', 'R', '.'), new PickleBytes().op('N', 'Q', '.'), new PickleBytes().op('N').ops("g99999999999\n"), new PickleBytes().ops("c" + "a".repeat(10_000)),
			new PickleBytes().global("torch._utils", "_rebuild_tensor_v2").op(')', 'R', '.'), new PickleBytes().ops("}".repeat(3_000_000)),
			dict("a", new PickleBytes().tensor("FloatStorage", "1", 6, 0, two, one, false)), dict("a", new PickleBytes().tensor("FloatStorage", "0", 6, 5, two, one, false)),
			dict("a", new PickleBytes().tensor("FloatStorage", "0", 6, -1, two, one, false)), dict("a", new PickleBytes().tensor("FloatStorage", "0", 6, 0, two, new int[] { 6 }, false)),
			dict("a", new PickleBytes().tensor("FloatStorage", "0", 6, 0, two, new int[] { -1 }, false)), dict("a", new PickleBytes().tensor("FloatStorage", "0", 6, 0, new int[] { -2 }, one, false)),
			dict("a", new PickleBytes().tensor("FloatStorage", "0", 6, 0, new int[] { 1 << 30, 1 << 30, 1 << 30 }, new int[] { 0, 0, 0 }, false)),
			dict("a", new PickleBytes().tensor("FloatStorage", "0", 6, 0, new int[] { 7 }, new int[] { 0 }, false)),
			dict("a", new PickleBytes().tensor("DoubleStorage", "0", 6, 0, new int[] { 6 }, one, false)), dict("a", new PickleBytes().tensor("FloatStorage", "0", 6, 0, new int[] { 2, 2 }, one, false)));
	}

	/** Each dictionary that takes over the parameters of one that was kept costs as much as writing them again. */
	@Test
	void parametersTakenOverCountAsWork() throws IOException {
		final PickleBytes pickle = new PickleBytes().op(0x80, 2, '}').text("_parameters").op('}', '(');
		for (int i = 0; i < 1000; i++) pickle.op('M', i & 255, i >> 8, 'N');
		pickle.op('u', 's', 'q', 0, '0');
		for (int i = 0; i < 2000; i++) pickle.op('}', 'h', 0, 'b', '0');
		final Path file = file(PickleBytes.zip(pickle.op('}', '.').bytes(), NUMBERS));
		final String message = assertThrows(DiffEditException.class, () -> PickleFile.open(file)).getMessage();
		assertTrue(message.contains("it has more than 1000000 steps"), message);
	}

	private static PickleBytes dict(final String name, final PickleBytes value) {
		return new PickleBytes().op(0x80, 2, '}').text(name).raw(value.bytes()).op('s', '.');
	}

	@ParameterizedTest
	@MethodSource("lies")
	void liesAreRefused(final PickleBytes pickle) throws IOException {
		final Path file = file(PickleBytes.zip(pickle.bytes(), NUMBERS));
		final String message = assertThrows(DiffEditException.class, () -> PickleFile.open(file)).getMessage();
		assertTrue(message.contains("x.bin"), message);
	}

	@Test
	void otherFilesAreNoPyTorchFiles() throws IOException {
		for (final String content : List.of("", "hello", "PK\3\4", "\200\2", "\200\2N.")) {
			final Path file = file(content.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
			assertThrows(DiffEditException.class, () -> PickleFile.open(file), content);
		}
		assertThrows(DiffEditException.class, () -> PickleFile.open(folder.resolve("absent.bin")));
	}

	/** Whatever bytes change or are cut off, a file is read or refused; nothing else is thrown, nothing hangs and nothing runs. */
	@Test
	void randomDamageIsReadOrRefused() throws IOException {
		final byte[] zip = Files.readAllBytes(Path.of("src/test/resources/goldens/models/adapters/ti_a1111.pt"));
		final byte[] legacy = legacyHead().raw(dict("a", new PickleBytes().tensor("FloatStorage", "1", 6, 0, new int[] { 6 }, new int[] { 1 }, true)).bytes())
			.op(0x80, 2, ']', '(').text("1").op('e', '.').int64(6).raw(NUMBERS).bytes();
		final Random random = new Random(7);
		assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
			int read = 0;
			for (int i = 0; i < 2000; i++) {
				byte[] bytes = (i % 2 == 0 ? zip : legacy).clone();
				for (int n = random.nextInt(4); n >= 0; n--) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
				if (random.nextInt(10) == 0) bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
				try (PickleFile file = PickleFile.open(file(bytes))) {
					read++;
				}
				catch (final DiffEditException e) {
					assertTrue(e.getMessage().contains("x.bin"), e.getMessage());
				}
			}
			assertTrue(read > 0 && read < 2000, read + " read");
		});
	}

	private Path file(final byte[] content) throws IOException {
		return Files.write(folder.resolve("x.bin"), content);
	}
}
