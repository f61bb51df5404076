package sc.fiji.diffedit.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * What {@code scripts/benchmark} asks a worker to do: one line of JSON with {@code op} and its values. Arrays of numbers lie
 * in files of raw little-endian 32-bit floats, named with their shape: {@code {"file": "x.f32", "shape": [2, 4, 32, 32]}}.
 */
final class BenchmarkJob {

	private final JsonObject values;

	private BenchmarkJob(final JsonObject values) {
		this.values = values;
	}

	static BenchmarkJob of(final String line) {
		return new BenchmarkJob(JsonParser.parseString(line).getAsJsonObject());
	}

	private JsonElement value(final String name) {
		if (!values.has(name)) throw new IllegalArgumentException("the job lacks '" + name + "'");
		return values.get(name);
	}

	String op() {
		return text("op");
	}

	boolean has(final String name) {
		return values.has(name);
	}

	String text(final String name) {
		return value(name).getAsString();
	}

	int number(final String name) {
		return value(name).getAsInt();
	}

	List<String> texts(final String name) {
		final List<String> texts = new ArrayList<>();
		value(name).getAsJsonArray().forEach(text -> texts.add(text.getAsString()));
		return texts;
	}

	/** Whether the answer should be that of diffusers, rather than that of the paper. */
	boolean isParity() {
		return text("mode").equals("parity");
	}

	/** The array of that name, in the innermost scope. */
	Tensor tensor(final String name, final DType dtype) {
		final JsonObject array = value(name).getAsJsonObject();
		final JsonElement[] sizes = array.getAsJsonArray("shape").asList().toArray(new JsonElement[0]);
		final long[] shape = new long[sizes.length];
		for (int i = 0; i < shape.length; i++) shape[i] = sizes[i].getAsLong();
		return Tensor.of(read(Path.of(array.get("file").getAsString())), shape).to(dtype);
	}

	/** The image: a file of bytes, red, green and blue of each pixel, with its sides. */
	Picture picture() {
		final JsonObject image = value("image").getAsJsonObject();
		final byte[] bytes = bytes(Path.of(image.get("file").getAsString()));
		final int[] rgb = new int[bytes.length / 3];
		for (int i = 0; i < rgb.length; i++) rgb[i] = (bytes[3 * i] & 255) << 16 | (bytes[3 * i + 1] & 255) << 8 | bytes[3 * i + 2] & 255;
		return Picture.ofRgb(image.get("width").getAsInt(), image.get("height").getAsInt(), rgb);
	}

	/** Writes arrays to the files that the job wants them in; names that it does not list are left out. */
	void write(final Map<String, float[]> results) {
		if (!has("results")) return;
		final JsonObject files = value("results").getAsJsonObject();
		results.forEach((name, numbers) -> {
			if (files.has(name)) write(Path.of(files.get(name).getAsString()), numbers);
		});
	}

	private static void write(final Path file, final float[] numbers) {
		final ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
		bytes.asFloatBuffer().put(numbers);
		try {
			Files.write(file, bytes.array());
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private static float[] read(final Path file) {
		final ByteBuffer bytes = ByteBuffer.wrap(bytes(file)).order(ByteOrder.LITTLE_ENDIAN);
		final float[] numbers = new float[bytes.remaining() / 4];
		bytes.asFloatBuffer().get(numbers);
		return numbers;
	}

	private static byte[] bytes(final Path file) {
		try {
			return Files.readAllBytes(file);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}
}
