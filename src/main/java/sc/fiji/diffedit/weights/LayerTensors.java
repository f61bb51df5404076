package sc.fiji.diffedit.weights;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.LoraKeys.Role;

/**
 * The tensors that an adapter's file has for one layer, by what they are. Shapes can be asked for without reading numbers; an axis
 * that a tensor does not have is of length 0, so that no shape fits by accident.
 */
final class LayerTensors {

	/** Those that may be whole numbers. */
	private static final Set<Role> NUMBERS = EnumSet.of(Role.ALPHA, Role.SCALE, Role.SCALAR, Role.ON_INPUT);

	private final WeightsFile file;
	private final String layer;
	private final Map<Role, String> names;

	/** @throws DiffEditException if a quantiser has made whole numbers of them */
	LayerTensors(final WeightsFile file, final String layer, final Map<Role, String> names) {
		this.file = file;
		this.layer = layer;
		this.names = new TreeMap<>(names);
		this.names.forEach((role, name) -> {
			if (!NUMBERS.contains(role) && !file.dtype(name).isFloatingPoint()) {
				throw new DiffEditException(source() + " has '" + name + "' in whole numbers (" + file.dtype(name) + "), which some quantiser made; take it in float32, float16 or bfloat16.");
			}
		});
	}

	/** Name of the file. */
	String source() {
		return file.path().getFileName().toString();
	}

	/** The layer in the file's own words. */
	String layer() {
		return layer;
	}

	/** Whether it is called as PEFT calls it. */
	boolean isOfPeft() {
		return layer.startsWith(LoraKeys.PEFT);
	}

	/** The layer's name in the network that PEFT was given. */
	String nameInPeft() {
		return isOfPeft() ? layer.substring(LoraKeys.PEFT.length()) : layer;
	}

	Set<Role> roles() {
		return names.keySet();
	}

	boolean has(final Role role) {
		return names.containsKey(role);
	}

	/** The tensor's name in the file. */
	String name(final Role role) {
		return names.get(role);
	}

	Set<String> allNames() {
		return Set.copyOf(names.values());
	}

	/** Shape of a tensor; without axes if there is none. */
	long[] shape(final Role role) {
		return has(role) ? file.shape(name(role)) : new long[0];
	}

	/** Length of an axis; 0 without it. */
	long size(final Role role, final int axis) {
		final long[] shape = shape(role);
		return axis < shape.length ? shape[axis] : 0;
	}

	/** How many numbers a tensor has behind an axis, for one index there; 0 without such an axis, and for what is no matrix. */
	long behind(final Role role, final int axis) {
		final long[] shape = shape(role);
		return axis < shape.length && shape.length > 1 ? product(shape, axis + 1) : 0;
	}

	/** Product of the lengths from an axis on; -1 if it is no number of elements that a file can hold. */
	static long product(final long[] shape, final int from) {
		long product = 1;
		for (int i = from; i < shape.length; i++) {
			if (shape[i] < 0 || shape[i] > 0 && product > Long.MAX_VALUE / shape[i]) return -1;
			product *= shape[i];
		}
		return product;
	}

	/** Whether two lengths multiply to a third, without computing a product that may be too large. */
	static boolean multiply(final long one, final long other, final long product) {
		return one > 0 && other > 0 && product % one == 0 && product / one == other;
	}

	/** A tensor in 32 bits, in the innermost scope. */
	Tensor get(final Role role) {
		return file.get(name(role)).to(DType.FLOAT32);
	}

	/** A tensor in 32 bits as a matrix: the first axis, and all others in one. */
	Tensor matrix(final Role role) {
		return get(role).reshape(size(role, 0), -1);
	}

	/**
	 * The one number of a tensor, or another where the file has none.
	 *
	 * @throws DiffEditException if it is not one finite number
	 */
	double number(final Role role, final double otherwise) {
		if (!has(role)) return otherwise;
		try (Scope scope = Scope.open()) {
			final Tensor value = file.get(name(role));
			if (value.count() != 1 || !value.isFinite()) throw new DiffEditException(source() + " has '" + name(role) + "', which is not one number; download or copy it again.");
			return value.toFloat();
		}
	}

	/** The tensors' own words and shapes, for messages: {@code lora_down.weight [4, 768]}. */
	String shapes() {
		return names.entrySet().stream().filter(entry -> !NUMBERS.contains(entry.getKey()))
			.map(entry -> entry.getValue().substring(Math.min(layer.length() + 1, entry.getValue().length())) + " " + Arrays.toString(file.shape(entry.getValue()))).collect(Collectors.joining(", "));
	}
}
