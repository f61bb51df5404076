package sc.fiji.diffedit.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Resolves the names in a pickle: a fixed list of names makes dictionaries, sizes and tensors, and all others are
 * refused. No class is ever looked up by a name from a file.
 */
final class PickleObjects {

	private static final int MAX_AXES = 64;
	private static final String ORDERED_DICT = "collections.OrderedDict", COUNTER = "collections.Counter", PARAMETERS = "torch.nn.modules.container.ParameterDict";
	private static final String REBUILD = "torch._utils._rebuild_", BYTES = "_codecs.encode", DEVICE = "torch.device";
	/** What PyTorch loads with {@code weights_only=True} too, storages and element types besides. */
	private static final Set<String> KNOWN = Set.of(ORDERED_DICT, COUNTER, PARAMETERS, REBUILD + "tensor", REBUILD + "tensor_v2", REBUILD + "tensor_v3", REBUILD + "parameter",
		"torch.Size", DEVICE, BYTES, "__builtin__.set", "builtins.set");

	/** The name of something that is not data, such as {@code torch.FloatStorage}; it is only a name. */
	record Global(String name) {}

	/** A tuple of Python. */
	record Tuple(List<Object> items) {}

	/** The storage of a tensor. */
	record Storage(String type, String key, long count) {}

	/** A tensor, not yet checked against its storage. */
	record StoredTensor(Storage storage, long offset, long[] shape, long[] stride) {}

	private final PickleGuard guard;

	PickleObjects(final PickleGuard guard) {
		this.guard = guard;
	}

	/** A supported name. */
	Global global(final String name) {
		if (!KNOWN.contains(name) && !PickleFile.isStorage(name) && !PickleFile.isType(name)) throw guard.refused("the class " + name);
		return new Global(name);
	}

	/** What a call of a name makes. */
	Object reduce(final Object argument, final Object callable) {
		if (!(callable instanceof Global global) || !(argument instanceof Tuple tuple)) throw guard.damaged("it calls what cannot be called");
		return switch (global.name()) {
			case ORDERED_DICT -> orderedDict(tuple.items());
			case COUNTER -> tuple.items().isEmpty() ? new LinkedHashMap<>() : first(tuple.items(), Map.class);
			case REBUILD + "tensor_v2", REBUILD + "tensor" -> tensor(tuple.items());
			case REBUILD + "tensor_v3" -> tensorOfType(tuple.items());
			case REBUILD + "parameter" -> first(tuple.items(), StoredTensor.class);
			case DEVICE, BYTES -> first(tuple.items(), String.class);
			case "__builtin__.set", "builtins.set" -> tuple.items().isEmpty() ? new ArrayList<>() : first(tuple.items(), List.class);
			case "torch.Size" -> first(tuple.items(), Tuple.class);
			default -> throw guard.refused("a call of " + global.name());
		};
	}

	/** An object without arguments, whose attributes follow. */
	Object newObject(final Object arguments, final Object type) {
		if (type instanceof Global global && global.name().equals(PARAMETERS) && arguments instanceof Tuple none && none.items().isEmpty()) return new LinkedHashMap<>();
		throw guard.refused(type instanceof Global global ? "an object of " + global.name() : "an object of what is no class");
	}

	/** A tensor on a storage of bytes, with its type after the rest; 8-bit floats are written so. */
	private StoredTensor tensorOfType(final List<Object> arguments) {
		if (arguments.size() < 7 || !(arguments.get(6) instanceof Global type) || !PickleFile.isType(type.name())) throw guard.damaged("a tensor has wrong parts");
		final StoredTensor untyped = tensor(arguments);
		return new StoredTensor(new Storage(type.name(), untyped.storage().key(), untyped.storage().count()), untyped.offset(), untyped.shape(), untyped.stride());
	}

	private Map<Object, Object> orderedDict(final List<Object> arguments) {
		final Map<Object, Object> map = new LinkedHashMap<>();
		if (arguments.isEmpty()) return map;
		if (!(arguments.get(0) instanceof List<?> pairs)) throw guard.damaged("a dictionary is built from items that are not pairs");
		guard.count(pairs.size());
		for (final Object pair : pairs) putAll(map, pair instanceof Tuple tuple ? tuple.items() : pair instanceof List<?> list ? new ArrayList<>(list) : List.of(0));
		return map;
	}

	private <T> T first(final List<Object> arguments, final Class<T> type) {
		if (arguments.isEmpty() || !type.isInstance(arguments.get(0))) throw guard.damaged("a tensor has wrong parts");
		return type.cast(arguments.get(0));
	}

	private StoredTensor tensor(final List<Object> arguments) {
		if (arguments.size() < 4 || !(arguments.get(0) instanceof Storage storage) || !(arguments.get(1) instanceof Long offset)) {
			throw guard.damaged("a tensor has wrong parts");
		}
		return new StoredTensor(storage, offset, longs(arguments.get(2)), longs(arguments.get(3)));
	}

	private long[] longs(final Object value) {
		if (!(value instanceof Tuple tuple)) throw guard.damaged("a tensor has wrong parts");
		if (tuple.items().size() > MAX_AXES) throw guard.damaged("a tensor has more than " + MAX_AXES + " axes");
		final long[] longs = new long[tuple.items().size()];
		for (int i = 0; i < longs.length; i++) {
			if (!(tuple.items().get(i) instanceof Long number)) throw guard.damaged("a tensor has wrong parts");
			longs[i] = number;
		}
		return longs;
	}

	/** {@code ('storage', type, key, device, number of elements)}; old files add a view, which must be none. */
	Storage persistent(final Object id) {
		if (id instanceof Tuple tuple && tuple.items().size() >= 5 && "storage".equals(tuple.items().get(0)) && tuple.items().get(1) instanceof Global type
			&& tuple.items().get(2) instanceof String key && tuple.items().get(4) instanceof Long count && PickleFile.isStorage(type.name())
			&& (tuple.items().size() == 5 || tuple.items().get(5) == null))
		{
			return new Storage(type.name(), key, count);
		}
		throw guard.damaged("a tensor lies in an unknown kind of storage");
	}

	/** Tuples of plain values are names too; others might hold themselves. */
	private String name(final Tuple tuple) {
		if (tuple.items().stream().allMatch(item -> item instanceof String || item instanceof Long || item instanceof Boolean)) return tuple.items().toString();
		throw guard.damaged("a dictionary has a key that is neither text nor number");
	}

	/** Adds names and values, which alternate. */
	Map<Object, Object> putAll(final Map<Object, Object> map, final List<Object> items) {
		guard.count(items.size());
		if (items.size() % 2 != 0) throw guard.damaged("a dictionary has a name without a value");
		for (int i = 0; i < items.size(); i += 2) {
			final Object key = items.get(i) instanceof Tuple tuple ? name(tuple) : items.get(i);
			if (key instanceof Global global) throw guard.refused("the class " + global.name());
			if (!(key instanceof String || key instanceof Long || key instanceof Boolean)) throw guard.damaged("a dictionary has a key that is neither text nor number");
			map.put(key, items.get(i + 1));
		}
		return map;
	}
}
