package sc.fiji.diffedit.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import sc.fiji.diffedit.tensor.DType;

/** Writes GGUF files, also such as no program writes. */
public final class GgufBytes {

	static final int UINT32 = 4, INT32 = 5, STRING = 8, ARRAY = 9;

	private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
	private final ByteArrayOutputStream infos = new ByteArrayOutputStream();
	private final ByteArrayOutputStream data = new ByteArrayOutputStream();
	private int version = 3;
	private long keys;
	private long tensors;

	GgufBytes version(final int number) {
		version = number;
		return this;
	}

	/** Other counts than what follows. */
	GgufBytes claiming(final long moreKeys, final long moreTensors) {
		keys += moreKeys;
		tensors += moreTensors;
		return this;
	}

	public GgufBytes text(final String key, final String value) {
		return key(key, STRING).bytes(metadata, string(value));
	}

	GgufBytes number(final String key, final int value) {
		return key(key, UINT32).bytes(metadata, int32(value));
	}

	GgufBytes numbers(final String key, final int... values) {
		key(key, ARRAY).bytes(metadata, int32(INT32)).bytes(metadata, int64(values.length));
		for (final int value : values) bytes(metadata, int32(value));
		return this;
	}

	/** A key whose value begins with these numbers of 32 bits, whatever they mean. */
	GgufBytes raw(final String key, final int kind, final long... words) {
		key(key, kind);
		for (final long word : words) bytes(metadata, int32((int) word));
		return this;
	}

	private GgufBytes key(final String key, final int kind) {
		keys++;
		return bytes(metadata, string(key)).bytes(metadata, int32(kind));
	}

	/** @param shape as in PyTorch */
	public GgufBytes tensor(final String name, final int type, final byte[] values, final long... shape) {
		describe(name, type, data.size(), shape);
		bytes(data, values);
		return bytes(data, new byte[(32 - data.size() % 32) % 32]);
	}

	/** A tensor in 32 bits. */
	public GgufBytes floats(final String name, final float[] values, final long... shape) {
		final ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
		bytes.asFloatBuffer().put(values);
		return tensor(name, 0, bytes.array(), shape);
	}

	/** A tensor without numbers. */
	GgufBytes describe(final String name, final int type, final long offset, final long... shape) {
		tensors++;
		bytes(infos, string(name)).bytes(infos, int32(shape.length));
		for (int i = shape.length - 1; i >= 0; i--) bytes(infos, int64(shape[i]));
		return bytes(infos, int32(type)).bytes(infos, int64(offset));
	}

	private GgufBytes bytes(final ByteArrayOutputStream to, final byte[] values) {
		to.writeBytes(values);
		return this;
	}

	private static byte[] int32(final int value) {
		return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
	}

	private static byte[] int64(final long value) {
		return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
	}

	private static byte[] string(final String text) {
		final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(8 + bytes.length).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.length).put(bytes).array();
	}

	byte[] bytes() {
		final ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (final byte[] part : List.of("GGUF".getBytes(StandardCharsets.US_ASCII), int32(version), int64(tensors), int64(keys), metadata.toByteArray(), infos.toByteArray())) all.writeBytes(part);
		all.writeBytes(new byte[(32 - all.size() % 32) % 32]);
		all.writeBytes(data.toByteArray());
		return all.toByteArray();
	}

	public Path write(final Path file) {
		try {
			return Files.write(file, bytes());
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** The names of a file's tensors, changed, with numbers in 32 bits. */
	static GgufBytes of(final Weights weights, final UnaryOperator<String> rename) {
		final GgufBytes file = new GgufBytes();
		for (final String name : new ArrayList<>(weights.names())) {
			if (rename.apply(name) != null) file.floats(rename.apply(name), weights.get(name).to(DType.FLOAT32).toFloatArray(), weights.shape(name));
		}
		return file;
	}
}
