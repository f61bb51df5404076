package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;

/**
 * The table of contents of a safetensors file: 8 bytes of length (little-endian), JSON, then the numbers of all tensors
 * without holes. Every field is checked against the others and against the size of the file before anything relies on it.
 * Format: https://github.com/huggingface/safetensors, section "Format".
 */
final class SafetensorsHeader {

	/** The reference implementation's limit; trainers put whole lists of captions into metadata. */
	private static final long MAX_BYTES = 100_000_000;
	/** Types of the format that nothing here reads. */
	private static final String UNREAD = "U16|U32|U64|C64|F4|F6_E[23]M[23]|F8_E8M0|F8_E[45]M[23]FNUZ";
	private static final int MAX_TENSORS = 50_000;
	private static final int MAX_AXES = 64;

	/**
	 * The position of a tensor; offsets are from the start of the file.
	 *
	 * @param dtype {@code UINT8} for types that are not read
	 * @param unread the name of such a type; empty for others
	 */
	record Entry(String name, DType dtype, Optional<String> unread, long[] shape, long begin, long end) {

		long bytes() {
			return end - begin;
		}
	}

	private final String source;
	private final long dataStart;
	private final long fileSize;
	private final Map<String, Entry> entries = new LinkedHashMap<>();
	private final Map<String, String> metadata = new LinkedHashMap<>();

	private SafetensorsHeader(final String source, final long dataStart, final long fileSize) {
		this.source = source;
		this.dataStart = dataStart;
		this.fileSize = fileSize;
	}

	/** Reads and checks the header of an open file. */
	static SafetensorsHeader read(final String source, final FileChannel file) throws IOException {
		final long size = file.size();
		if (size < 10) throw damaged(source, "it has " + Counted.of(size, "byte") + ", fewer than any safetensors file");
		final long length = bytes(source, file, 0, 8).getLong();
		if (length < 2 || length > MAX_BYTES || length > size - 8) {
			throw damaged(source, "its header claims " + Counted.of(Long.toUnsignedString(length), "byte") + " in a file of " + size);
		}
		final SafetensorsHeader header = new SafetensorsHeader(source, 8 + length, size);
		header.parse(text(source, bytes(source, file, 8, (int) length)));
		header.sortAndCheckCover();
		return header;
	}

	private static ByteBuffer bytes(final String source, final FileChannel file, final long position, final int count) throws IOException {
		final ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
		while (bytes.hasRemaining()) {
			if (file.read(bytes, position + bytes.position()) < 0) throw damaged(source, "it ends inside its header");
		}
		return bytes.flip();
	}

	private static String text(final String source, final ByteBuffer bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
				.onUnmappableCharacter(CodingErrorAction.REPORT).decode(bytes).toString();
		}
		catch (final CharacterCodingException e) {
			throw damaged(source, "its header is no UTF-8 text");
		}
	}

	private void parse(final String json) {
		try (JsonReader reader = new JsonReader(new StringReader(json))) {
			reader.beginObject();
			while (reader.hasNext()) {
				final String name = reader.nextName();
				if (name.equals("__metadata__")) parseMetadata(reader);
				else if (entries.size() == MAX_TENSORS) throw damaged("it names more than " + MAX_TENSORS + " tensors");
				else parseEntry(reader, name);
			}
			reader.endObject();
			if (reader.peek() != JsonToken.END_DOCUMENT) throw damaged("something follows its header");
		}
		catch (final MalformedJsonException | IllegalStateException | NumberFormatException e) {
			throw damaged("its header is not the JSON it must be: " + firstLine(e));
		}
		catch (final IOException e) {
			throw damaged("its header ends too early");
		}
	}

	private static String firstLine(final Exception e) {
		return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
	}

	private void parseMetadata(final JsonReader reader) throws IOException {
		reader.beginObject();
		while (reader.hasNext()) {
			final String key = reader.nextName();
			if (metadata.put(key, reader.nextString()) != null) throw damaged("its metadata name '" + key + "' twice");
		}
		reader.endObject();
	}

	private void parseEntry(final JsonReader reader, final String name) throws IOException {
		String dtype = null;
		long[] shape = null;
		long[] offsets = null;
		reader.beginObject();
		while (reader.hasNext()) {
			final String field = reader.nextName();
			if (field.equals("dtype") && dtype == null) dtype = reader.nextString();
			else if (field.equals("shape") && shape == null) shape = longs(reader, name);
			else if (field.equals("data_offsets") && offsets == null) offsets = longs(reader, name);
			else throw damaged("tensor '" + name + "' has an unknown or repeated field '" + field + "'");
		}
		reader.endObject();
		if (dtype == null || shape == null || offsets == null) throw damaged("tensor '" + name + "' lacks dtype, shape or data_offsets");
		if (entries.put(name, entry(name, dtype, shape, offsets)) != null) throw damaged("tensor '" + name + "' appears twice");
	}

	private long[] longs(final JsonReader reader, final String name) throws IOException {
		final List<Long> values = new ArrayList<>();
		reader.beginArray();
		while (reader.hasNext()) {
			if (reader.peek() != JsonToken.NUMBER) throw damaged("tensor '" + name + "' has a length or offset that is not a number");
			final long value = reader.nextLong();
			if (value < 0) throw damaged("tensor '" + name + "' has a negative length or offset");
			if (values.size() == MAX_AXES) throw damaged("tensor '" + name + "' has more than " + MAX_AXES + " axes");
			values.add(value);
		}
		reader.endArray();
		return values.stream().mapToLong(Long::longValue).toArray();
	}

	private Entry entry(final String name, final String word, final long[] shape, final long[] offsets) {
		if (offsets.length != 2) throw damaged("tensor '" + name + "' needs two data_offsets and has " + offsets.length);
		final long available = fileSize - dataStart;
		if (offsets[0] > offsets[1] || offsets[1] > available) {
			throw damaged("tensor '" + name + "' claims bytes " + offsets[0] + " to " + offsets[1] + " of " + available);
		}
		final long span = offsets[1] - offsets[0];
		final DType dtype = DType.ofSafetensors(word);
		if (dtype == null && !word.matches(UNREAD)) throw unread(source, name, word);
		if (dtype == null ? byteCount(DType.UINT8, shape) < 0 : byteCount(dtype, shape) != span) {
			throw damaged("tensor '" + name + "' of type " + word + " and shape " + Arrays.toString(shape)
				+ " does not fit its " + Counted.of(span, "byte"));
		}
		return new Entry(name, dtype == null ? DType.UINT8 : dtype, dtype == null ? Optional.of(word) : Optional.empty(), shape, dataStart + offsets[0], dataStart + offsets[1]);
	}

	/** Bytes of a tensor, or -1 when that many cannot exist, be it for a length of 0: libtorch multiplies all of them in some order. */
	static long byteCount(final DType dtype, final long[] shape) {
		long count = dtype.bytes();
		boolean empty = false;
		try {
			for (final long length : shape) {
				empty |= length == 0;
				count = Math.multiplyExact(count, Math.max(1, length));
			}
			return empty ? 0 : count;
		}
		catch (final ArithmeticException e) {
			return -1;
		}
	}

	private void sortAndCheckCover() {
		final List<Entry> sorted = new ArrayList<>(entries.values());
		sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
		long covered = dataStart;
		entries.clear();
		for (final Entry entry : sorted) {
			if (entry.begin() < covered) throw damaged("tensor '" + entry.name() + "' overlaps another one");
			if (entry.begin() > covered) throw damaged("there is a gap before tensor '" + entry.name() + "'");
			covered = entry.end();
			entries.put(entry.name(), entry);
		}
		if (covered != fileSize) throw damaged("its tensors end at byte " + covered + " of " + fileSize + "; it is truncated or was extended");
	}

	/** Tensors in the order of their place in the file. */
	Map<String, Entry> entries() {
		return Collections.unmodifiableMap(entries);
	}

	Map<String, String> metadata() {
		return Collections.unmodifiableMap(metadata);
	}

	/** What is said where somebody needs a tensor of a type that is not read. */
	static DiffEditException unread(final String source, final String name, final String type) {
		return new DiffEditException(source + " holds tensor '" + name + "' of type " + type + "; supported are "
			+ String.join(", ", Arrays.stream(DType.values()).map(DType::safetensorsName).toList()) + ".");
	}

	private DiffEditException damaged(final String what) {
		return damaged(source, what);
	}

	private static DiffEditException damaged(final String source, final String what) {
		return new DiffEditException(source + " is not a valid safetensors file: " + what + ". Download or copy it again.");
	}
}
