package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.weights.StoredZip.Range;

/** Uncompressed zip files, as Java writes them, and with the 64-bit fields that PyTorch writes for large ones. */
class StoredZipTest {

	private static final long NONE = 0xffffffffL;

	@TempDir
	Path folder;

	private Map<String, Range> read(final byte[] zip) throws IOException {
		final Path file = Files.write(folder.resolve("x.pt"), zip);
		try (FileChannel channel = FileChannel.open(file)) {
			assertTrue(StoredZip.is(channel));
			return StoredZip.entries("x.pt", channel);
		}
	}

	private void refused(final String said, final byte[] zip) {
		final String message = assertThrows(DiffEditException.class, () -> read(zip)).getMessage();
		assertTrue(message.contains(said), message);
	}

	private static byte[] written(final String comment, final int method, final String... entries) throws IOException {
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			for (final String name : entries) {
				final byte[] content = ("content of " + name).getBytes(StandardCharsets.UTF_8);
				final CRC32 crc = new CRC32();
				crc.update(content);
				final ZipEntry entry = new ZipEntry(name);
				entry.setMethod(method);
				entry.setSize(content.length);
				entry.setCrc(crc.getValue());
				entry.setExtra(new byte[] { 7, 7, 3, 0, 1, 2, 3 });
				entry.setComment("a comment");
				zip.putNextEntry(entry);
				zip.write(content);
			}
			zip.setComment(comment);
		}
		return bytes.toByteArray();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 65_535 })
	void entriesLieWhereTheirBytesAre(final int comment) throws IOException {
		final byte[] zip = written("c".repeat(comment), ZipEntry.STORED, "x/data.pkl", "x/data/0", "x/\u00e4");
		final Map<String, Range> entries = read(zip);
		assertEquals(3, entries.size());
		entries.forEach((name, range) -> assertEquals("content of " + name, new String(Arrays.copyOfRange(zip, (int) range.begin(), (int) range.end()), StandardCharsets.UTF_8)));
		assertEquals(21, entries.get("x/data.pkl").bytes());
	}

	@Test
	void whatIsCompressedOrCutOffIsRefused() throws IOException {
		refused("'a' is compressed", written("", ZipEntry.DEFLATED, "a"));
		final byte[] zip = written("", ZipEntry.STORED, "a", "b");
		refused("its table of contents is missing", Arrays.copyOf(zip, zip.length - 1));
		refused("its table of contents is missing", Arrays.copyOf(zip, 40));
		assertEquals(Map.of(), read(new ByteArrayOutputStream() {

			{
				writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0x04034b50).array());
				writeBytes(end(0, 0, 4));
			}
		}.toByteArray()));
		final Path other = Files.write(folder.resolve("y"), new byte[] { 'P', 'K', 3 });
		try (FileChannel channel = FileChannel.open(other)) {
			assertFalse(StoredZip.is(channel));
		}
	}

	@Test
	void whatLiesAboutItsSizeIsRefused() throws IOException {
		final byte[] zip = written("", ZipEntry.STORED, "a");
		final int end = zip.length - 22;
		refused("has no possible size", changed(zip, end + 10, 2));
		final byte[] commented = written("c".repeat(100), ZipEntry.STORED, "a");
		refused("table of contents is cut off", changed(commented, commented.length - 112, 2, commented.length - 110, 92));
		refused("it is cut off", changed(zip, end + 16, zip.length));
		refused("has no possible size", changed(zip, end + 12, (16 << 20) + 1));
		final int central = zip.length - 22 - (46 + 1 + 7 + 9);
		refused("'a' goes beyond its end", changed(zip, central + 20, zip.length, central + 24, zip.length));
		refused("'a' is not where it should be", changed(zip, central + 42, 1));
		refused("table of contents is cut off", changed(zip, central + 32, 500));
	}

	/** @param changes place and new value, which alternate; values of 16 bits at places that have no more */
	private static byte[] changed(final byte[] zip, final int... changes) {
		final ByteBuffer bytes = ByteBuffer.wrap(zip.clone()).order(ByteOrder.LITTLE_ENDIAN);
		for (int i = 0; i < changes.length; i += 2) {
			if (changes[i + 1] < 1 << 16) bytes.putShort(changes[i], (short) changes[i + 1]);
			else bytes.putInt(changes[i], changes[i + 1]);
		}
		return bytes.array();
	}

	// -- 64 bits --

	private static byte[] end(final int count, final long length, final long offset) {
		return ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN).putInt(0x06054b50).putInt(0).putShort((short) count).putShort((short) count).putInt((int) length).putInt((int) offset).array();
	}

	/** One entry 'a' of two bytes; what does not fit 32 bits is in the extra field and in the 64-bit end. */
	private static byte[] large(final byte[] extra, final long size, final long offset, final int signature) {
		final ByteBuffer zip = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
		zip.putInt(0x04034b50).position(26).putShort((short) 1).putShort((short) 0).put((byte) 'a').put(new byte[] { 8, 9 });
		final int central = zip.position();
		zip.putInt(0x02014b50).position(central + 20).putInt((int) size).putInt((int) size).putShort((short) 1).putShort((short) extra.length);
		zip.position(central + 42).putInt((int) offset).put((byte) 'a').put(extra);
		final int end64 = zip.position();
		zip.putInt(signature).position(end64 + 32).putLong(1).putLong(end64 - central).putLong(central);
		zip.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1).put(end(0xffff, NONE, NONE));
		return Arrays.copyOf(zip.array(), zip.position());
	}

	private static byte[] extra(final long... numbers) {
		final ByteBuffer extra = ByteBuffer.allocate(4 + 8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN).putShort((short) 1).putShort((short) (8 * numbers.length));
		for (final long number : numbers) extra.putLong(number);
		return extra.array();
	}

	private static byte[] joined(final byte[] one, final byte[] other) {
		final byte[] both = Arrays.copyOf(one, one.length + other.length);
		System.arraycopy(other, 0, both, one.length, other.length);
		return both;
	}

	@Test
	void sizesOf64BitsAreRead() throws IOException {
		final Map<String, Range> expected = Map.of("a", new Range(31, 33));
		assertEquals(expected, read(large(extra(2, 2, 0), NONE, NONE, 0x06064b50)));
		assertEquals(expected, read(large(extra(2, 2), NONE, 0, 0x06064b50)));
		assertEquals(expected, read(large(extra(0), 2, NONE, 0x06064b50)));
		assertEquals(expected, read(large(joined(new byte[] { 5, 0, 8, 0, 1, 1, 1, 1, 1, 1, 1, 1 }, extra(2, 2, 0)), NONE, NONE, 0x06064b50)));
		assertEquals(expected, read(large(new byte[] { 1, 0, 0 }, 2, 0, 0x06064b50)));
	}

	@Test
	void sizesOf64BitsThatLieAreRefused() {
		refused("'a' goes beyond its end", large(extra(1L << 40, 1L << 40, 0), NONE, NONE, 0x06064b50));
		refused("'a' goes beyond its end", large(extra(-1, -1, 0), NONE, NONE, 0x06064b50));
		refused("it is cut off", large(extra(2, 2, 1L << 40), NONE, NONE, 0x06064b50));
		refused("it is cut off", large(extra(2, 2, -1), NONE, NONE, 0x06064b50));
		refused("it is cut off", large(extra(2, 2), NONE, NONE, 0x06064b50));
		refused("'a' is compressed", large(extra(2, 3, 0), NONE, NONE, 0x06064b50));
		refused("its table of contents is missing", large(extra(2, 2, 0), NONE, NONE, 7));
		refused("table of contents is cut off", large(Arrays.copyOf(extra(2, 2, 0), 27), NONE, NONE, 0x06064b50));
	}
}
