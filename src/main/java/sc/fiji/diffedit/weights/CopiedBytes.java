package sc.fiji.diffedit.weights;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.RegularFile;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.TensorStorage;

/**
 * A part of a file as a tensor with memory of its own, read and not mapped: where the file is cut or its drive goes
 * meanwhile, reading fails with an exception, while touching a mapping ends Java.
 */
final class CopiedBytes {

	/** One buffer for all, since Java gives the memory of such buffers back when it likes. */
	private static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(1 << 24);

	private CopiedBytes() {}

	/** The bytes {@code begin} to before {@code end}, in the innermost scope. */
	static Tensor read(final Path file, final long begin, final long end, final DType dtype, final long[] shape) throws IOException {
		try (FileChannel channel = FileChannel.open(RegularFile.require(file), StandardOpenOption.READ); Scope scope = Scope.open()) {
			final List<Tensor> pieces = new ArrayList<>();
			for (long at = begin; at < end; at += BUFFER.capacity()) pieces.add(piece(channel, at, (int) Math.min(BUFFER.capacity(), end - at)));
			return scope.keep(TensorStorage.reinterpreted(pieces.size() == 1 ? pieces.get(0) : Tensor.cat(pieces, 0), dtype, shape));
		}
	}

	private static Tensor piece(final FileChannel channel, final long at, final int length) throws IOException {
		synchronized (BUFFER) {
			BUFFER.clear().limit(length);
			while (BUFFER.hasRemaining()) {
				if (channel.read(BUFFER, at + BUFFER.position()) < 0) throw new EOFException("it ends at " + channel.size());
			}
			return Tensor.copyOf(BUFFER.flip(), DType.UINT8, length);
		}
	}
}
