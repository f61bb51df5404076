package sc.fiji.diffedit.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import sc.fiji.diffedit.DiffEditException;

/**
 * When the weights of a component come to the device that computes and when they leave it; diffusers'
 * {@code enable_model_cpu_offload}, {@code enable_sequential_cpu_offload} and {@code enable_group_offload}.
 *
 * @param kind how many weights come at a time
 * @param numBlocksPerGroup for {@link Kind#BLOCK_LEVEL}, how many entries of a list of blocks come together, at least 1
 * @param toDisk whether they rest in a temporary file, as they are now (adapters included) and in the type to compute in
 *          ({@code offload_to_disk_path})
 * @param useStream whether the next group comes on a second CUDA stream while this one computes ({@code use_stream}); other
 *          devices have no streams and ignore it
 * @param recordStream whether freed memory waits for the stream that used it instead of the copies doing so
 *          ({@code record_stream})
 * @param nonBlocking whether copies to the device are only started ({@code non_blocking})
 * @param lowCpuMemUsage whether nothing is kept in main memory beside the mapped file: weights are cast, and pinned for a
 *          stream, each time they are needed ({@code low_cpu_mem_usage})
 */
public record Offload(Kind kind, int numBlocksPerGroup, boolean toDisk, boolean useStream, boolean recordStream, boolean nonBlocking,
	boolean lowCpuMemUsage)
{

	/** How many weights come to the device at a time. */
	public enum Kind {
		/** All stay there. */
		NONE("none"),
		/** All of a component, until another component has its turn. */
		MODEL("model"),
		/** Those of one call: a resnet, an attention layer, a convolution between them. */
		SEQUENTIAL("sequential"),
		/** Those of some entries of the network's lists of blocks ({@code down_blocks.0}). */
		BLOCK_LEVEL("block"),
		/** Those of one call, as {@link #SEQUENTIAL}, and with a stream those of the next. */
		LEAF_LEVEL("leaf");

		private final String word;

		Kind(final String word) {
			this.word = word;
		}
	}

	public static final Offload NONE = new Offload(Kind.NONE, 1, false, false, false, false, false);
	public static final Offload MODEL = new Offload(Kind.MODEL, 1, false, false, false, false, false);
	public static final Offload SEQUENTIAL = new Offload(Kind.SEQUENTIAL, 1, false, false, false, false, false);
	public static final Offload LEAF = new Offload(Kind.LEAF_LEVEL, 1, false, false, false, false, false);

	public Offload {
		if (numBlocksPerGroup < 1) {
			throw new DiffEditException("numBlocksPerGroup is " + numBlocksPerGroup + "; a group has at least one block.");
		}
		if (useStream && kind == Kind.BLOCK_LEVEL && numBlocksPerGroup != 1) {
			throw new DiffEditException("With a stream a group has one block, as in diffusers, but numBlocksPerGroup is " + numBlocksPerGroup
				+ "; write block+stream, or leave the stream out.");
		}
		if (useStream && kind != Kind.BLOCK_LEVEL && kind != Kind.LEAF_LEVEL) {
			throw new DiffEditException("A stream brings the next group while one computes, so it goes with block or leaf offload, not with "
				+ kind.word + "; write block+stream or leaf+stream.");
		}
		if (kind == Kind.NONE && (toDisk || nonBlocking)) {
			throw new DiffEditException("Without offload nothing goes to disk and nothing is copied; write model+disk, block+disk or leaf+disk.");
		}
		if (recordStream && !useStream) {
			throw new DiffEditException("record_stream needs a stream; write block+stream+record_stream.");
		}
	}

	/** Block-level groups of some blocks each. */
	public static Offload blocks(final int numBlocksPerGroup) {
		return new Offload(Kind.BLOCK_LEVEL, numBlocksPerGroup, false, false, false, false, false);
	}

	public Offload withDisk(final boolean toDisk) {
		return new Offload(kind, numBlocksPerGroup, toDisk, useStream, recordStream, nonBlocking, lowCpuMemUsage);
	}

	public Offload withStream(final boolean useStream) {
		return new Offload(kind, numBlocksPerGroup, toDisk, useStream, recordStream, nonBlocking, lowCpuMemUsage);
	}

	public Offload withRecordStream(final boolean recordStream) {
		return new Offload(kind, numBlocksPerGroup, toDisk, useStream, recordStream, nonBlocking, lowCpuMemUsage);
	}

	public Offload withNonBlocking(final boolean nonBlocking) {
		return new Offload(kind, numBlocksPerGroup, toDisk, useStream, recordStream, nonBlocking, lowCpuMemUsage);
	}

	public Offload withLowCpuMemUsage(final boolean lowCpuMemUsage) {
		return new Offload(kind, numBlocksPerGroup, toDisk, useStream, recordStream, nonBlocking, lowCpuMemUsage);
	}

	public boolean isOn() {
		return kind != Kind.NONE;
	}

	/** Reads {@link #toString()}. */
	static Offload parse(final String text) {
		final String[] words = text.toLowerCase(Locale.ROOT).split("\\+");
		final String[] first = words[0].trim().split(":", 2);
		boolean disk = false, stream = false, record = false, nonBlocking = false, low = false;
		for (int i = 1; i < words.length; i++) {
			switch (words[i].trim()) {
				case "disk": disk = true; break;
				case "stream": stream = true; break;
				case "record_stream": record = true; break;
				case "non_blocking": nonBlocking = true; break;
				case "low_cpu_mem_usage": low = true; break;
				default: throw unknown(text);
			}
		}
		return new Offload(kind(first[0], text), first.length == 2 ? number(first[1], text) : 1, disk, stream, record, nonBlocking, low);
	}

	private static Kind kind(final String word, final String text) {
		for (final Kind kind : Kind.values()) {
			if (kind.word.equals(word)) return kind;
		}
		throw unknown(text);
	}

	private static int number(final String digits, final String text) {
		if (!digits.matches("\\d{1,6}")) throw unknown(text);
		return Integer.parseInt(digits);
	}

	private static DiffEditException unknown(final String text) {
		return new DiffEditException("Offload '" + text + "' is unknown; write none, model, sequential, leaf, block or block:2, and after it "
			+ "+disk, +stream, +record_stream, +non_blocking or +low_cpu_mem_usage.");
	}

	/** As in a plan's text: {@code block:2+disk}. */
	@Override
	public String toString() {
		final List<String> words = new ArrayList<>(List.of(numBlocksPerGroup == 1 ? kind.word : kind.word + ":" + numBlocksPerGroup));
		if (toDisk) words.add("disk");
		if (useStream) words.add("stream");
		if (recordStream) words.add("record_stream");
		if (nonBlocking) words.add("non_blocking");
		if (lowCpuMemUsage) words.add("low_cpu_mem_usage");
		return String.join("+", words);
	}
}
