package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.SafetensorsHeader.Entry;

/**
 * The tensors of one safetensors file. The file is mapped in pieces of at most 2 GB, cut between tensors, and tensors lie
 * on the mapping without a copy where their offset is a multiple of their element size; others are copied.
 * <p>
 * The mapping must outlive what lies on it, so {@link #close()} refuses while a tensor made here is open. A tensor that
 * shares storage with one made here (a view, a cast to the same type) must be closed by then too.
 */
public final class SafetensorsFile implements Weights, AutoCloseable {

	private final Path path;
	private final String source;
	private final FileChannel channel;
	private final FileTime time;
	private final long size;
	private final SafetensorsHeader header;
	private final List<Piece> pieces = new ArrayList<>();
	private final List<Tensor> lent = new ArrayList<>();
	private int pruneAt = 1024;
	private boolean closed;

	/** A mapped part of the file. */
	private record Piece(long begin, long end, MappedByteBuffer bytes) {}

	private SafetensorsFile(final Path path, final String source, final boolean copy) throws IOException {
		this.path = path;
		this.source = source;
		this.channel = FileChannel.open(path, StandardOpenOption.READ);
		try {
			final BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
			this.time = attributes.lastModifiedTime();
			this.size = attributes.size();
			this.header = SafetensorsHeader.read(source, channel);
			if (!copy) mapAll();
		}
		catch (final IOException | RuntimeException e) {
			unmapAll();
			channel.close();
			throw e;
		}
		if (!copy) channel.close();
	}

	/** Opens and maps a file. */
	public static SafetensorsFile open(final Path path) {
		return open(path, false);
	}

	/**
	 * Opens a file.
	 *
	 * @param copy read each tensor into memory of its own when it is asked for, instead of mapping the file: for places
	 *          whose files may vanish or change while a model is in use
	 * @throws DiffEditException if there is no such file or its header is not sound
	 */
	public static SafetensorsFile open(final Path path, final boolean copy) {
		final String source = path.getParent() == null || path.getParent().getFileName() == null ? path.toString()
			: path.getParent().getFileName() + "/" + path.getFileName();
		if (!Files.isRegularFile(path)) throw new DiffEditException("There is no file " + path + "; choose a complete model.");
		try {
			return new SafetensorsFile(path, source, copy);
		}
		catch (final IOException e) {
			throw new DiffEditException(source + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	private void mapAll() throws IOException {
		long begin = -1;
		long end = -1;
		for (final Entry entry : header.entries().values()) {
			if (entry.bytes() > Integer.MAX_VALUE) {
				throw new DiffEditException(source + " holds tensor '" + entry.name() + "' of " + entry.bytes() + " bytes; at most 2 GB per tensor are supported.");
			}
			if (begin >= 0 && entry.end() - begin > Integer.MAX_VALUE) {
				map(begin, end);
				begin = -1;
			}
			if (begin < 0) begin = entry.begin();
			end = entry.end();
		}
		if (begin >= 0) map(begin, end);
	}

	private void map(final long begin, final long end) throws IOException {
		if (end > begin) pieces.add(new Piece(begin, end, channel.map(MapMode.READ_ONLY, begin, end - begin)));
	}

	@Override
	public Set<String> names() {
		return header.entries().keySet();
	}

	@Override
	public long[] shape(final String name) {
		return entry(name).shape().clone();
	}

	@Override
	public DType dtype(final String name) {
		return entry(name).dtype();
	}

	/** The texts under {@code __metadata__}; empty when there are none. */
	public Map<String, String> metadata() {
		return header.metadata();
	}

	@Override
	public String source() {
		return source;
	}

	/** The file itself. */
	public Path path() {
		return path;
	}

	@Override
	public synchronized Tensor get(final String name) {
		if (closed) throw new IllegalStateException(source + " is closed");
		final Entry entry = entry(name);
		if (entry.bytes() == 0) return Tensor.zeros(entry.dtype(), entry.shape());
		if (changedSinceOpened()) {
			throw new DiffEditException(source + " has changed since it was opened; close the model and open it again.");
		}
		if (pieces.isEmpty()) return Tensor.copyOf(read(entry), entry.dtype(), entry.shape());
		final ByteBuffer bytes = mapped(entry);
		if (entry.begin() % entry.dtype().bytes() != 0) return Tensor.copyOf(bytes, entry.dtype(), entry.shape());
		return lend(Tensor.onto(bytes, entry.dtype(), entry.shape()));
	}

	private ByteBuffer mapped(final Entry entry) {
		for (final Piece piece : pieces) {
			if (entry.begin() >= piece.begin() && entry.end() <= piece.end()) {
				return piece.bytes().slice((int) (entry.begin() - piece.begin()), (int) entry.bytes());
			}
		}
		throw new IllegalStateException("no mapped piece of " + source + " holds " + entry.name());
	}

	private ByteBuffer read(final Entry entry) {
		if (entry.bytes() > Integer.MAX_VALUE) throw new DiffEditException(source + " holds tensor '" + entry.name() + "' of more than 2 GB, which is not supported.");
		final ByteBuffer bytes = ByteBuffer.allocateDirect((int) entry.bytes());
		try {
			while (bytes.hasRemaining()) {
				if (channel.read(bytes, entry.begin() + bytes.position()) < 0) throw new IOException("the file ends early");
			}
		}
		catch (final IOException e) {
			throw new DiffEditException(source + " cannot be read (" + e.getMessage() + ").", e);
		}
		return bytes.flip();
	}

	private Tensor lend(final Tensor tensor) {
		if (lent.size() >= pruneAt) {
			lent.removeIf(Tensor::isClosed);
			pruneAt = Math.max(1024, 2 * lent.size());
		}
		lent.add(tensor);
		return tensor;
	}

	private Entry entry(final String name) {
		final Entry entry = header.entries().get(name);
		if (entry == null) throw new DiffEditException(source + " has no tensor '" + name + "'.");
		return entry;
	}

	/** Whether the file on disk is another one, or of another size or time, than when it was opened. */
	public boolean changedSinceOpened() {
		try {
			final BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
			return attributes.size() != size || !attributes.lastModifiedTime().equals(time);
		}
		catch (final IOException e) {
			return true;
		}
	}

	/**
	 * Unmaps the file.
	 *
	 * @throws IllegalStateException if a tensor that lies on the mapping is still open; the file then stays open
	 */
	@Override
	public synchronized void close() {
		if (closed) return;
		final long open = lent.stream().filter(tensor -> !tensor.isClosed()).count();
		if (open > 0) throw new IllegalStateException(open + " tensors of " + source + " are still open; close them before the file");
		closed = true;
		unmapAll();
		try {
			channel.close();
		}
		catch (final IOException e) {
			throw new DiffEditException(source + " could not be closed (" + e.getMessage() + ").", e);
		}
	}

	private void unmapAll() {
		for (final Piece piece : pieces) Unmapping.unmap(piece.bytes());
		pieces.clear();
	}
}
