package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Hostile;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** GGUF files hold the numbers that the Python package gguf 0.19.0 computes for them; the files are from {@code scripts/goldens/gguf_forms.py}. */
@ExtendWith(NoNativeLeaks.InScope.class)
class GgufFileTest {

	private static final String PREFIX = "model.diffusion_model.";

	@TempDir
	Path temp;

	@ParameterizedTest
	@EnumSource(GgufType.class)
	void everyTypeHasThePackagesNumbersToTheBit(final GgufType type) {
		for (final WeightAccess reading : List.of(WeightAccess.MAPPED, WeightAccess.COPIED)) {
			try (WeightsFile blocks = WeightsFile.open(GoldenCase.model("gguf/types.gguf"), reading); WeightsFile expected = WeightsFile.open(GoldenCase.model("gguf/types.safetensors"))) {
				final String name = type.name();
				assertArrayEquals(expected.shape(name), blocks.shape(name));
				final Tensor numbers = blocks.get(name);
				assertEquals(blocks.dtype(name), numbers.dtype());
				assertArrayEquals(bits(expected.get(name)), bits(numbers), name);
			}
		}
	}

	private static int[] bits(final Tensor tensor) {
		final float[] values = tensor.to(DType.FLOAT32).toFloatArray();
		final int[] bits = new int[values.length];
		for (int i = 0; i < bits.length; i++) bits[i] = Float.floatToIntBits(values[i]);
		return bits;
	}

	// -- names --

	/** Bare original names, and kernels of convolutions in rows of 256 with their shape in the metadata. */
	@Test
	void aUNetOfComfyTakesThePlaceOfAnother() {
		final ModelOptions options = ModelOptions.DEFAULTS.withPart("unet", GoldenCase.model("gguf/comfy_sd1_unet.gguf"));
		try (ModelFolder own = ModelFolder.open(GoldenCase.model("sd1")); ModelFolder taken = ModelFolder.open(GoldenCase.model("sd1"), options)) {
			assertEquals(own.weights("unet").names(), taken.weights("unet").names());
			assertTrue(taken.weights("unet").storedByteCount() < 0.5 * own.weights("unet").storedByteCount());
			assertClose(own.weights("unet"), taken.weights("unet"));
		}
	}

	/** Eight bits and five bits are a few hundredths of the largest number off, wrong places are much further. */
	private static void assertClose(final Weights expected, final Weights found) {
		for (final String name : expected.names()) {
			try (Scope scope = Scope.open()) {
				final float[] right = expected.get(name).to(DType.FLOAT32).toFloatArray();
				final float[] got = found.get(name).to(DType.FLOAT32).toFloatArray();
				double largest = 0;
				double worst = 0;
				for (int i = 0; i < right.length; i++) {
					largest = Math.max(largest, Math.abs(right[i]));
					worst = Math.max(worst, Math.abs(right[i] - got[i]));
				}
				assertTrue(worst <= 0.05 * largest, name + " is off by " + worst / largest);
			}
		}
	}

	@Test
	void textEncodersAreReadInTheNamesOfLlamaCpp() {
		final Path folder = GoldenCase.model("sd1");
		try (ModelFolder own = ModelFolder.open(folder)) {
			final Weights encoder = own.weights("text_encoder");
			for (final boolean old : new boolean[] { false, true }) {
				final Path file = GgufBytes.of(encoder, name -> "t." + OddFiles.llama(name, old)).write(temp.resolve("clip" + old + ".gguf"));
				assertEquals("text encoder in one file", Inspection.of(file).kind());
				try (ModelFolder taken = ModelFolder.open(folder, ModelOptions.DEFAULTS.withPart("text_encoder", file))) {
					assertEquals(encoder.names(), taken.weights("text_encoder").names());
					for (final String name : encoder.names()) assertArrayEquals(bits(encoder.get(name)), bits(taken.weights("text_encoder").get(name)), name);
				}
			}
		}
	}

	/** The package's own names are diffusers': such a file of a UNet is one too. */
	@Test
	void aUNetMayHaveTheNamesOfDiffusers() {
		try (ModelFolder own = ModelFolder.open(GoldenCase.model("sd1"))) {
			final Path file = GgufBytes.of(own.weights("unet"), UnaryOperator.identity()).text("general.license", "MIT").write(temp.resolve("unet.gguf"));
			assertTrue(Inspection.of(file).lines().contains("licence: MIT"), Inspection.of(file).lines().toString());
			try (ModelFolder taken = ModelFolder.open(GoldenCase.model("sd1"), ModelOptions.DEFAULTS.withPart("unet", file))) {
				assertEquals(own.weights("unet").names(), taken.weights("unet").names());
			}
		}
	}

	// -- what cannot be --

	private static GgufBytes sound() {
		return new GgufBytes().text("general.architecture", "sd1").floats("a", new float[] { 1, 2 }, 2);
	}

	static Stream<Arguments> unsound() {
		return Stream.of(refused("version 1;", file -> file.version(1)), refused("version 9;", file -> file.version(9)), refused("big-endian", file -> file.version(3 << 24)),
			refused("claims 4611686018427387905 tensors", file -> file.claiming(0, 1L << 62)), refused("in its header", file -> file.claiming(0, 100)),
			refused("a text in its header claims 18446744073709551615 bytes", file -> file.raw("k", GgufBytes.STRING, -1, -1)), refused("unknown kind 77", file -> file.raw("k", 77)),
			refused("claims 1099511627776 bytes", file -> file.raw("k", GgufBytes.STRING, 0, 256)), refused("values", file -> file.raw("k", GgufBytes.ARRAY, 0, 0, 1 << 20)),
			refused("lie in one another 5 times", file -> file.raw("k", 9, 9, 1, 0, 9, 1, 0, 9, 1, 0, 9, 1, 0, 0, 1, 0)),
			refused("its metadata name 'general.architecture' twice", file -> file.text("general.architecture", "sd1")),
			refused("alignment is '7'", file -> file.number("general.alignment", 7)), refused("alignment is '48'", file -> file.number("general.alignment", 48)),
			refused("alignment is '4294967295'", file -> file.number("general.alignment", -1)), refused("'a' appears twice", file -> file.floats("a", new float[1], 1)),
			refused("overlaps", file -> file.describe("b", 0, 0, 2)), refused("unknown kind 13", file -> file.raw("k", 13)),
			refused("of 64 in steps of 32", file -> file.floats("b", new float[1], 1).describe("c", 0, 64, 2)),
			refused("steps of 32", file -> file.describe("b", 0, 4, 1)), refused("claims 8 bytes from 18446744073709551584 on", file -> file.describe("b", 0, -32, 2)),
			refused("cannot have the shape [-1]", file -> file.describe("b", 0, 0, -1)), refused("cannot have the shape [0]", file -> file.describe("b", 0, 0, 0)),
			refused("cannot have the shape [4611686018427387904, 4]", file -> file.describe("b", 0, 0, 1L << 62, 4)),
			refused("Q8_0 cannot have the shape [2, 33]", file -> file.describe("b", 8, 0, 2, 33)), refused("has 9 axes", file -> file.describe("b", 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1)),
			refused("holds 'b' in IQ4_XS; supported are F32, F16, BF16", file -> file.describe("b", 23, 0, 256)), refused("holds 'b' in MXFP4", file -> file.describe("b", 39, 0, 32)),
			refused("an unknown type (4294967295)", file -> file.describe("b", -1, 0, 32)),
			refused("shape [3] for tensor 'a', which has [2]", file -> file.numbers("comfy.gguf.orig_shape.a", 3)),
			refused("shape [-1] for tensor 'a'", file -> file.numbers("comfy.gguf.orig_shape.a", -1)));
	}

	private static Arguments refused(final String said, final Consumer<GgufBytes> change) {
		return Arguments.of(said, change);
	}

	@ParameterizedTest
	@MethodSource("unsound")
	void headersThatLieAreRefused(final String said, final Consumer<GgufBytes> change) {
		final GgufBytes bytes = sound();
		change.accept(bytes);
		final Path file = bytes.write(temp.resolve("x.gguf"));
		final String message = assertThrows(DiffEditException.class, () -> WeightsFile.open(file)).getMessage();
		assertTrue(message.contains(said), message);
	}

	@ParameterizedTest
	@ValueSource(ints = { 5, 20, 30, 90 })
	void truncatedFilesAreRefused(final int length) throws IOException {
		final Path file = Files.write(temp.resolve("x.gguf"), java.util.Arrays.copyOf(sound().bytes(), length));
		assertThrows(DiffEditException.class, () -> WeightsFile.open(file));
	}

	/** Whatever opens has tensors of the shapes that it names. */
	@Test
	void changedBytesAreReadOrRefused() throws IOException {
		final byte[] sound = Files.readAllBytes(GoldenCase.model("gguf/types.gguf"));
		final Hostile hostile = new Hostile(18);
		int read = 0;
		for (int i = 0; i < 300; i++) {
			final Path file = Files.write(temp.resolve("x.gguf"), hostile.bytes(sound, 1200));
			if (Hostile.survives("types " + i, () -> readAll(file))) read++;
		}
		assertTrue(read > 0 && read < 300, read + " read");
	}

	private static void readAll(final Path path) {
		try (WeightsFile file = WeightsFile.open(path)) {
			for (final String name : file.names()) {
				try (Scope scope = Scope.open()) {
					assertArrayEquals(file.shape(name), file.get(name).shape());
				}
			}
		}
	}

	/** Lists in lists and lists of texts are passed over to the byte, so that what follows is read; their lengths may be 0. */
	@Test
	void listsInTheMetadataArePassedOver() {
		final GgufBytes file = new GgufBytes().raw("lists", GgufBytes.ARRAY, GgufBytes.ARRAY, 2, 0, GgufBytes.INT32, 3, 0, 1, 2, 3, GgufBytes.STRING, 2, 0, 4, 0, 0x64636261, 0, 0)
			.raw("none", GgufBytes.ARRAY, GgufBytes.STRING, 0, 0).raw("texts", GgufBytes.ARRAY, GgufBytes.STRING, 3, 0, 0, 0, 4, 0, 0x64636261, 8, 0, 0x64636261, 0x68676665)
			.raw("deep", GgufBytes.ARRAY, 9, 1, 0, 9, 1, 0, 9, 1, 0, GgufBytes.UINT32, 1, 0, 7).numbers("list", 1, 2).text("general.license", "MIT").floats("a", new float[] { 1, 2 }, 2);
		try (WeightsFile read = WeightsFile.open(file.write(temp.resolve("x.gguf")))) {
			assertEquals(Map.of("list", "1,2", "general.license", "MIT"), read.metadata());
			assertArrayEquals(new float[] { 1, 2 }, read.get("a").toFloatArray());
		}
	}

	/** Of all kinds, signed and unsigned; the word's bytes that a kind leaves over are the beginning of the next key. */
	@Test
	void numbersInTheMetadataAreReadByTheirKinds() throws IOException {
		final ByteArrayOutputStream values = new ByteArrayOutputStream();
		final Object[][] kinds = { { 0, "ff" }, { 1, "ff" }, { 2, "ffff" }, { 3, "feff" }, { 4, "ffffffff" }, { 5, "fdffffff" }, { 6, "0000c03f" }, { 7, "01" }, { 7, "00" },
			{ 10, "ffffffffffffffff" }, { 11, "fcffffffffffffff" }, { 12, "000000000000f83f" } };
		for (int i = 0; i < kinds.length; i++) {
			values.writeBytes(ByteBuffer.allocate(13).order(ByteOrder.LITTLE_ENDIAN).putLong(1).put((byte) ('a' + i)).putInt((int) kinds[i][0]).array());
			values.writeBytes(HexFormat.of().parseHex((String) kinds[i][1]));
		}
		final Path file = Files.write(temp.resolve("x.gguf"), header(kinds.length, values.toByteArray()));
		final List<String> expected = List.of("255", "-1", "65535", "-2", "4294967295", "-3", "1.5", "true", "false", "18446744073709551615", "-4", "1.5");
		try (WeightsFile read = WeightsFile.open(file)) {
			for (int i = 0; i < kinds.length; i++) assertEquals(expected.get(i), read.metadata().get(Character.toString('a' + i)), "kind " + kinds[i][0]);
			assertEquals(Set.of(), read.names());
		}
	}

	private static byte[] header(final int keys, final byte[] metadata) {
		return ByteBuffer.allocate(24 + metadata.length).order(ByteOrder.LITTLE_ENDIAN).put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3).putLong(0).putLong(keys).put(metadata).array();
	}

	/** A text, a list or a header may end with the file and not after it; a tensor may. */
	@Test
	void aFileMayEndWithItsHeader() throws IOException {
		final byte[] text = new GgufBytes().text("k", "v".repeat(200_000)).bytes();
		final int length = 24 + 8 + 1 + 4 + 8 + 200_000;
		try (WeightsFile read = WeightsFile.open(Files.write(temp.resolve("x.gguf"), Arrays.copyOf(text, length)))) {
			assertEquals(200_000, read.metadata().get("k").length());
		}
		says("claims 200000 bytes", Arrays.copyOf(text, length - 1));
		final byte[] list = new GgufBytes().numbers("k", 1, 2, 3).bytes();
		try (WeightsFile read = WeightsFile.open(Files.write(temp.resolve("y.gguf"), Arrays.copyOf(list, 24 + 8 + 1 + 4 + 12 + 12)))) {
			assertEquals("1,2,3", read.metadata().get("k"));
		}
		says("goes on after byte", Arrays.copyOf(list, 24 + 8 + 1 + 4 + 12 + 11));
		says("it has", Arrays.copyOf(list, 3));
	}

	private void says(final String said, final byte[] bytes) throws IOException {
		final Path file = Files.write(temp.resolve("z.gguf"), bytes);
		final String message = assertThrows(DiffEditException.class, () -> WeightsFile.open(file)).getMessage();
		assertTrue(message.contains(said), message);
	}

	@ParameterizedTest
	@ValueSource(ints = { 8, 32, 4096 })
	void tensorsBeginAtMultiplesOfTheAlignment(final int alignment) throws IOException {
		final byte[] bytes = new GgufBytes().number("general.alignment", alignment).describe("b", 0, alignment, 1).describe("a", 0, 0, 1).bytes();
		final int header = 24 + 8 + 17 + 4 + 4 + 2 * (8 + 1 + 4 + 8 + 4 + 8), start = (header + alignment - 1) / alignment * alignment;
		final byte[] all = Arrays.copyOf(Arrays.copyOf(bytes, header), start + alignment + 4);
		ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putFloat(start, 3).putFloat(start + alignment, 4);
		try (WeightsFile read = WeightsFile.open(Files.write(temp.resolve("x.gguf"), all))) {
			assertArrayEquals(new float[] { 3 }, read.get("a").toFloatArray());
			assertArrayEquals(new float[] { 4 }, read.get("b").toFloatArray());
		}
		says("it is truncated or was changed", Arrays.copyOf(all, all.length - 1));
	}

	/** Rows of quantised numbers stay quantised where they are whole blocks. */
	@Test
	void rowsOfBlocksAreBlocks() {
		try (WeightsFile file = WeightsFile.open(GoldenCase.model("gguf/types.gguf")); Scope inner = Scope.open()) {
			final QuantisedTensor all = file.quantised("Q8_0").orElseThrow().reshaped(8, file.get("Q8_0").toFloatArray().length / 8);
			final float[] numbers = all.numbers().toFloatArray();
			final int row = numbers.length / 8;
			final QuantisedTensor some = all.rows(2, 5).orElseThrow();
			assertArrayEquals(new long[] { 3, row }, some.shape());
			assertArrayEquals(Arrays.copyOfRange(numbers, 2 * row, 5 * row), some.numbers().toFloatArray());
			assertEquals(numbers.length / 32 * 34, all.byteCount());
			final QuantisedTensor narrow = all.reshaped(numbers.length / 16, 16);
			assertEquals(Optional.empty(), narrow.rows(1, 4));
			assertEquals(Optional.empty(), narrow.rows(2, 5));
			assertArrayEquals(Arrays.copyOfRange(numbers, 32, 64), narrow.rows(2, 4).orElseThrow().numbers().toFloatArray());
		}
	}

	@Test
	void metadataAreReadAsTexts() {
		final Path file = sound().number("n", 7).numbers("list", 3, -4).raw("floats", GgufBytes.ARRAY, 6, 1, 0, 0).raw("truth", 7, 0).text("license", "MIT").write(temp.resolve("x.gguf"));
		assertThrows(DiffEditException.class, () -> WeightsFile.open(file), "a truth value has one byte");
		try (WeightsFile read = WeightsFile.open(sound().number("n", 7).numbers("list", 3, -4).raw("floats", GgufBytes.ARRAY, 6, 1, 0, 0).write(temp.resolve("y.gguf")))) {
			assertEquals(Map.of("general.architecture", "sd1", "n", "7", "list", "3,-4"), read.metadata());
			assertArrayEquals(new float[] { 1, 2 }, read.get("a").toFloatArray());
			assertThrows(DiffEditException.class, () -> read.get("b"));
		}
	}
}
