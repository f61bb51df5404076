package sc.fiji.diffedit.weights;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.DiffEditException;

/**
 * Reads the pickles inside PyTorch's files as data: dictionaries, lists, tuples, texts, numbers and tensors. A pickle is a
 * program that may name any class and call it; this reader knows a fixed list of names that stand for data and refuses
 * all others. No class is ever looked up by a name from a file. Work and memory are bounded.
 * Format: https://github.com/python/cpython/blob/main/Lib/pickletools.py.
 */
final class PickleReader {

	/** A number that every program before protocol 2 would need; larger ones are no data of a model. */
	private static final int MAX_INTEGER_BYTES = 16;
	/** Ten times what the largest checkpoints need; keeps time and memory for one of many tiny values small. */
	private static final int MAX_STEPS = 1_000_000;
	private static final int MAX_AXES = 64;
	private static final String ORDERED_DICT = "collections.OrderedDict";
	private static final Object MARK = new Object();

	/** The name of something that is not data, such as {@code torch.FloatStorage}; it is only a name. */
	record Global(String name) {}

	/** A tuple of Python. */
	record Tuple(List<Object> items) {}

	/** The place where the numbers of a tensor lie. */
	record Storage(String type, String key, long count) {}

	/** A tensor, not yet checked against its storage. */
	record StoredTensor(Storage storage, long offset, long[] shape, long[] stride) {}

	private final String source;
	private final ByteBuffer in;
	private final List<Object> stack = new ArrayList<>();
	private final Map<Integer, Object> memo = new HashMap<>();
	private int steps;

	PickleReader(final String source, final ByteBuffer in) {
		this.source = source;
		this.in = in.order(ByteOrder.LITTLE_ENDIAN);
	}

	/** Runs one pickle, up to its end, and leaves the buffer behind it. */
	Object read() {
		try {
			while (true) {
				count(1);
				final int op = in.get() & 0xff;
				if (op == '.') return pop();
				step(op);
			}
		}
		catch (final BufferUnderflowException e) {
			throw damaged("it ends too early");
		}
		catch (final NumberFormatException e) {
			throw damaged("it holds a number that is none");
		}
	}

	/** Counts work; what goes through a kept value again and again counts each time. */
	private void count(final int work) {
		steps += work;
		if (steps > MAX_STEPS || steps < 0) throw damaged("it has more than " + MAX_STEPS + " steps");
	}

	private void step(final int op) {
		switch (op) {
			case 0x80 -> in.get();                                    // PROTO
			case 0x95 -> in.getLong();                                // FRAME
			case '(' -> push(MARK);
			case '0' -> pop();
			case '1' -> popMark();
			case '2' -> push(peek());
			case 'N' -> push(null);
			case 0x88 -> push(true);
			case 0x89 -> push(false);
			case 'J' -> push((long) in.getInt());
			case 'K' -> push((long) (in.get() & 0xff));
			case 'M' -> push((long) (in.getShort() & 0xffff));
			case 0x8a -> push(integer(in.get() & 0xff));
			case 0x8b -> push(integer(length(in.getInt())));
			case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
			case 'I' -> push(intLine());
			case 'L' -> push(longLine());
			case 'F' -> push(Double.parseDouble(line()));
			case 'X' -> push(text(length(in.getInt())));
			case 0x8c, 'U', 'C' -> push(text(in.get() & 0xff));
			case 0x8d, 0x8e -> push(text(length(in.getLong())));
			case 'T', 'B' -> push(text(length(in.getInt())));
			case 'S' -> push(unquoted(line()));
			case 'V' -> push(line());
			default -> stepStructure(op);
		}
	}

	private void stepStructure(final int op) {
		switch (op) {
			case '}' -> push(new LinkedHashMap<>());
			case ']' -> push(new ArrayList<>());
			case ')' -> push(new Tuple(List.of()));
			case 'd' -> push(putAll(new LinkedHashMap<>(), popMark()));
			case 'l' -> push(popMark());
			case 't' -> push(new Tuple(popMark()));
			case 0x85 -> push(tuple(1));
			case 0x86 -> push(tuple(2));
			case 0x87 -> push(tuple(3));
			case 'a' -> append(Collections.singletonList(pop()));
			case 'e' -> append(popMark());
			case 's' -> setItems(tuple(2).items());
			case 'u' -> setItems(popMark());
			case 'q' -> memo.put(in.get() & 0xff, peek());
			case 'r' -> memo.put(in.getInt(), peek());
			case 'p' -> memo.put(Integer.parseInt(line()), peek());
			case 0x94 -> memo.put(memo.size(), peek());
			case 'h' -> push(memo(in.get() & 0xff));
			case 'j' -> push(memo(in.getInt()));
			case 'g' -> push(memo(Integer.parseInt(line())));
			case 'c' -> push(global(line() + "." + line()));
			case 0x93 -> push(stackGlobal());
			case 'R' -> push(reduce(pop(), pop()));
			case 'Q' -> push(persistent(pop()));
			case 'b' -> build(pop());
			default -> throw refused("the instruction '" + (op > ' ' && op < 127 ? String.valueOf((char) op) : "0x" + Integer.toHexString(op)) + "'");
		}
	}

	// -- the stack --

	private void push(final Object value) {
		stack.add(value);
	}

	private Object pop() {
		if (stack.isEmpty()) throw damaged("it takes more than it gave");
		return stack.remove(stack.size() - 1);
	}

	private Object peek() {
		if (stack.isEmpty()) throw damaged("it takes more than it gave");
		return stack.get(stack.size() - 1);
	}

	/** Everything above the last mark, which goes too. */
	private List<Object> popMark() {
		int at = stack.size() - 1;
		while (at >= 0 && stack.get(at) != MARK) at--;
		if (at < 0) throw damaged("it closes what it never opened");
		final List<Object> above = new ArrayList<>(stack.subList(at + 1, stack.size()));
		stack.subList(at, stack.size()).clear();
		return above;
	}

	private Tuple tuple(final int count) {
		final Object[] items = new Object[count];
		for (int i = count - 1; i >= 0; i--) items[i] = pop();
		return new Tuple(java.util.Arrays.asList(items));
	}

	private Object memo(final int index) {
		if (!memo.containsKey(index)) throw damaged("it recalls what it never kept");
		return memo.get(index);
	}

	@SuppressWarnings("unchecked")
	private void append(final List<Object> items) {
		if (!(peek() instanceof List)) throw damaged("it appends to what is no list");
		((List<Object>) peek()).addAll(items);
	}

	private void setItems(final List<Object> items) {
		if (!(peek() instanceof Map)) throw damaged("it sets items of what is no dictionary");
		putAll(asMap(peek()), items);
	}

	@SuppressWarnings("unchecked")
	private static Map<Object, Object> asMap(final Object map) {
		return (Map<Object, Object>) map;
	}

	private Map<Object, Object> putAll(final Map<Object, Object> map, final List<Object> items) {
		count(items.size());
		if (items.size() % 2 != 0) throw damaged("a dictionary has a name without a value");
		for (int i = 0; i < items.size(); i += 2) {
			final Object key = items.get(i);
			if (key instanceof Global global) throw refused("the class " + global.name());
			if (!(key instanceof String || key instanceof Long || key instanceof Boolean)) throw damaged("a dictionary has a key that is neither text nor number");
			map.put(key, items.get(i + 1));
		}
		return map;
	}

	// -- names --

	private Global stackGlobal() {
		final Object name = pop();
		final Object module = pop();
		if (!(name instanceof String) || !(module instanceof String)) throw damaged("a class has no name");
		return global(module + "." + name);
	}

	private Global global(final String name) {
		final boolean known = name.equals(ORDERED_DICT) || name.equals("torch._utils._rebuild_tensor_v2") || name.equals("torch._utils._rebuild_tensor")
			|| name.equals("torch._utils._rebuild_parameter") || name.equals("torch.Size") || PickleFile.isStorage(name) || PickleFile.isType(name);
		if (!known) throw refused("the class " + name);
		return new Global(name);
	}

	private Object reduce(final Object argument, final Object callable) {
		if (!(callable instanceof Global global) || !(argument instanceof Tuple tuple)) throw damaged("it calls what cannot be called");
		return switch (global.name()) {
			case ORDERED_DICT -> orderedDict(tuple.items());
			case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor" -> tensor(tuple.items());
			case "torch._utils._rebuild_parameter" -> first(tuple.items(), StoredTensor.class);
			case "torch.Size" -> first(tuple.items(), Tuple.class);
			default -> throw refused("a call of " + global.name());
		};
	}

	private Map<Object, Object> orderedDict(final List<Object> arguments) {
		final Map<Object, Object> map = new LinkedHashMap<>();
		if (arguments.isEmpty()) return map;
		if (!(arguments.get(0) instanceof List<?> pairs)) throw damaged("a dictionary is made of what are no pairs");
		count(pairs.size());
		for (final Object pair : pairs) putAll(map, pair instanceof Tuple tuple ? tuple.items() : pair instanceof List<?> list ? new ArrayList<>(list) : List.of(0));
		return map;
	}

	private <T> T first(final List<Object> arguments, final Class<T> type) {
		if (arguments.isEmpty() || !type.isInstance(arguments.get(0))) throw damaged("a tensor has wrong parts");
		return type.cast(arguments.get(0));
	}

	private StoredTensor tensor(final List<Object> arguments) {
		if (arguments.size() < 4 || !(arguments.get(0) instanceof Storage storage) || !(arguments.get(1) instanceof Long offset)) {
			throw damaged("a tensor has wrong parts");
		}
		return new StoredTensor(storage, offset, longs(arguments.get(2)), longs(arguments.get(3)));
	}

	private long[] longs(final Object value) {
		if (!(value instanceof Tuple tuple)) throw damaged("a tensor has wrong parts");
		if (tuple.items().size() > MAX_AXES) throw damaged("a tensor has more than " + MAX_AXES + " axes");
		final long[] longs = new long[tuple.items().size()];
		for (int i = 0; i < longs.length; i++) {
			if (!(tuple.items().get(i) instanceof Long number)) throw damaged("a tensor has wrong parts");
			longs[i] = number;
		}
		return longs;
	}

	/** {@code ('storage', type, key, device, number of elements)}; old files add a view, which must be none. */
	private Storage persistent(final Object id) {
		if (id instanceof Tuple tuple && tuple.items().size() >= 5 && "storage".equals(tuple.items().get(0)) && tuple.items().get(1) instanceof Global type
			&& tuple.items().get(2) instanceof String key && tuple.items().get(4) instanceof Long count && PickleFile.isStorage(type.name())
			&& (tuple.items().size() == 5 || tuple.items().get(5) == null))
		{
			return new Storage(type.name(), key, count);
		}
		throw damaged("a tensor lies in an unknown kind of storage");
	}

	/** Attributes of a dictionary ({@code _metadata} of a state dict) carry nothing that is needed here. */
	private void build(final Object state) {
		if (!(peek() instanceof Map)) throw refused("attributes (" + (state == null ? "none" : "of an object") + ")");
	}

	// -- numbers and texts --

	private int length(final long length) {
		if (length < 0 || length > in.remaining()) throw damaged("it claims a text longer than itself");
		return (int) length;
	}

	private String text(final int length) {
		final byte[] bytes = new byte[length(length)];
		in.get(bytes);
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private Object integer(final int length) {
		if (length > MAX_INTEGER_BYTES) throw damaged("it holds a number of " + length + " bytes");
		final byte[] bytes = new byte[length];
		for (int i = length - 1; i >= 0; i--) bytes[i] = in.get();
		return number(length == 0 ? BigInteger.ZERO : new BigInteger(bytes));
	}

	private static Object number(final BigInteger value) {
		return value.bitLength() < 64 ? (Object) value.longValue() : value;
	}

	private String line() {
		final int start = in.position();
		while (in.get() != '\n') {
			if (in.position() - start > 4096) throw damaged("it holds a line of more than 4096 characters");
		}
		final byte[] bytes = new byte[in.position() - start - 1];
		in.get(start, bytes);
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private Object intLine() {
		final String line = line();
		if (line.equals("01")) return true;
		return line.equals("00") ? (Object) false : (Object) Long.parseLong(line);
	}

	private Object longLine() {
		final String line = line();
		if (line.length() > 40) throw damaged("it holds a number of " + line.length() + " digits");
		return number(new BigInteger(line.endsWith("L") ? line.substring(0, line.length() - 1) : line));
	}

	private static String unquoted(final String line) {
		return line.length() >= 2 && (line.startsWith("'") || line.startsWith("\"")) ? line.substring(1, line.length() - 1) : line;
	}

	private DiffEditException damaged(final String what) {
		return new DiffEditException(source + " is no sound PyTorch file: " + what + ". Download or copy it again.");
	}

	private DiffEditException refused(final String what) {
		return new DiffEditException(source + " asks for " + what + ", which is more than tensors, dictionaries, lists, texts and numbers; "
			+ "such files could run programs and are not opened. Get the model as safetensors.");
	}
}
