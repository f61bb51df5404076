package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.FileStamp;
import sc.fiji.diffedit.RegularFile;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.TensorStorage;

/**
 * A file whose parts are tensors, mapped by libtorch. Tensors lie on the mapping without a copy where their offset is a
 * multiple of their element size and, small ones, of {@value #ALIGNMENT} bytes; others are copied. The mapping lives as long as a
 * tensor that lies on it. A mapped file that is cut ends Java when it is touched, so users compare {@link FileStamp}s, and ask for
 * copies, which are never mapped, where files may be cut in the middle of a call.
 */
final class MappedFile implements AutoCloseable {

	/** Where libtorch lets tensors of its own begin. */
	static final int ALIGNMENT = 64;
	/** Most bytes of a tensor that is copied for its place alone: a large one may be one of thousands in a file that is not aligned. */
	private static final long SMALL = 1 << 16;

	private final Path path;
	private final String source;
	private final boolean copy;
	private final FileStamp stamp;
	private final ReadersLock lock;
	private final Map<DType, Tensor> mappings = new EnumMap<>(DType.class);
	private final Scope home = Scope.detached();
	private boolean closed;

	/** @param copy give each tensor memory of its own instead of a place on the mapping */
	MappedFile(final Path path, final String source, final boolean copy) throws IOException {
		this.path = path;
		this.source = source;
		this.copy = copy;
		this.stamp = FileStamp.of(path);
		this.lock = copy ? ReadersLock.NONE : ReadersLock.of(path);
	}

	/** How messages name a file: by its folder and its name. */
	static String sourceOf(final Path path) {
		return path.getParent() == null || path.getParent().getFileName() == null ? path.toString()
			: path.getParent().getFileName() + "/" + path.getFileName();
	}

	/** What is read of the file before its tensors. */
	interface Reading<T> {

		T of(FileChannel channel) throws IOException;
	}

	/** Reads the file's header. If that fails, nothing holds the file any longer, so that a sound one can take its place. */
	<T> T read(final Reading<T> header) throws IOException {
		try (FileChannel channel = FileChannel.open(RegularFile.require(path), StandardOpenOption.READ)) {
			return header.of(channel);
		}
		catch (final IOException | RuntimeException e) {
			close();
			throw e;
		}
	}

	Path path() {
		return path;
	}

	/** Size in bytes when the file was opened. */
	long size() {
		return stamp.size();
	}

	/** The bytes {@code begin} to before {@code end} as a tensor; the caller has checked that they are in the file and fit the shape. */
	synchronized Tensor get(final DType dtype, final long begin, final long end, final long[] shape) {
		if (closed) throw new IllegalStateException(source + " is closed");
		if (end == begin) return Tensor.zeros(dtype, shape);
		if (!stamp.isOf(path)) {
			throw new DiffEditException(source + " has changed since it was opened; close the model and open it again.");
		}
		if (copy || begin % dtype.bytes() != 0) return copied(begin, end, dtype, shape);
		final Tensor mapped = TensorStorage.part(mapping(dtype), begin / dtype.bytes(), end / dtype.bytes(), shape);
		if (begin % ALIGNMENT == 0 || end - begin > SMALL) return mapped;
		final Tensor own = mapped.copy();
		mapped.close();
		return own;
	}

	/** The whole file as elements of one type; one mapping per type costs address space and nothing else. */
	private Tensor mapping(final DType dtype) {
		return mappings.computeIfAbsent(dtype, key -> home.adopt(TensorStorage.map(path.toString(), key, stamp.size() / key.bytes())));
	}

	private Tensor copied(final long begin, final long end, final DType dtype, final long[] shape) {
		try {
			return CopiedBytes.read(path, begin, end, dtype, shape);
		}
		catch (final IOException e) {
			throw new DiffEditException(source + " cannot be read (" + e.getMessage() + "); close the model, make sure that the file is complete, and open it again.", e);
		}
	}

	private void letGo() {
		mappings.values().forEach(Tensor::close);
		mappings.clear();
	}

	/** Lets go of the mapping; tensors made here stay valid, and the last of them unmaps the file. */
	@Override
	public synchronized void close() {
		closed = true;
		letGo();
		lock.close();
		home.close();
	}
}
