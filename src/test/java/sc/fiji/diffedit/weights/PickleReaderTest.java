package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.weights.PickleObjects.Storage;
import sc.fiji.diffedit.weights.PickleObjects.StoredTensor;
import sc.fiji.diffedit.weights.PickleObjects.Tuple;

/** Each instruction and each name that a pickle may use, with the value that Python's pickle makes of it, and what is one beyond. */
class PickleReaderTest {

	private static Object read(final PickleBytes pickle) {
		return new PickleReader("x.bin", ByteBuffer.wrap(pickle.op('.').bytes())).read();
	}

	private static PickleBytes pickle(final int... ops) {
		return new PickleBytes().op(ops);
	}

	private static Tuple tuple(final Object... items) {
		return new Tuple(Arrays.asList(items));
	}

	private static PickleBytes builtin(final String name) {
		return new PickleBytes().global("builtins", name);
	}

	// -- instructions --

	static Stream<Arguments> values() {
		return Stream.of(
			Arguments.of("DUP", pickle('K', 7, '2', 0x86), tuple(7L, 7L)), Arguments.of("POP_MARK", pickle('K', 1, '(', 'K', 2, 'K', 3, '1'), 1L),
			Arguments.of("TUPLE3", pickle('K', 1, 'K', 2, 'K', 3, 0x87), tuple(1L, 2L, 3L)), Arguments.of("LIST", pickle('(', 'K', 1, 'N', 'l'), Arrays.asList(1L, null)),
			Arguments.of("DICT", pickle('(', 'K', 1, 'K', 2, 'd'), Map.of(1L, 2L)), Arguments.of("APPEND", pickle(']', 'K', 5, 'a'), List.of(5L)),
			Arguments.of("EMPTY_SET, ADDITEMS", pickle(0x8f, '(', 'K', 3, 'K', 1, 0x90), List.of(3L, 1L)), Arguments.of("FROZENSET", pickle('(', 'K', 3, 'K', 1, 0x91), List.of(3L, 1L)),
			Arguments.of("LONG_BINPUT, LONG_BINGET", pickle('K', 9, 'r').int32(70_000).op('0', 'j').int32(70_000), 9L), Arguments.of("PUT, GET", pickle('K', 9).ops("p12\n0g12\n"), 9L),
			Arguments.of("BINPUT, BINGET", pickle('K', 9, 'q', 255, '0', 'h', 255), 9L), Arguments.of("MEMOIZE", pickle('K', 8, 0x94, 'K', 9, 0x94, '0', '0', 'h', 1), 9L),
			Arguments.of("SHORT_BINUNICODE", pickle(0x8c, 2, 'a', 'b'), "ab"), Arguments.of("SHORT_BINSTRING", pickle('U', 2, 'a', 'b'), "ab"), Arguments.of("SHORT_BINBYTES", pickle('C', 1, 'a'), "a"),
			Arguments.of("BINUNICODE8", pickle(0x8d).int64(3).ops("abc"), "abc"), Arguments.of("BINBYTES8", pickle(0x8e).int64(0), ""), Arguments.of("BINSTRING", pickle('T').int32(2).ops("ab"), "ab"),
			Arguments.of("BINBYTES", pickle('B').int32(2).ops("ab"), "ab"), Arguments.of("UNICODE", new PickleBytes().ops("Vab'\n"), "ab'"),
			Arguments.of("STRING", new PickleBytes().ops("S'a'\n"), "a"), Arguments.of("STRING, \"", new PickleBytes().ops("S\"a\"\n"), "a"), Arguments.of("STRING, bare", new PickleBytes().ops("Sab\n"), "ab"),
			Arguments.of("STRING, empty", new PickleBytes().ops("S''\n"), ""), Arguments.of("STRING, one quote", new PickleBytes().ops("S'\n"), "'"),
			Arguments.of("the longest line", new PickleBytes().ops("V" + "a".repeat(4096) + "\n"), "a".repeat(4096)));
	}

	static Stream<Arguments> numbers() {
		final BigInteger two63 = BigInteger.ONE.shiftLeft(63);
		return Stream.of(
			Arguments.of("LONG1", pickle(0x8a, 2, 0x2c, 1), 300L), Arguments.of("LONG1, nothing", pickle(0x8a, 0), 0L), Arguments.of("LONG1, negative", pickle(0x8a, 2, 0, 0x80), -32768L),
			Arguments.of("LONG4", pickle(0x8b).int32(2).op(0x2c, 1), 300L), Arguments.of("the largest long", pickle(0x8a, 8, 255, 255, 255, 255, 255, 255, 255, 127), Long.MAX_VALUE),
			Arguments.of("the smallest long", pickle(0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 128), Long.MIN_VALUE), Arguments.of("one more", pickle(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 128, 0), two63),
			Arguments.of("16 bytes", pickle(0x8a, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), BigInteger.ONE.shiftLeft(120)),
			Arguments.of("INT", new PickleBytes().ops("I-7\n"), -7L), Arguments.of("True", new PickleBytes().ops("I01\n"), true), Arguments.of("False", new PickleBytes().ops("I00\n"), false),
			Arguments.of("LONG", new PickleBytes().ops("L9223372036854775808L\n"), two63), Arguments.of("LONG, bare", new PickleBytes().ops("L12\n"), 12L),
			Arguments.of("40 digits", new PickleBytes().ops("L" + "9".repeat(40) + "\n"), new BigInteger("9".repeat(40))), Arguments.of("BININT2", pickle('M', 255, 255), 65535L));
	}

	static Stream<Arguments> objects() {
		final PickleBytes pair = new PickleBytes().op('(').op('(').text("a").op('K', 1, 't').op(']', '(').text("b").op('K', 2, 'e').op('l', 0x85);
		return Stream.of(
			Arguments.of("STACK_GLOBAL", new PickleBytes().text("collections").text("OrderedDict").op(0x93, ')', 'R'), Map.of()),
			Arguments.of("a dictionary of pairs", new PickleBytes().global("collections", "OrderedDict").raw(pair.bytes()).op('R'), Map.of("a", 1L, "b", 2L)),
			Arguments.of("a counter", new PickleBytes().global("collections", "Counter").op('(', 'K', 1, 'K', 2, 'd', 0x85, 'R'), Map.of(1L, 2L)),
			Arguments.of("an empty counter", new PickleBytes().global("collections", "Counter").op(')', 'R'), Map.of()),
			Arguments.of("a set", builtin("set").op('(', 'K', 1, 'l', 0x85, 'R'), List.of(1L)), Arguments.of("an empty set", builtin("set").op(')', 'R'), List.of()),
			Arguments.of("a size", new PickleBytes().global("torch", "Size").op('K', 1, 0x85, 0x85, 'R'), tuple(1L)), Arguments.of("a device", new PickleBytes().global("torch", "device").text("cpu").op(0x85, 'R'), "cpu"),
			Arguments.of("bytes", new PickleBytes().global("_codecs", "encode").text("ab").text("latin1").op(0x86, 'R'), "ab"),
			Arguments.of("parameters", new PickleBytes().global("torch.nn.modules.container", "ParameterDict").op(')', 0x81).op('}').text("_parameters").op('}').text("w").op('K', 1, 's', 's', 'b'), Map.of("w", 1L)),
			Arguments.of("attributes of a dictionary", pickle('}', 'N', 'b'), Map.of()),
			Arguments.of("a tuple as a name", new PickleBytes().op('}', '(').text("a").op('K', 1, 0x88, 't', 'N', 's'), java.util.Collections.singletonMap("[a, 1, true]", null)),
			Arguments.of("a text of the rest", pickle('X').int32(1).op('.'), "."));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource({ "values", "numbers", "objects" })
	void madeAsPythonMakesIt(final String what, final PickleBytes pickle, final Object expected) {
		assertEquals(expected, read(pickle));
	}

	// -- tensors --

	private static PickleBytes storage(final String type) {
		return new PickleBytes().op('(').text("storage").global(type.contains("Untyped") ? "torch.storage" : "torch", type).text("k").text("cpu").number(6).op('t', 'Q');
	}

	private static PickleBytes arguments(final String type) {
		return new PickleBytes().op('(').raw(storage(type).bytes()).number(1).tuple(2, 1).tuple(1, 2).op(0x89).global("collections", "OrderedDict").op(')', 'R');
	}

	@Test
	void tensorsOfEachForm() {
		for (final String form : List.of("tensor", "tensor_v2")) {
			check("torch.HalfStorage", read(new PickleBytes().global("torch._utils", "_rebuild_" + form).raw(arguments("HalfStorage").bytes()).op('t', 'R')));
		}
		check("torch.float8_e4m3fn", read(new PickleBytes().global("torch._utils", "_rebuild_tensor_v3").raw(arguments("UntypedStorage").bytes()).global("torch", "float8_e4m3fn").op('t', 'R')));
		final PickleBytes inner = new PickleBytes().global("torch._utils", "_rebuild_tensor_v2").raw(arguments("HalfStorage").bytes()).op('t', 'R');
		check("torch.HalfStorage", read(new PickleBytes().global("torch._utils", "_rebuild_parameter").op('(').raw(inner.bytes()).op(0x88, 't', 'R')));
	}

	private static void check(final String type, final Object made) {
		final StoredTensor tensor = (StoredTensor) made;
		assertEquals(new Storage(type, "k", 6), tensor.storage());
		assertEquals(1, tensor.offset());
		assertArrayEquals(new long[] { 2, 1 }, tensor.shape());
		assertArrayEquals(new long[] { 1, 2 }, tensor.stride());
	}

	// -- what cannot be --

	static Stream<Arguments> refused() {
		final PickleBytes v3 = new PickleBytes().global("torch._utils", "_rebuild_tensor_v3");
		final int[] axes = new int[65];
		return Stream.of(
			Arguments.of(pickle(0x8a, 17).raw(new byte[17]), "a number of 17 bytes"), Arguments.of(new PickleBytes().ops("L" + "9".repeat(41) + "\n"), "a number of 41 digits"),
			Arguments.of(new PickleBytes().ops("V" + "a".repeat(4097) + "\n"), "a line of more than 4096 characters"), Arguments.of(pickle('X').int32(2), "a text longer than itself"),
			Arguments.of(pickle(0x8a, 2), "a text longer than itself"), Arguments.of(pickle(' '), "instruction '0x20'"), Arguments.of(pickle('!'), "instruction '!'"),
			Arguments.of(pickle('~'), "instruction '~'"), Arguments.of(pickle(127), "instruction '0x7f'"), Arguments.of(pickle('K', 1, 'N', 'b'), "attributes (none)"),
			Arguments.of(pickle('N', 'K', 1, 0x93), "a class has no name"), Arguments.of(pickle('N', ')', 0x81), "an object of what is no class"),
			Arguments.of(new PickleBytes().global("torch.nn.modules.container", "ParameterDict").op('K', 1, 0x85, 0x81), "an object of torch.nn.modules.container.ParameterDict"),
			Arguments.of(new PickleBytes().global("collections", "OrderedDict").op('K', 1, 0x85, 'R'), "items that are not pairs"),
			Arguments.of(new PickleBytes().global("collections", "OrderedDict").op('(', 'K', 1, 'l', 0x85, 'R'), "a name without a value"),
			Arguments.of(new PickleBytes().global("torch", "device").op(')', 'R'), "wrong parts"), Arguments.of(new PickleBytes().global("torch", "device").op('K', 1, 0x85, 'R'), "wrong parts"),
			Arguments.of(new PickleBytes().global("collections", "Counter").op('K', 1, 0x85, 'R'), "wrong parts"), Arguments.of(builtin("set").op('K', 1, 0x85, 'R'), "wrong parts"),
			Arguments.of(pickle('}', 'N', 0x85, 'N', 's'), "neither text nor number"), Arguments.of(pickle('}', ')', 0x85, 'N', 's'), "neither text nor number"),
			Arguments.of(new PickleBytes().raw(v3.bytes()).raw(arguments("UntypedStorage").bytes()).op('t', 'R'), "wrong parts"),
			Arguments.of(new PickleBytes().raw(v3.bytes()).raw(arguments("UntypedStorage").bytes()).op('N', 't', 'R'), "wrong parts"),
			Arguments.of(new PickleBytes().raw(v3.bytes()).raw(arguments("UntypedStorage").bytes()).global("torch", "Size").op('t', 'R'), "wrong parts"),
			Arguments.of(new PickleBytes().global("torch._utils", "_rebuild_tensor").op('(').raw(storage("HalfStorage").bytes()).number(0).tuple(1).op('t', 'R'), "wrong parts"),
			Arguments.of(new PickleBytes().global("torch._utils", "_rebuild_tensor").op('(').raw(storage("HalfStorage").bytes()).number(0).tuple(axes).tuple(axes).op('t', 'R'), "more than 64 axes"),
			Arguments.of(new PickleBytes().ops("N0".repeat(500_000)), "more than 1000000 steps"));
	}

	@ParameterizedTest(name = "{1}")
	@MethodSource("refused")
	void whatCannotBeIsSaidInASentence(final PickleBytes pickle, final String said) {
		final String message = assertThrows(DiffEditException.class, () -> read(pickle)).getMessage();
		assertTrue(message.contains(said), message);
	}

	@Test
	void asManyStepsAsAreAllowed() {
		assertEquals(null, read(new PickleBytes().ops("N0".repeat(499_999) + "N")));
	}
}
