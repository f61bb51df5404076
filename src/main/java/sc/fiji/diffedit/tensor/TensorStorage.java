package sc.fiji.diffedit.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.jni.JniUtils;

/** Tensors on memory that is there already: a file, a buffer of Java, or a part of another tensor. */
public final class TensorStorage {

	private TensorStorage() {}

	/**
	 * A tensor that lies on the bytes of a direct or mapped buffer (position to limit, little-endian) without a copy.
	 * The buffer must outlive the tensor and everything computed from it as a view, and must start at a multiple of the
	 * element size. Not for bfloat16, int16 and the 8-bit floats, which DJL cannot take from bytes.
	 */
	static Tensor onto(final ByteBuffer bytes, final DType dtype, final long... shape) {
		if (!RawBytes.crosses(dtype)) throw new IllegalArgumentException(dtype + " cannot lie on bytes of Java; copy or map it");
		return Tensor.own(JniUtils.createNdFromByteBuffer(Torch.manager(), bytes.slice().order(ByteOrder.nativeOrder()),
			new Shape(shape), dtype.djl(), SparseFormat.DENSE, ai.djl.Device.cpu()));
	}

	/**
	 * The first {@code count} elements of a file as a tensor with one axis, mapped by libtorch: nothing is read before it
	 * is used, and the mapping lives as long as any tensor that lies on it.
	 *
	 * @throws ai.djl.engine.EngineException if the file is shorter or cannot be mapped
	 */
	public static Tensor map(final String file, final DType dtype, final long count) {
		return Elementary.call("from_file", file, count, dtype.torchCode());
	}

	/** Bytes (uint8, one axis) as elements of another type, on the same storage. */
	public static Tensor reinterpreted(final Tensor bytes, final DType dtype, final long... shape) {
		return Elementary.call("reinterpreted", bytes, dtype.torchCode(), bytes.count() / dtype.bytes(), shape);
	}

	/** The elements {@code from} to before {@code to} of a tensor with one axis, in another shape, on the same storage. */
	public static Tensor part(final Tensor whole, final long from, final long to, final long... shape) {
		return Elementary.call("part", whole, from, to, shape);
	}

	/** A copy, in row-major order, of the elements that lie {@code stride} apart in a tensor with one axis. */
	public static Tensor strided(final Tensor flat, final long[] shape, final long[] stride) {
		return Elementary.call("strided", flat, shape, stride);
	}
}
