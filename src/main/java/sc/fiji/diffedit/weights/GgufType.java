package sc.fiji.diffedit.weights;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * How a tensor of a GGUF file is stored: as plain numbers, or in blocks of so many numbers that share a scale. Numbers and layouts are
 * those of GGML ({@code ggml.h}, {@code ggml-common.h}); what blocks stand for is computed by {@code gguf.torchscript}.
 */
public enum GgufType {
	F32(0, DType.FLOAT32), F16(1, DType.FLOAT16), BF16(30, DType.BFLOAT16), F64(28, DType.FLOAT64), I8(24, DType.INT8), I16(25, DType.INT16), I32(26, DType.INT32),
	I64(27, DType.INT64), Q8_0(8, 32, 34), Q4_0(2, 32, 18), Q4_1(3, 32, 20), Q5_0(6, 32, 22), Q5_1(7, 32, 24), Q2_K(10, 256, 84), Q3_K(11, 256, 110), Q4_K(12, 256, 144),
	Q5_K(13, 256, 176), Q6_K(14, 256, 210);

	/** Names of the types that are not read, at the places of their numbers. */
	private static final String[] OTHERS = { "F32", "F16", "Q4_0", "Q4_1", "Q4_2", "Q4_3", "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K", "IQ2_XXS",
		"IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8", "I16", "I32", "I64", "F64", "IQ1_M", "BF16", "Q4_0_4_4", "Q4_0_4_8", "Q4_0_8_8", "TQ1_0", "TQ2_0",
		"IQ4_NL_4_4", "IQ4_NL_4_8", "IQ4_NL_8_8", "MXFP4", "NVFP4" };

	private final int number;
	private final DType plain;
	private final int blockNumbers;
	private final int blockBytes;

	GgufType(final int number, final DType plain) {
		this(number, plain, 1, plain.bytes());
	}

	GgufType(final int number, final int blockNumbers, final int blockBytes) {
		this(number, null, blockNumbers, blockBytes);
	}

	GgufType(final int number, final DType plain, final int blockNumbers, final int blockBytes) {
		this.number = number;
		this.plain = plain;
		this.blockNumbers = blockNumbers;
		this.blockBytes = blockBytes;
	}

	/** The type of a number; empty for one that is not read. */
	static Optional<GgufType> of(final long number) {
		return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
	}

	/** What messages call a type that is not read. */
	static String nameOf(final long number) {
		return number >= 0 && number < OTHERS.length ? OTHERS[(int) number] : "an unknown type (" + Long.toUnsignedString(number) + ")";
	}

	/** The names of all that are read. */
	static String names() {
		return Arrays.stream(values()).map(GgufType::name).collect(Collectors.joining(", "));
	}

	/** The element type of plain numbers; empty for blocks. */
	Optional<DType> plain() {
		return Optional.ofNullable(plain);
	}

	/** How many numbers a block has; 1 for plain ones. */
	int blockNumbers() {
		return blockNumbers;
	}

	/** Bytes of a block, or of a plain number. */
	int blockBytes() {
		return blockBytes;
	}

	/**
	 * The numbers that blocks stand for, on the device of the bytes, in the innermost scope.
	 *
	 * @param bytes whole blocks, on one axis
	 */
	Tensor numbers(final Tensor bytes, final long... shape) {
		try (Scope scope = Scope.open()) {
			return scope.keep(Kernels.load("gguf").call(name().toLowerCase(Locale.ROOT), bytes.reshape(-1, blockBytes)).reshape(shape));
		}
	}
}
