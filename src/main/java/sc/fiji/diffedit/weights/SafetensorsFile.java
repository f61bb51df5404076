package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.SafetensorsHeader.Entry;

/**
 * The tensors of one safetensors file. The file is mapped by libtorch, and tensors lie on the mapping without a copy where
 * their offset is a multiple of their element size; others are copied. The mapping lives as long as a tensor that lies on
 * it, so closing this file early is safe: it only releases its own reference.
 */
public final class SafetensorsFile implements WeightsFile {

	private final String source;
	private final MappedFile file;
	private final SafetensorsHeader header;

	private SafetensorsFile(final Path path, final String source, final boolean copy) throws IOException {
		this.source = source;
		this.file = new MappedFile(path, source, copy);
		this.header = file.read(channel -> SafetensorsHeader.read(source, channel));
	}

	/** Opens and maps a file. */
	public static SafetensorsFile open(final Path path) {
		return open(path, false);
	}

	/**
	 * Opens a file.
	 *
	 * @param copy give each tensor memory of its own when it is requested, instead of a place on the mapped file: for
	 *          files that may be cut or overwritten while a model is in use
	 * @throws DiffEditException if there is no such file or its header is not sound
	 */
	public static SafetensorsFile open(final Path path, final boolean copy) {
		final String source = MappedFile.sourceOf(path);
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
	@Override
	public Map<String, String> metadata() {
		return header.metadata();
	}

	@Override
	public String source() {
		return source;
	}

	@Override
	public Path path() {
		return file.path();
	}

	@Override
	public Tensor get(final String name) {
		final Entry entry = entry(name);
		if (entry.unread().isPresent()) throw SafetensorsHeader.unread(source, name, entry.unread().get());
		return file.get(entry.dtype(), entry.begin(), entry.end(), entry.shape());
	}

	private Entry entry(final String name) {
		final Entry entry = header.entries().get(name);
		if (entry == null) throw new DiffEditException(source + " has no tensor '" + name + "'.");
		return entry;
	}

	/** Lets go of the mapping; tensors made here stay valid, and the last of them unmaps the file. */
	@Override
	public void close() {
		file.close();
	}
}
