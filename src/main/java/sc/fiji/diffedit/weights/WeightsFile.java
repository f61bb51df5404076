package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.RegularFile;

/** Weights that lie in one file. */
public interface WeightsFile extends Weights, AutoCloseable {

	/** Opens a safetensors file, a GGUF file or a file of PyTorch, by what it contains and not by what it is called. */
	static WeightsFile open(final Path path) {
		return open(path, WeightAccess.AUTOMATIC);
	}

	/** The same, mapped or copied. */
	static WeightsFile open(final Path path, final WeightAccess reading) {
		if (!Files.isRegularFile(path)) throw new DiffEditException("There is no file " + path + "; choose a complete model.");
		final boolean copy = reading.copies(path);
		try (FileChannel channel = FileChannel.open(RegularFile.require(path), StandardOpenOption.READ)) {
			if (isPickle(path, channel)) return PickleFile.open(path, copy);
			if (GgufFile.is(channel)) return GgufFile.open(path, copy);
			ForeignModels.refuseByBytes(path);
			return SafetensorsFile.open(path, copy);
		}
		catch (final IOException e) {
			throw new DiffEditException(path + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	private static boolean isPickle(final Path path, final FileChannel file) throws IOException {
		final ByteBuffer head = ByteBuffer.allocate(2);
		file.read(head, 0);
		return StoredZip.is(file) || (head.get(0) & 0xff) == 0x80 && head.get(1) >= 2 && head.get(1) <= 5 && path.toString().matches(".*\\.(bin|pt|pth|ckpt)");
	}

	/** What it says of itself, by keys; empty for kinds of files that say nothing. */
	default Map<String, String> metadata() {
		return Map.of();
	}

	/** The file itself. */
	Path path();

	/** Lets go of the file; tensors made from it stay valid. */
	@Override
	void close();
}
