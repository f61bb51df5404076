package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.TensorStorage;
import sc.fiji.diffedit.weights.PickleObjects.StoredTensor;
import sc.fiji.diffedit.weights.StoredZip.Range;

/**
 * The tensors of a file that {@code torch.save} wrote ({@code .bin}, {@code .pt}, {@code .ckpt}), in the zip format since
 * PyTorch 1.6 or the older one. Numbers are mapped in place. See {@link PickleReader} for what is read and what refused.
 * The tensors are those of the dictionary at the top, or of its {@code state_dict} if it has one.
 */
public final class PickleFile implements WeightsFile {

	private static final int MAX_PICKLE = 16 << 20;
	private static final BigInteger LEGACY_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
	private static final Map<String, DType> STORAGES = Map.ofEntries(Map.entry("torch.FloatStorage", DType.FLOAT32), Map.entry("torch.HalfStorage", DType.FLOAT16),
		Map.entry("torch.BFloat16Storage", DType.BFLOAT16), Map.entry("torch.DoubleStorage", DType.FLOAT64), Map.entry("torch.LongStorage", DType.INT64),
		Map.entry("torch.IntStorage", DType.INT32), Map.entry("torch.ShortStorage", DType.INT16), Map.entry("torch.CharStorage", DType.INT8),
		Map.entry("torch.ByteStorage", DType.UINT8), Map.entry("torch.BoolStorage", DType.BOOL),
		Map.entry("torch.storage.UntypedStorage", DType.UINT8));
	private static final Map<String, DType> TYPES = Arrays.stream(DType.values()).collect(Collectors.toMap(type -> "torch." + type.torchName(), type -> type));

	/** A tensor whose place in the file is known to exist. */
	record Entry(DType dtype, long[] shape, long[] stride, long begin, long elements) {

		boolean isContiguous() {
			long expected = 1;
			for (int i = shape.length - 1; i >= 0; i--) {
				if (shape[i] != 1 && stride[i] != expected) return false;
				expected *= shape[i];
			}
			return true;
		}
	}

	private final String source;
	private final MappedFile file;
	private final Map<String, Range> storages = new HashMap<>();
	private final Object root;
	private final Map<String, Entry> entries = new LinkedHashMap<>();

	private PickleFile(final Path path, final String source, final boolean copy) throws IOException {
		this.source = source;
		this.file = new MappedFile(path, source, copy);
		this.root = file.read(channel -> {
			final Object object = StoredZip.is(channel) ? readZip(channel) : readLegacy(channel);
			collectTensors(object);
			return object;
		});
	}

	private void collectTensors(final Object object) {
		final Object tensors = object instanceof Map<?, ?> map && map.get("state_dict") instanceof Map<?, ?> inner ? inner : object;
		if (tensors instanceof Map<?, ?> map) {
			for (final Map.Entry<?, ?> item : map.entrySet()) {
				if (item.getKey() instanceof String name && item.getValue() instanceof StoredTensor tensor) entries.put(name, check(name, tensor));
			}
		}
	}

	/**
	 * Opens a file.
	 *
	 * @throws DiffEditException if there is no such file, if it is damaged, or if it holds more than data
	 */
	public static PickleFile open(final Path path) {
		return open(path, false);
	}

	/** @param copy give each tensor memory of its own instead of a place on the mapped file */
	public static PickleFile open(final Path path, final boolean copy) {
		final String source = MappedFile.sourceOf(path);
		if (!Files.isRegularFile(path)) throw new DiffEditException("There is no file " + path + "; choose a complete model.");
		try {
			return new PickleFile(path, source, copy);
		}
		catch (final IOException e) {
			throw new DiffEditException(source + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	static boolean isStorage(final String name) {
		return STORAGES.containsKey(name);
	}

	static boolean isType(final String name) {
		return TYPES.containsKey(name);
	}

	private Object readZip(final FileChannel channel) throws IOException {
		final Map<String, Range> zip = StoredZip.entries(source, channel);
		final String pickle = zip.keySet().stream().filter(name -> name.endsWith("/data.pkl")).findFirst()
			.orElseThrow(() -> new DiffEditException(source + " holds no data.pkl and so is not a file written by PyTorch's torch.save."));
		final String prefix = pickle.substring(0, pickle.length() - "data.pkl".length());
		final Range order = zip.get(prefix + "byteorder");
		if (order != null && order.bytes() == 3) throw new DiffEditException(source + " was written in big-endian order, which is not supported; get the model as safetensors.");
		zip.forEach((name, range) -> {
			if (name.startsWith(prefix + "data/")) storages.put(name.substring(prefix.length() + 5), range);
		});
		return new PickleReader(source, pickle(channel, zip.get(pickle).begin(), zip.get(pickle).bytes())).read();
	}

	private ByteBuffer pickle(final FileChannel channel, final long begin, final long length) throws IOException {
		if (length > MAX_PICKLE) throw new DiffEditException(source + " has a pickle of " + length + " bytes, larger than that of any model; it is not opened.");
		return StoredZip.bytes(source, channel, begin, (int) length);
	}

	/** Before PyTorch 1.6: five pickles (magic number, version, system, object, storage keys), then each storage's count and numbers. */
	private Object readLegacy(final FileChannel channel) throws IOException {
		final ByteBuffer head = pickle(channel, 0, Math.min(channel.size(), MAX_PICKLE));
		if (!head.hasRemaining() || (head.get(0) & 0xff) != 0x80) throw new DiffEditException(source + " is not a file written by PyTorch's torch.save; choose a model in safetensors or PyTorch format.");
		if (!LEGACY_MAGIC.equals(new PickleReader(source, head).read())) throw new DiffEditException(source + " is a pickle, but none of PyTorch's torch.save; it is not opened.");
		new PickleReader(source, head).read();
		new PickleReader(source, head).read();
		final Object object = new PickleReader(source, head).read();
		final Object keys = new PickleReader(source, head).read();
		final Map<String, DType> types = new HashMap<>();
		collectTypes(object, types, Collections.newSetFromMap(new IdentityHashMap<>()), 0);
		long at = head.position();
		for (final Object key : keys instanceof List<?> list ? list : List.of()) {
			final DType dtype = key instanceof String ? types.get(key) : null;        // other keys may hold themselves, and have no hash
			if (dtype == null) throw new DiffEditException(source + " holds a storage that no tensor uses; it is not opened.");
			final long count = StoredZip.bytes(source, channel, at, 8).getLong();
			if (count < 0 || count > (channel.size() - at - 8) / dtype.bytes()) throw new DiffEditException(source + " is cut off; download or copy it again.");
			storages.put((String) key, new Range(at + 8, at + 8 + count * dtype.bytes()));
			at += 8 + count * dtype.bytes();
		}
		return object;
	}

	private static DType dtype(final StoredTensor tensor) {
		return STORAGES.getOrDefault(tensor.storage().type(), TYPES.get(tensor.storage().type()));
	}

	private void collectTypes(final Object value, final Map<String, DType> types, final Set<Object> seen, final int depth) {
		if (value instanceof StoredTensor tensor) types.put(tensor.storage().key(), dtype(tensor));
		else if (value instanceof Map<?, ?> map && depth < 4 && seen.add(map)) map.values().forEach(item -> collectTypes(item, types, seen, depth + 1));
	}

	/** Checks that every element of a tensor lies inside its storage and that the storage lies inside the file. */
	private Entry check(final String name, final StoredTensor tensor) {
		final DType dtype = dtype(tensor);
		final Range range = storages.get(tensor.storage().key());
		if (range == null) throw damaged(name, "has no numbers in the file");
		final long available = range.bytes() / dtype.bytes();
		if (tensor.shape().length != tensor.stride().length || tensor.shape().length > 64) throw damaged(name, "has shape and stride that do not fit each other");
		long elements = 1;
		long last = tensor.offset();
		try {
			for (int i = 0; i < tensor.shape().length; i++) {
				if (tensor.shape()[i] < 0 || tensor.stride()[i] < 0) throw damaged(name, "has a negative length");
				elements = Math.multiplyExact(elements, tensor.shape()[i]);
				last = Math.addExact(last, Math.multiplyExact(Math.max(0, tensor.shape()[i] - 1), tensor.stride()[i]));
			}
		}
		catch (final ArithmeticException e) {
			throw damaged(name, "has an impossible shape");
		}
		if (tensor.offset() < 0 || elements > available || elements > 0 && last >= available) {
			throw damaged(name, "of shape " + Arrays.toString(tensor.shape()) + " does not fit its " + available + " stored numbers");
		}
		return new Entry(dtype, tensor.shape(), tensor.stride(), range.begin() + tensor.offset() * dtype.bytes(), elements == 0 ? 0 : last - tensor.offset() + 1);
	}

	private DiffEditException damaged(final String name, final String what) {
		return new DiffEditException(source + " is not a valid PyTorch file: tensor '" + name + "' " + what + ". Download or copy it again.");
	}

	/** The object at the top: maps, lists, texts, numbers, booleans and null; tensors in it are opaque, see {@link #tensor}. */
	Object root() {
		return root;
	}

	/** A tensor from anywhere inside {@link #root()}, in the innermost scope. */
	Tensor tensor(final String name, final Object stored) {
		if (!(stored instanceof StoredTensor tensor)) throw new DiffEditException(source + " has no tensor '" + name + "'.");
		return get(name, check(name, tensor));
	}

	@Override
	public Set<String> names() {
		return Collections.unmodifiableSet(entries.keySet());
	}

	@Override
	public long[] shape(final String name) {
		return entry(name).shape().clone();
	}

	@Override
	public DType dtype(final String name) {
		return entry(name).dtype();
	}

	@Override
	public Tensor get(final String name) {
		return get(name, entry(name));
	}

	private Tensor get(final String name, final Entry entry) {
		final long end = entry.begin() + entry.elements() * entry.dtype().bytes();
		if (entry.elements() == 0 || entry.isContiguous()) return file.get(entry.dtype(), entry.begin(), end, entry.shape());
		try (Tensor flat = file.get(entry.dtype(), entry.begin(), end, new long[] { entry.elements() })) {
			return TensorStorage.strided(flat, entry.shape(), entry.stride());
		}
	}

	@Override
	public String source() {
		return source;
	}

	private Entry entry(final String name) {
		final Entry entry = entries.get(name);
		if (entry == null) throw new DiffEditException(source + " has no tensor '" + name + "'.");
		return entry;
	}

	@Override
	public Path path() {
		return file.path();
	}

	/** Lets go of the mapping; tensors made here stay valid. */
	@Override
	public void close() {
		file.close();
	}
}
