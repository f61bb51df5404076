package sc.fiji.diffedit.tensor;

import java.util.Locale;

import ai.djl.ndarray.types.DataType;

/**
 * Element types, by PyTorch's names. Each knows its size in bytes, its number inside TorchScript programs
 * ({@code c10::ScalarType}), its word in a safetensors header and its type in DJL, which is {@code UNKNOWN} for the
 * two 8-bit floating point types: they can be stored and cast, not computed with.
 */
public enum DType {
	FLOAT32(4, 6, "F32", DataType.FLOAT32),
	FLOAT16(2, 5, "F16", DataType.FLOAT16),
	BFLOAT16(2, 15, "BF16", DataType.BFLOAT16),
	FLOAT64(8, 7, "F64", DataType.FLOAT64),
	FLOAT8_E4M3FN(1, 24, "F8_E4M3", DataType.UNKNOWN),
	FLOAT8_E5M2(1, 23, "F8_E5M2", DataType.UNKNOWN),
	INT64(8, 4, "I64", DataType.INT64),
	INT32(4, 3, "I32", DataType.INT32),
	INT16(2, 2, "I16", DataType.INT16),
	INT8(1, 1, "I8", DataType.INT8),
	UINT8(1, 0, "U8", DataType.UINT8),
	BOOL(1, 11, "BOOL", DataType.BOOLEAN);

	private final int bytes;
	private final int torchCode;
	private final String safetensorsName;
	private final DataType djl;

	DType(final int bytes, final int torchCode, final String safetensorsName, final DataType djl) {
		this.bytes = bytes;
		this.torchCode = torchCode;
		this.safetensorsName = safetensorsName;
		this.djl = djl;
	}

	/** Size of one element in bytes. */
	public int bytes() {
		return bytes;
	}

	/** The number of this type in TorchScript. */
	public int torchCode() {
		return torchCode;
	}

	/** The word for this type in the header of a safetensors file, such as {@code BF16}. */
	public String safetensorsName() {
		return safetensorsName;
	}

	public boolean isFloatingPoint() {
		return name().contains("FLOAT");
	}

	DataType djl() {
		return djl;
	}

	/** The type whose {@link #torchCode()} is the given number. */
	static DType ofTorchCode(final long code) {
		for (final DType type : values()) {
			if (type.torchCode == code) return type;
		}
		throw new IllegalArgumentException("no element type has the number " + code);
	}

	/** The type of a word in a safetensors header, or null when there is none. */
	public static DType ofSafetensors(final String word) {
		for (final DType type : values()) {
			if (type.safetensorsName.equals(word)) return type;
		}
		return null;
	}

	/** PyTorch's name, such as {@code bfloat16}, for messages. */
	public String torchName() {
		return name().toLowerCase(Locale.ROOT);
	}

	/** The type of PyTorch's lower-case name, such as {@code bfloat16}. */
	public static DType of(final String name) {
		return valueOf(name.toUpperCase(Locale.ROOT));
	}
}
