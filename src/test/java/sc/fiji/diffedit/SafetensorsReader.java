package sc.fiji.diffedit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Weights;

/** A trusted safetensors file of the test tree, read whole. */
public final class SafetensorsReader implements Weights {

	private final ByteBuffer bytes;
	private final JsonObject header;
	private final int start;
	private final String source;

	public SafetensorsReader(final Path file) {
		try {
			final byte[] content = Files.readAllBytes(file);
			bytes = ByteBuffer.allocateDirect(content.length).order(ByteOrder.LITTLE_ENDIAN).put(content).flip();
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
		start = 8 + (int) bytes.order(ByteOrder.LITTLE_ENDIAN).getLong(0);
		final byte[] text = new byte[start - 8];
		bytes.get(8, text);
		header = JsonParser.parseString(new String(text, StandardCharsets.UTF_8)).getAsJsonObject();
		header.remove("__metadata__");
		source = file.toString();
	}

	@Override
	public Set<String> names() {
		return header.keySet();
	}

	@Override
	public long[] shape(final String name) {
		return header.getAsJsonObject(name).getAsJsonArray("shape").asList().stream().mapToLong(e -> e.getAsLong()).toArray();
	}

	@Override
	public DType dtype(final String name) {
		return DType.ofSafetensors(header.getAsJsonObject(name).get("dtype").getAsString());
	}

	@Override
	public Tensor get(final String name) {
		final JsonArray offsets = header.getAsJsonObject(name).getAsJsonArray("data_offsets");
		final int from = start + offsets.get(0).getAsInt();
		return Tensor.copyOf(bytes.slice(from, start + offsets.get(1).getAsInt() - from), dtype(name), shape(name));
	}

	@Override
	public String source() {
		return source;
	}
}
