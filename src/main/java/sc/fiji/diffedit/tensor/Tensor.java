package sc.fiji.diffedit.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

import ai.djl.pytorch.engine.PtNDArray;

/**
 * A native array of libtorch, never changed in place. It belongs to the innermost {@link Scope} of the thread that made
 * it. What can be computed with it stands in {@link TensorArithmetic}, how one lies on a file or a buffer in
 * {@link TensorStorage}.
 */
public final class Tensor implements TensorArithmetic, AutoCloseable {

	private final PtNDArray array;
	private Scope owner;

	private Tensor(final PtNDArray array) {
		this.array = array;
	}

	// -- making --

	static Tensor own(final PtNDArray array) {
		final Tensor tensor = new Tensor(array);
		tensor.owner = Scope.current();
		tensor.owner.add(tensor);
		return tensor;
	}

	/** A tensor of 32-bit floats, copied from Java. */
	public static Tensor of(final float[] values, final long... shape) {
		final ByteBuffer bytes = ByteBuffer.allocateDirect(values.length * 4).order(ByteOrder.nativeOrder());
		bytes.asFloatBuffer().put(values);
		return copyOf(bytes, DType.FLOAT32, shape);
	}

	/** A tensor of 64-bit whole numbers, copied from Java. */
	public static Tensor of(final long[] values, final long... shape) {
		final ByteBuffer bytes = ByteBuffer.allocateDirect(values.length * 8).order(ByteOrder.nativeOrder());
		bytes.asLongBuffer().put(values);
		return copyOf(bytes, DType.INT64, shape);
	}

	/** A tensor copied from the bytes of a direct or mapped buffer (position to limit, little-endian). */
	public static Tensor copyOf(final ByteBuffer bytes, final DType dtype, final long... shape) {
		if (!RawBytes.crosses(dtype)) {
			try (Tensor wide = copyOf(RawBytes.widen(bytes, dtype), RawBytes.wide(dtype), shape)) {
				return wide.to(dtype);
			}
		}
		try (Tensor alias = TensorStorage.onto(bytes, dtype, shape)) {
			return alias.copy();
		}
	}

	/** A tensor full of one number. */
	public static Tensor full(final double value, final DType dtype, final long... shape) {
		return Elementary.call("full", shape, value, dtype.torchCode());
	}

	public static Tensor zeros(final DType dtype, final long... shape) {
		return full(0, dtype, shape);
	}

	// -- looking --

	public long[] shape() {
		return array.getShape().getShape().clone();
	}

	/** Length along an axis; negative axes count from the end. */
	public long size(final int axis) {
		final long[] shape = shape();
		return shape[axis < 0 ? shape.length + axis : axis];
	}

	/** Number of elements. */
	public long count() {
		return array.getShape().size();
	}

	public DType dtype() {
		return DType.ofTorchCode(Elementary.callForLong("dtype_of", this));
	}

	public Device device() {
		return Device.of(array.getDevice());
	}

	/** The elements in row-major order, as 32-bit floats whatever the type. */
	public float[] toFloatArray() {
		try (Tensor plain = Elementary.call("to_plain", this, DType.FLOAT32.torchCode())) {
			return plain.array.toFloatArray();
		}
	}

	/** The elements in row-major order, as 64-bit whole numbers whatever the type. */
	public long[] toLongArray() {
		try (Tensor plain = Elementary.call("to_plain", this, DType.INT64.torchCode())) {
			return plain.array.toLongArray();
		}
	}

	/** The bytes of the elements in row-major order, little-endian, copied to Java. */
	public ByteBuffer toBytes() {
		final DType dtype = dtype();
		if (!RawBytes.crosses(dtype)) {
			try (Tensor wide = to(RawBytes.wide(dtype))) {
				return RawBytes.narrow(wide.toBytes(), dtype);
			}
		}
		try (Tensor raw = Elementary.call("to_plain", this, dtype.torchCode())) {
			return raw.array.toByteBuffer(false).order(ByteOrder.LITTLE_ENDIAN);
		}
	}

	/** The only element of a tensor that has one. */
	public float toFloat() {
		final float[] values = toFloatArray();
		if (values.length != 1) throw new IllegalStateException("this tensor has " + values.length + " elements, not one");
		return values[0];
	}

	/** Whether every element is a finite number. */
	public boolean isFinite() {
		return Elementary.callForLong("finite", this) == 1;
	}

	// -- shape and place --

	/** The same elements in another shape; one length may be -1. */
	public Tensor reshape(final long... shape) {
		return Elementary.call("reshape", this, shape);
	}

	public Tensor permute(final long... axes) {
		return Elementary.call("permute", this, axes);
	}

	public Tensor unsqueeze(final int axis) {
		return Elementary.call("unsqueeze", this, axis);
	}

	/** The part from index {@code from} to before {@code to} along an axis. */
	public Tensor slice(final int axis, final long from, final long to) {
		return Elementary.call("slice", this, axis, from, to);
	}

	/** The {@code index}-th entry along the first axis, which disappears. */
	public Tensor get(final long index) {
		return Elementary.call("select", this, index);
	}

	/** Entries along an axis, in the order of the given indices, which may repeat. */
	public Tensor indexSelect(final int axis, final long... indices) {
		try (Tensor rows = of(indices, indices.length)) {
			return Elementary.call("index_select", this, axis, rows);
		}
	}

	/** Equal parts along an axis. */
	public List<Tensor> chunk(final int parts, final int axis) {
		return Elementary.callForList("chunk", this, parts, axis);
	}

	/** Each entry along the first axis, {@code times} times in a row (a, a, b, b). */
	public Tensor repeatInterleave(final long times) {
		return Elementary.call("repeat_interleave", this, times);
	}

	/** The whole tensor {@code times} times along the first axis (a, b, a, b). */
	public Tensor repeat(final long times) {
		return Elementary.call("repeat", this, times);
	}

	/** Entries rolled by {@code shift} along an axis, as {@code torch.roll}. */
	public Tensor roll(final long shift, final int axis) {
		return Elementary.call("roll", this, shift, axis);
	}

	public static Tensor cat(final List<Tensor> tensors, final int axis) {
		return Elementary.call("cat", tensors, axis);
	}

	public static Tensor cat(final int axis, final Tensor... tensors) {
		return cat(Arrays.asList(tensors), axis);
	}

	public static Tensor stack(final List<Tensor> tensors, final int axis) {
		return Elementary.call("stack", tensors, axis);
	}

	/** The same numbers of an image, shape (batch, channels, height, width), lying in memory with their channels last. */
	public Tensor channelsLast() {
		return Elementary.call("channels_last", this);
	}

	/** The same elements in another type; this very storage when the type is the same. */
	public Tensor to(final DType dtype) {
		return Elementary.call("cast", this, dtype.torchCode());
	}

	/** The same elements on another device; this very storage when it lies there already. */
	public Tensor to(final Device device) {
		return Elementary.call("move", this, device.toString());
	}

	/**
	 * The same elements on another device.
	 *
	 * @param nonBlocking whether the copy is only started where the device can do that (from pinned memory to CUDA); what is
	 *          computed there afterwards waits for it
	 */
	public Tensor to(final Device device, final boolean nonBlocking) {
		return Elementary.call("move_on", this, device.toString(), nonBlocking);
	}

	/** A copy in pinned memory of the CPU, from which a CUDA device copies by itself. Needs a CUDA device. */
	public Tensor pinned() {
		return Elementary.call("pinned", this);
	}

	/** The same elements in type and on the device of another tensor. */
	public Tensor toLike(final Tensor other) {
		return Elementary.call("like", this, other);
	}

	/** A copy with storage of its own. */
	public Tensor copy() {
		return Elementary.call("copy", this);
	}

	// -- life --

	PtNDArray array() {
		if (isClosed()) throw new IllegalStateException("this tensor is closed");
		return array;
	}

	void moveTo(final Scope scope) {
		if (owner == scope) return;
		scope.add(this);
		owner.remove(this);
		owner = scope;
	}

	public boolean isClosed() {
		return array.isReleased();
	}

	@Override
	public void close() {
		if (isClosed()) return;
		owner.remove(this);
		array.close();
	}

	@Override
	public String toString() {
		return isClosed() ? "closed tensor" : dtype() + Arrays.toString(shape()) + " on " + device();
	}
}
