package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import com.google.gson.stream.JsonWriter;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Writes safetensors files, so that tensors begin at multiples of 64 bytes: in the last bits matrix products may depend on where
 * in memory their numbers lie, and files are mapped. Those that fill no whole multiple come last, wide types first. Names are in
 * order, so that equal contents make equal files. The file appears under its name only when it is complete.
 */
public final class SafetensorsWriter {

	private static final int ALIGNMENT = MappedFile.ALIGNMENT;

	private SafetensorsWriter() {}

	/** Writes tensors as they are. */
	public static void write(final Path file, final Map<String, Tensor> tensors, final Map<String, String> metadata) {
		write(file, new MemoryWeights(file.getFileName().toString(), tensors), tensors.keySet(), null, metadata);
	}

	/**
	 * Writes some tensors of a source, one at a time, so that no more than one of them is in memory.
	 *
	 * @param floats type for all floating point tensors, or null to keep each one's own
	 * @throws DiffEditException if the file cannot be written, as on a full disk; what was there before is untouched then
	 */
	public static void write(final Path file, final Weights weights, final Collection<String> names, final DType floats, final Map<String, String> metadata) {
		try {
			replace(file, weights, names, floats, metadata);
		}
		catch (final IOException e) {
			throw new DiffEditException(file + " cannot be written (" + WholeFile.reason(e) + "); choose another place, or make room there.", e);
		}
	}

	/** The same for callers with a sentence of their own about what to do. */
	public static void replace(final Path file, final Weights weights, final Collection<String> names, final DType floats, final Map<String, String> metadata)
		throws IOException
	{
		final List<String> order = new ArrayList<>(names);
		order.sort(Comparator.comparing((String name) -> byteCount(weights, name, floats) % ALIGNMENT != 0)
			.thenComparing(name -> -target(weights, name, floats).bytes()).thenComparing(Comparator.naturalOrder()));
		final Path partial = Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + ".", ".partial");
		try {
			try (FileChannel out = FileChannel.open(partial, StandardOpenOption.WRITE)) {
				writeHeader(out, weights, order, floats, metadata);
				for (final String name : order) writeTensor(out, weights, name, floats);
			}
			WholeFile.move(partial, file);
		}
		finally {
			deleteQuietly(partial);
		}
	}

	/** The type in which a tensor is stored when floating point tensors shall have the given one. */
	static DType target(final Weights weights, final String name, final DType floats) {
		final DType stored = weights.dtype(name);
		return floats != null && stored.isFloatingPoint() ? floats : stored;
	}

	/** Bytes of a tensor when floating point tensors shall have the given type. */
	static long byteCount(final Weights weights, final String name, final DType floats) {
		return SafetensorsHeader.byteCount(target(weights, name, floats), weights.shape(name));
	}

	private static void writeHeader(final FileChannel out, final Weights weights, final List<String> order, final DType floats,
		final Map<String, String> metadata) throws IOException
	{
		final StringWriter text = new StringWriter();
		try (JsonWriter json = new JsonWriter(text)) {
			json.setHtmlSafe(false);
			json.beginObject();
			if (!metadata.isEmpty()) {
				json.name("__metadata__").beginObject();
				for (final Map.Entry<String, String> entry : metadata.entrySet()) json.name(entry.getKey()).value(entry.getValue());
				json.endObject();
			}
			long offset = 0;
			for (final String name : order) {
				final DType dtype = target(weights, name, floats);
				final long[] shape = weights.shape(name);
				final long end = Math.addExact(offset, byteCount(weights, name, floats));
				json.name(name).beginObject().name("dtype").value(dtype.safetensorsName()).name("shape").beginArray();
				for (final long length : shape) json.value(length);
				json.endArray().name("data_offsets").beginArray().value(offset).value(end).endArray().endObject();
				offset = end;
			}
			json.endObject();
		}
		final int length = text.toString().getBytes(StandardCharsets.UTF_8).length;
		final byte[] bytes = text.append(" ".repeat(Math.floorMod(-(Long.BYTES + length), ALIGNMENT))).toString().getBytes(StandardCharsets.UTF_8);
		writeFully(out, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.length).flip());
		writeFully(out, ByteBuffer.wrap(bytes));
	}

	private static void writeTensor(final FileChannel out, final Weights weights, final String name, final DType floats) throws IOException {
		try (Scope scope = Scope.open()) {
			if (SafetensorsHeader.byteCount(DType.BOOL, weights.shape(name)) == 0) return;
			writeFully(out, weights.get(name).to(target(weights, name, floats)).toBytes());
		}
	}

	private static void writeFully(final FileChannel out, final ByteBuffer bytes) throws IOException {
		while (bytes.hasRemaining()) out.write(bytes);
	}

	private static void deleteQuietly(final Path file) {
		try {
			Files.deleteIfExists(file);
		}
		catch (final IOException e) {
			// a leftover with a telling name does no harm
		}
	}
}
