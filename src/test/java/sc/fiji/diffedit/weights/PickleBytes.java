package sc.fiji.diffedit.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes pickles and PyTorch files byte by byte, sound and unsound ones. */
final class PickleBytes {

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	PickleBytes op(final int... ops) {
		for (final int op : ops) out.write(op);
		return this;
	}

	PickleBytes ops(final String ops) {
		out.writeBytes(ops.getBytes(StandardCharsets.ISO_8859_1));
		return this;
	}

	PickleBytes text(final String text) {
		final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		return op('X').int32(bytes.length).ops(text);
	}

	PickleBytes int32(final int value) {
		out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
		return this;
	}

	PickleBytes int64(final long value) {
		out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
		return this;
	}

	PickleBytes number(final int value) {
		return op('J').int32(value);
	}

	PickleBytes global(final String module, final String name) {
		return ops("c" + module + "\n" + name + "\n");
	}

	PickleBytes tuple(final int... values) {
		op('(');
		for (final int value : values) number(value);
		return op('t');
	}

	/** What torch.save writes for a tensor; {@code legacy} adds the empty view of old files. */
	PickleBytes tensor(final String storage, final String key, final int count, final int offset, final int[] shape, final int[] stride, final boolean legacy) {
		global("torch._utils", "_rebuild_tensor_v2").op('(').op('(').text("storage").global("torch", storage).text(key).text("cpu").number(count);
		if (legacy) op('N');
		return op('t', 'Q').number(offset).tuple(shape).tuple(stride).op(0x89).global("collections", "OrderedDict").op(')', 'R', 't', 'R');
	}

	PickleBytes raw(final byte[] bytes) {
		out.writeBytes(bytes);
		return this;
	}

	byte[] bytes() {
		return out.toByteArray();
	}

	/** A zip file as torch.save writes it, with storages named 0, 1, ... */
	static byte[] zip(final byte[] pickle, final byte[]... storages) {
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			store(zip, "x/data.pkl", pickle);
			for (int i = 0; i < storages.length; i++) store(zip, "x/data/" + i, storages[i]);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
		return bytes.toByteArray();
	}

	private static void store(final ZipOutputStream zip, final String name, final byte[] content) throws IOException {
		final ZipEntry entry = new ZipEntry(name);
		final CRC32 crc = new CRC32();
		crc.update(content);
		entry.setMethod(ZipEntry.STORED);
		entry.setSize(content.length);
		entry.setCrc(crc.getValue());
		zip.putNextEntry(entry);
		zip.write(content);
	}
}
