package sc.fiji.diffedit.weights;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.weights.PickleObjects.Tuple;

/**
 * Reads the pickles inside PyTorch's files as data: dictionaries, lists, tuples, texts, numbers and tensors. A pickle is a
 * program that may name any class and call it; this reader runs its instructions over a stack and makes nothing but what
 * {@link PickleObjects} knows. Work and memory are bounded.
 * Format: https://github.com/python/cpython/blob/main/Lib/pickletools.py.
 */
final class PickleReader {

	private static final Object MARK = new Object();

	private final PickleGuard guard;
	private final PickleInput in;
	private final PickleObjects objects;
	private final List<Object> stack = new ArrayList<>();
	private final Map<Integer, Object> memo = new HashMap<>();

	PickleReader(final String source, final ByteBuffer in) {
		this.guard = new PickleGuard(source);
		this.in = new PickleInput(guard, in);
		this.objects = new PickleObjects(guard);
	}

	/** Runs one pickle, up to its end, and leaves the buffer behind it. */
	Object read() {
		try {
			while (true) {
				guard.count(1);
				final int op = in.uint8();
				if (op == '.') return pop();
				step(op);
			}
		}
		catch (final BufferUnderflowException e) {
			throw guard.damaged("it ends too early");
		}
		catch (final NumberFormatException e) {
			throw guard.damaged("it holds a number that is none");
		}
	}

	private void step(final int op) {
		switch (op) {
			case 0x80 -> in.uint8(); // PROTO
			case 0x95 -> in.int64(); // FRAME
			case '(' -> push(MARK);
			case '0' -> pop();
			case '1' -> popMark();
			case '2' -> push(peek());
			case 'N' -> push(null);
			case 0x88 -> push(true);
			case 0x89 -> push(false);
			case 'J' -> push((long) in.int32());
			case 'K' -> push((long) in.uint8());
			case 'M' -> push((long) in.uint16());
			case 0x8a -> push(in.integer(in.uint8()));
			case 0x8b -> push(in.integer(in.int32()));
			case 'G' -> push(in.bigEndianDouble());
			case 'I' -> push(in.intLine());
			case 'L' -> push(in.longLine());
			case 'F' -> push(Double.parseDouble(in.line()));
			case 'X' -> push(in.text(in.int32()));
			case 0x8c, 'U', 'C' -> push(in.text(in.uint8()));
			case 0x8d, 0x8e -> push(in.text(in.int64()));
			case 'T', 'B' -> push(in.text(in.int32()));
			case 'S' -> push(in.quotedLine());
			case 'V' -> push(in.line());
			default -> stepStructure(op);
		}
	}

	private void stepStructure(final int op) {
		switch (op) {
			case '}' -> push(new LinkedHashMap<>());
			case ']' -> push(new ArrayList<>());
			case ')' -> push(new Tuple(List.of()));
			case 'd' -> push(objects.putAll(new LinkedHashMap<>(), popMark()));
			case 'l' -> push(popMark());
			case 't' -> push(new Tuple(popMark()));
			case 0x85 -> push(tuple(1));
			case 0x86 -> push(tuple(2));
			case 0x87 -> push(tuple(3));
			case 'a' -> append(Collections.singletonList(pop()));
			case 'e' -> append(popMark());
			case 's' -> setItems(tuple(2).items());
			case 'u' -> setItems(popMark());
			case 'q' -> memo.put(in.uint8(), peek());
			case 'r' -> memo.put(in.int32(), peek());
			case 'p' -> memo.put(Integer.parseInt(in.line()), peek());
			case 0x94 -> memo.put(memo.size(), peek());
			case 'h' -> push(memo(in.uint8()));
			case 'j' -> push(memo(in.int32()));
			case 'g' -> push(memo(Integer.parseInt(in.line())));
			case 'c' -> push(objects.global(in.line() + "." + in.line()));
			case 0x93 -> push(stackGlobal());
			case 'R' -> push(objects.reduce(pop(), pop()));
			case 'Q' -> push(objects.persistent(pop()));
			case 'b' -> build(pop());
			case 0x81 -> push(objects.newObject(pop(), pop()));
			case 0x8f -> push(new ArrayList<>());   // a set; its order is that of the file
			case 0x90 -> append(popMark());
			case 0x91 -> push(popMark());
			default -> throw guard.refused("the instruction '" + (op > ' ' && op < 127 ? String.valueOf((char) op) : "0x" + Integer.toHexString(op)) + "'");
		}
	}

	// -- the stack --

	private void push(final Object value) {
		stack.add(value);
	}

	private Object pop() {
		if (stack.isEmpty()) throw guard.damaged("it takes more than it gave");
		return stack.remove(stack.size() - 1);
	}

	private Object peek() {
		if (stack.isEmpty()) throw guard.damaged("it takes more than it gave");
		return stack.get(stack.size() - 1);
	}

	/** Pops everything above the last mark, and the mark. */
	private List<Object> popMark() {
		int at = stack.size() - 1;
		while (at >= 0 && stack.get(at) != MARK) at--;
		if (at < 0) throw guard.damaged("it closes what it never opened");
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
		if (!memo.containsKey(index)) throw guard.damaged("it recalls what it never kept");
		return memo.get(index);
	}

	@SuppressWarnings("unchecked")
	private void append(final List<Object> items) {
		if (!(peek() instanceof List)) throw guard.damaged("it appends to an object that is not a list");
		((List<Object>) peek()).addAll(items);
	}

	private void setItems(final List<Object> items) {
		if (!(peek() instanceof Map)) throw guard.damaged("it sets items of an object that is not a dictionary");
		objects.putAll(asMap(peek()), items);
	}

	@SuppressWarnings("unchecked")
	private static Map<Object, Object> asMap(final Object map) {
		return (Map<Object, Object>) map;
	}

	// -- names --

	private PickleObjects.Global stackGlobal() {
		final Object name = pop();
		final Object module = pop();
		if (!(name instanceof String) || !(module instanceof String)) throw guard.damaged("a class has no name");
		return objects.global(module + "." + name);
	}

	/** Of the attributes of a dictionary only the parameters of a {@code ParameterDict} are needed; those of a state dict ({@code _metadata}) are not. */
	private void build(final Object state) {
		if (!(peek() instanceof Map)) throw guard.refused("attributes (" + (state == null ? "none" : "of an object") + ")");
		if (!(state instanceof Map<?, ?> attributes && attributes.get("_parameters") instanceof Map<?, ?> parameters && parameters != peek())) return;
		guard.count(parameters.size());
		asMap(peek()).putAll(parameters);
	}
}
