package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import sc.fiji.diffedit.DiffEditException;

/** Weights that lie in one file. */
public interface WeightsFile extends Weights, AutoCloseable {

	/** Opens a safetensors file or a file of PyTorch, by what it contains and not by what it is called. */
	static WeightsFile open(final Path path) {
		return open(path, WeightAccess.AUTOMATIC);
	}

	/** The same, mapped or copied. */
	static WeightsFile open(final Path path, final WeightAccess reading) {
		final boolean pickle = isPickle(path);
		if (!pickle) refuseOthers(path);
		final boolean copy = reading.copies(path);
		return pickle ? PickleFile.open(path, copy) : SafetensorsFile.open(path, copy);
	}

	private static void refuseOthers(final Path path) {
		try {
			ForeignModels.refuseByBytes(path);
		}
		catch (final IOException e) {
			throw new DiffEditException(path + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	private static boolean isPickle(final Path path) {
		if (!Files.isRegularFile(path)) throw new DiffEditException("There is no file " + path + "; choose a complete model.");
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
			final ByteBuffer head = ByteBuffer.allocate(2);
			channel.read(head, 0);
			return StoredZip.is(channel) || (head.get(0) & 0xff) == 0x80 && head.get(1) >= 2 && head.get(1) <= 5 && path.toString().matches(".*\\.(bin|pt|pth|ckpt)");
		}
		catch (final IOException e) {
			throw new DiffEditException(path + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	/** The file itself. */
	Path path();

	/** Lets go of the file; tensors made from it stay valid. */
	@Override
	void close();
}
