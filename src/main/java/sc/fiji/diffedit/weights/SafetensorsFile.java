package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.SafetensorsHeader.Entry;

/**
 * The tensors of one safetensors file. The file is mapped by libtorch, and tensors lie on the mapping without a copy where
 * their offset is a multiple of their element size; others are copied. The mapping lives as long as a tensor that lies on
 * it, so closing this file too early harms nobody: it only lets go of its own share.
 */
public final class SafetensorsFile implements Weights, AutoCloseable {

	private final Path path;
	private final String source;
	private final boolean copy;
	private final FileTime time;
	private final SafetensorsHeader header;
	private final Map<DType, Tensor> mappings = new EnumMap<>(DType.class);
	private final Scope home = Scope.detached();
	private boolean closed;

	private SafetensorsFile(final Path path, final String source, final boolean copy) throws IOException {
		this.path = path;
		this.source = source;
		this.copy = copy;
		this.time = Files.getLastModifiedTime(path);
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
			this.header = SafetensorsHeader.read(source, channel);
		}
	}

	/** Opens and maps a file. */
	public static SafetensorsFile open(final Path path) {
		return open(path, false);
	}

	/**
	 * Opens a file.
	 *
	 * @param copy give each tensor memory of its own when it is asked for, instead of a place on the mapped file: for
	 *          files that may be cut or overwritten while a model is in use
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
		final int size = entry.dtype().bytes();
		if (entry.begin() % size != 0) return Tensor.copyOf(read(entry), entry.dtype(), entry.shape());
		final Tensor mapped = mapping(entry.dtype()).part(entry.begin() / size, entry.end() / size, entry.shape());
		if (!copy) return mapped;
		final Tensor own = mapped.copy();
		mapped.close();
		letGo();
		return own;
	}

	/** The whole file as elements of one type; one mapping per type costs address space and nothing else. */
	private Tensor mapping(final DType dtype) {
		return mappings.computeIfAbsent(dtype, key -> home.adopt(Tensor.map(path.toString(), key, header.fileSize() / key.bytes())));
	}

	private void letGo() {
		mappings.values().forEach(Tensor::close);
		mappings.clear();
	}

	private ByteBuffer read(final Entry entry) {
		if (entry.bytes() > Integer.MAX_VALUE) {
			throw new DiffEditException(source + " holds tensor '" + entry.name() + "' of more than 2 GB at an odd offset; write the file anew.");
		}
		final ByteBuffer bytes = ByteBuffer.allocateDirect((int) entry.bytes());
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
			while (bytes.hasRemaining()) {
				if (channel.read(bytes, entry.begin() + bytes.position()) < 0) throw new IOException("the file ends early");
			}
		}
		catch (final IOException e) {
			throw new DiffEditException(source + " cannot be read (" + e.getMessage() + ").", e);
		}
		return bytes.flip();
	}

	private Entry entry(final String name) {
		final Entry entry = header.entries().get(name);
		if (entry == null) throw new DiffEditException(source + " has no tensor '" + name + "'.");
		return entry;
	}

	/** Whether the file on disk is of another size or time than when it was opened, or is gone. */
	public boolean changedSinceOpened() {
		try {
			final BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
			return attributes.size() != header.fileSize() || !attributes.lastModifiedTime().equals(time);
		}
		catch (final IOException e) {
			return true;
		}
	}

	/** Lets go of the mapping; tensors made here stay valid, and the last of them unmaps the file. */
	@Override
	public synchronized void close() {
		closed = true;
		letGo();
		home.close();
	}
}
