package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import sc.fiji.diffedit.DiffEditException;

/**
 * Where the entries of an uncompressed zip file lie, so that they can be mapped in place: PyTorch's files are such.
 * Knows zip64. Format: PKWARE APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 to 4.3.16 and 4.5.3.
 */
final class StoredZip {

	private static final int END = 0x06054b50;
	private static final int END64 = 0x06064b50;
	private static final int CENTRAL = 0x02014b50;
	private static final int LOCAL = 0x04034b50;
	private static final int MAX_CENTRAL = 16 << 20;

	/** Bytes {@code begin} to before {@code end} of the file. */
	record Range(long begin, long end) {

		long bytes() {
			return end - begin;
		}
	}

	private final String source;
	private final FileChannel file;
	private final long size;
	private final Map<String, Range> entries = new LinkedHashMap<>();

	private StoredZip(final String source, final FileChannel file) throws IOException {
		this.source = source;
		this.file = file;
		this.size = file.size();
	}

	/** Whether a file starts like a zip file. */
	static boolean is(final FileChannel file) throws IOException {
		final ByteBuffer head = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
		return file.read(head, 0) == 4 && head.getInt(0) == LOCAL;
	}

	/** The entries of an open file by name. */
	static Map<String, Range> entries(final String source, final FileChannel file) throws IOException {
		final StoredZip zip = new StoredZip(source, file);
		zip.readCentral();
		return zip.entries;
	}

	private void readCentral() throws IOException {
		final int tailLength = (int) Math.min(size, 65_557);
		final long tailStart = size - tailLength;
		final ByteBuffer tail = bytes(tailStart, tailLength);
		int at = tailLength - 22;
		while (at >= 0 && tail.getInt(at) != END) at--;
		if (at < 0) throw damaged("its table of contents is missing");
		long count = tail.getShort(at + 10) & 0xffff;
		long length = tail.getInt(at + 12) & 0xffffffffL;
		long offset = tail.getInt(at + 16) & 0xffffffffL;
		if ((count == 0xffff || length == 0xffffffffL || offset == 0xffffffffL) && tailStart + at >= 20) {
			final ByteBuffer locator = bytes(tailStart + at - 20, 20);
			final ByteBuffer end64 = bytes(locator.getLong(8), 56);
			if (end64.getInt(0) != END64) throw damaged("its table of contents is missing");
			count = end64.getLong(32);
			length = end64.getLong(40);
			offset = end64.getLong(48);
		}
		if (length < 0 || length > MAX_CENTRAL || count < 0 || count > length / 46) throw damaged("its table of contents has no possible size");
		final ByteBuffer central = bytes(offset, (int) length);
		for (long i = 0; i < count; i++) readEntry(central);
	}

	private void readEntry(final ByteBuffer central) throws IOException {
		final int at = central.position();
		if (central.remaining() < 46 || central.getInt(at) != CENTRAL) throw damaged("its table of contents is cut off");
		final int nameLength = central.getShort(at + 28) & 0xffff;
		final int extraLength = central.getShort(at + 30) & 0xffff;
		final int next = at + 46 + nameLength + extraLength + (central.getShort(at + 32) & 0xffff);
		if (next > central.limit()) throw damaged("its table of contents is cut off");
		final byte[] nameBytes = new byte[nameLength];
		central.get(at + 46, nameBytes);
		final String name = new String(nameBytes, StandardCharsets.UTF_8);
		final long[] sizes = { central.getInt(at + 24) & 0xffffffffL, central.getInt(at + 20) & 0xffffffffL, central.getInt(at + 42) & 0xffffffffL };
		readZip64(central.slice(at + 46 + nameLength, extraLength).order(ByteOrder.LITTLE_ENDIAN), sizes);
		if (central.getShort(at + 10) != 0 || sizes[0] != sizes[1]) throw damaged("its entry '" + name + "' is compressed");
		if (entries.put(name, locate(name, sizes[2], sizes[0])) != null) throw damaged("its entry '" + name + "' appears twice");
		central.position(next);
	}

	/** Sizes and offset that do not fit 32 bits stand in an extra field, in this order, only those that are needed. */
	private void readZip64(final ByteBuffer extra, final long[] sizes) {
		while (extra.remaining() >= 4) {
			final int id = extra.getShort();
			final int end = extra.position() + 2 + (extra.getShort(extra.position()) & 0xffff);
			extra.getShort();
			if (end > extra.limit()) throw damaged("its table of contents is cut off");
			for (int i = 0; id == 1 && i < 3; i++) {
				if (sizes[i] == 0xffffffffL && extra.position() + 8 <= end) sizes[i] = extra.getLong();
			}
			extra.position(end);
		}
	}

	private Range locate(final String name, final long offset, final long length) throws IOException {
		final ByteBuffer local = bytes(offset, 30);
		if (local.getInt(0) != LOCAL) throw damaged("its entry '" + name + "' is not where it should be");
		final long begin = offset + 30 + (local.getShort(26) & 0xffff) + (local.getShort(28) & 0xffff);
		if (length < 0 || begin > size || length > size - begin) throw damaged("its entry '" + name + "' goes beyond its end");
		return new Range(begin, begin + length);
	}

	private ByteBuffer bytes(final long begin, final int length) throws IOException {
		if (begin < 0 || begin > size - length) throw damaged("it is cut off");
		return bytes(source, file, begin, length);
	}

	/** Some bytes of a file, little-endian. */
	static ByteBuffer bytes(final String source, final FileChannel file, final long begin, final int length) throws IOException {
		final ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
		while (bytes.hasRemaining()) {
			if (file.read(bytes, begin + bytes.position()) < 0) throw new DiffEditException(source + " is cut off; download or copy it again.");
		}
		return bytes.flip();
	}

	private DiffEditException damaged(final String what) {
		return new DiffEditException(source + " is not a valid PyTorch file: " + what + ". Download or copy it again.");
	}
}
