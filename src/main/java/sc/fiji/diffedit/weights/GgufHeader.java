package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;


/**
 * The table of contents of a GGUF file of version 2 or 3: magic, version, counts, metadata, descriptions of the tensors, and after
 * padding their numbers. Every length and offset is checked against the size of the file before anything relies on it.
 */
final class GgufHeader {

	private static final int MAX_TENSORS = 50_000, MAX_KEYS = 100_000, MAX_AXES = 8;
	private static final long MAX_ALIGNMENT = 1 << 20;
	private static final String ALIGNMENT = "general.alignment";
	/** ComfyUI-GGUF lays tensors out in rows of 256 where their own do not hold whole blocks, and writes their shape here. */
	private static final String SHAPE = "comfy.gguf.orig_shape.";

	/** The place of a tensor; offsets are from the start of the file, the shape has its last axis last, as in PyTorch. */
	record Entry(String name, GgufType type, long[] shape, long begin, long end) {}

	private record Described(String name, long[] shape, long type, long offset) {}

	private final GgufInput in;
	private final Map<String, String> metadata = new LinkedHashMap<>();
	private final Map<String, Entry> entries = new LinkedHashMap<>();

	private GgufHeader(final GgufInput in) {
		this.in = in;
	}

	/** Reads and checks the header of an open file. */
	static GgufHeader read(final String source, final FileChannel file) throws IOException {
		final GgufHeader header = new GgufHeader(new GgufInput(source, file));
		header.read();
		return header;
	}

	private void read() throws IOException {
		in.skip(4);   // the magic
		final long version = in.uint32();
		if ((version & 0xFFFF) == 0) throw in.refused("is a GGUF file for big-endian machines; take one for others");
		if (version != 2 && version != 3) throw in.refused("is a GGUF file of version " + version + "; supported are versions 2 and 3, so convert the model again");
		final int tensors = count("tensors", MAX_TENSORS);
		final int keys = count("metadata", MAX_KEYS);
		for (int i = 0; i < keys; i++) {
			final String key = in.string();
			if (metadata.put(key, in.value()) != null) throw in.damaged("its metadata name '" + key + "' twice");
		}
		metadata.values().removeIf(String::isEmpty);
		final List<Described> described = new ArrayList<>();
		for (int i = 0; i < tensors; i++) described.add(described());
		final long alignment = alignment();
		final long start = (in.position() + alignment - 1) / alignment * alignment;
		for (final Described one : described) {
			if (entries.put(one.name(), entry(one, alignment, start)) != null) throw in.damaged("tensor '" + one.name() + "' appears twice");
		}
		checkOverlaps();
	}

	private int count(final String what, final int most) throws IOException {
		final long count = in.uint64();
		if (count < 0 || count > most) throw in.damaged("it claims " + Long.toUnsignedString(count) + " " + what + "; at most " + most + " are read");
		return (int) count;
	}

	private long alignment() {
		final String said = metadata.getOrDefault(ALIGNMENT, "32");
		if (said.matches("\\d{1,9}")) {
			final long alignment = Long.parseLong(said);
			if (alignment >= 8 && alignment <= MAX_ALIGNMENT && Long.bitCount(alignment) == 1) return alignment;
		}
		throw in.damaged("its alignment is '" + said + "' and not a power of two from 8 on");
	}

	private Described described() throws IOException {
		final String name = in.string();
		final long axes = in.uint32();
		if (axes > MAX_AXES) throw in.damaged("tensor '" + name + "' has " + axes + " axes");
		final long[] shape = new long[(int) axes];
		for (int i = shape.length - 1; i >= 0; i--) shape[i] = in.uint64();   // GGML counts axes from the one whose numbers lie side by side
		return new Described(name, shape, in.uint32(), in.uint64());
	}

	private Entry entry(final Described one, final long alignment, final long start) {
		final GgufType type = GgufType.of(one.type())
			.orElseThrow(() -> in.refused("holds '" + one.name() + "' in " + GgufType.nameOf(one.type()) + "; supported are " + GgufType.names() + ", so take or make another file of this model"));
		final long bytes = byteCount(type, one.shape());
		if (bytes < 0) throw in.damaged("tensor '" + one.name() + "' of type " + type + " cannot have the shape " + Arrays.toString(one.shape()));
		final long room = Math.max(0, in.size() - start);
		if (one.offset() < 0 || one.offset() % alignment != 0 || bytes > room || one.offset() > room - bytes) {
			throw in.damaged("tensor '" + one.name() + "' claims " + bytes + " bytes from " + Long.toUnsignedString(one.offset()) + " on, of " + room + " in steps of " + alignment + "; it is truncated or was changed");
		}
		return new Entry(one.name(), type, shape(one), start + one.offset(), start + one.offset() + bytes);
	}

	/** Bytes of a tensor, or -1 where that many cannot exist or its rows are no whole blocks. */
	private static long byteCount(final GgufType type, final long[] shape) {
		long count = 1;
		try {
			for (final long length : shape) {
				if (length <= 0) return -1;
				count = Math.multiplyExact(count, length);
			}
			final long last = shape.length == 0 ? 1 : shape[shape.length - 1];
			return last % type.blockNumbers() == 0 ? Math.multiplyExact(count / type.blockNumbers(), (long) type.blockBytes()) : -1;
		}
		catch (final ArithmeticException e) {
			return -1;
		}
	}

	private long[] shape(final Described one) {
		final String own = metadata.get(SHAPE + one.name());
		if (own == null) return one.shape();
		final boolean sound = own.matches("\\d{1,9}(,\\d{1,9}){0,7}");
		final long[] shape = sound ? Arrays.stream(own.split(",")).mapToLong(Long::parseLong).toArray() : new long[0];
		final boolean fits = sound && byteCount(GgufType.I8, shape) == byteCount(GgufType.I8, one.shape());
		if (!fits) throw in.damaged("its metadata name the shape [" + own + "] for tensor '" + one.name() + "', which has " + Arrays.toString(one.shape()));
		return shape;
	}

	private void checkOverlaps() {
		final List<Entry> sorted = new ArrayList<>(entries.values());
		sorted.sort(Comparator.comparingLong(Entry::begin));
		for (int i = 1; i < sorted.size(); i++) {
			if (sorted.get(i).begin() < sorted.get(i - 1).end()) throw in.damaged("tensor '" + sorted.get(i).name() + "' overlaps another one");
		}
	}

	/** Tensors in the order of the file. */
	Map<String, Entry> entries() {
		return Collections.unmodifiableMap(entries);
	}

	Map<String, String> metadata() {
		return Collections.unmodifiableMap(metadata);
	}
}
