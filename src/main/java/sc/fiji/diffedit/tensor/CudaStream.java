package sc.fiji.diffedit.tensor;

import java.util.List;

import ai.djl.pytorch.jni.IValue;

import sc.fiji.diffedit.DiffEditException;

/**
 * A second CUDA stream of a device, for copies from pinned memory that run beside computations ({@code torch.cuda.Stream}).
 * Copies wait for the computations asked for before them, so memory that was freed by then may be written again, and
 * {@link #join} lets computations wait for copies. libtorch's {@code record_stream} cannot be called from a program, and
 * with this order it is not needed.
 * <p>
 * Written from libtorch's sources; it has not run on a graphics card yet.
 */
public final class CudaStream implements AutoCloseable {

	private final Kernels kernels;
	private final String device;
	private IValue handle;

	private CudaStream(final Kernels kernels, final Device device) {
		this.kernels = kernels;
		this.device = device.toString();
		this.handle = kernels.run("stream", this.device);
	}

	/** @throws DiffEditException if this libtorch has no CUDA streams */
	public static CudaStream of(final Device device) {
		return new CudaStream(Kernels.load("cuda_streams"), device);
	}

	/** Starts copies to the device; they belong to the innermost scope. */
	public List<Tensor> copies(final List<Tensor> pinned) {
		return kernels.callForList("copies", pinned, device, this);
	}

	/** Later computations on the device wait for the copies started so far. */
	public void join() {
		kernels.callForLong("join", device, this);
	}

	IValue handle() {
		if (handle == null) throw new IllegalStateException("this stream is closed");
		return handle;
	}

	@Override
	public void close() {
		if (handle != null) handle.close();
		handle = null;
	}
}
