package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;

/** A {@code .ckpt} of 5 GB as torch.save writes it, most of which is a hole in the file, so that it takes no room where the disk's files may have holes. */
@Tag("long")
@ExtendWith(NoNativeLeaks.class)
class LargeCheckpointTest {

	private static final int LARGE = 1_250_000_000;

	@TempDir
	Path temp;

	/** A tensor that ends beyond 4 GB, and one that begins there. */
	@Test
	void numbersBeyondFourGigabytesAreRead() throws IOException {
		final Path file = temp.resolve("large.ckpt");
		write(file);
		assertEquals(5, file.toFile().length() / 1_000_000_000);
		try (WeightsFile weights = WeightsFile.open(file); Scope scope = Scope.open()) {
			assertArrayEquals(new long[] { LARGE }, weights.shape("large"));
			assertArrayEquals(new float[] { 0, 3 }, weights.get("large").slice(0, LARGE - 2, LARGE).toFloatArray());
			assertArrayEquals(new float[] { 1, 2 }, weights.get("small").toFloatArray());
		}
	}

	private static void write(final Path path) throws IOException {
		final PickleBytes pickle = new PickleBytes().op(0x80, 2, '}', '(').text("large").tensor("FloatStorage", "0", LARGE, 0, new int[] { LARGE }, new int[] { 1 }, false)
			.text("small").tensor("FloatStorage", "1", 2, 0, new int[] { 2 }, new int[] { 1 }, false).op('u', '.');
		final ByteArrayOutputStream central = new ByteArrayOutputStream();
		try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
			entry(file, central, "x/data.pkl", pickle.bytes(), 0);
			entry(file, central, "x/data/0", floats(3), 4L * (LARGE - 1));
			entry(file, central, "x/data/1", floats(1, 2), 0);
			final long begin = file.getFilePointer();
			file.write(central.toByteArray());
			file.write(CheckpointBytes.end(3, central.size(), begin));
		}
	}

	/** @param hole bytes of zeros before the content, which are not written */
	private static void entry(final RandomAccessFile file, final ByteArrayOutputStream central, final String name, final byte[] content, final long hole) throws IOException {
		central.writeBytes(CheckpointBytes.central(name, 0, hole + content.length, file.getFilePointer()));
		file.write(CheckpointBytes.local(name, 0, hole + content.length));
		file.seek(file.getFilePointer() + hole);
		file.write(content);
	}

	private static byte[] floats(final float... values) {
		final ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
		for (final float value : values) bytes.putFloat(value);
		return bytes.array();
	}
}
