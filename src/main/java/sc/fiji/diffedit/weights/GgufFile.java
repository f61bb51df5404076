package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.GgufHeader.Entry;

/**
 * The tensors of one GGUF file, as stable-diffusion.cpp, ComfyUI and llama.cpp use them. Plain numbers lie on the mapped file, and so do
 * quantised blocks, which become numbers when they are asked for. Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
 */
final class GgufFile implements WeightsFile {

	private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);

	private final String source;
	private final MappedFile file;
	private final GgufHeader header;

	private GgufFile(final Path path, final boolean copy) throws IOException {
		this.source = MappedFile.sourceOf(path);
		this.file = new MappedFile(path, source, copy);
		this.header = file.read(channel -> GgufHeader.read(source, channel));
	}

	/** Whether a file begins as GGUF files do. */
	static boolean is(final FileChannel file) throws IOException {
		final ByteBuffer head = ByteBuffer.allocate(MAGIC.length);
		file.read(head, 0);
		return head.flip().equals(ByteBuffer.wrap(MAGIC));
	}

	/**
	 * Opens a file.
	 *
	 * @param copy give each tensor memory of its own, instead of a place on the mapped file
	 * @throws DiffEditException if its header is not sound, or a tensor is of a type that is not read
	 */
	static GgufFile open(final Path path, final boolean copy) {
		try {
			return new GgufFile(path, copy);
		}
		catch (final IOException e) {
			throw new DiffEditException(MappedFile.sourceOf(path) + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	/** Its metadata that are texts or single numbers, as texts; lists of a few whole numbers with commas between them. */
	@Override
	public Map<String, String> metadata() {
		return header.metadata();
	}

	@Override
	public Set<String> names() {
		return header.entries().keySet();
	}

	@Override
	public long[] shape(final String name) {
		return entry(name).shape().clone();
	}

	/** 32 bits for quantised tensors. */
	@Override
	public DType dtype(final String name) {
		return entry(name).type().plain().orElse(DType.FLOAT32);
	}

	@Override
	public Tensor get(final String name) {
		final Entry entry = entry(name);
		final Optional<DType> plain = entry.type().plain();
		return plain.isPresent() ? file.get(plain.get(), entry.begin(), entry.end(), entry.shape()) : quantised(name).orElseThrow().numbers();
	}

	@Override
	public Optional<QuantisedTensor> quantised(final String name) {
		final Entry entry = entry(name);
		if (entry.type().plain().isPresent()) return Optional.empty();
		return Optional.of(new QuantisedTensor(entry.type(), entry.shape(), () -> file.get(DType.UINT8, entry.begin(), entry.end(), new long[] { entry.end() - entry.begin() })));
	}

	private Entry entry(final String name) {
		final Entry entry = header.entries().get(name);
		if (entry == null) throw new DiffEditException(source + " has no tensor '" + name + "'.");
		return entry;
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
	public void close() {
		file.close();
	}
}
