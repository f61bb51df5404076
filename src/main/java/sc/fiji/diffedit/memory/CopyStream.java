package sc.fiji.diffedit.memory;

import java.util.List;

import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Tensor;

/** Copies to a device that overlap with its computations. */
public interface CopyStream extends AutoCloseable {

	/** Where the copies go. */
	Device device();

	/** A copy in pinned memory of the machine, from which a device copies by itself. */
	Tensor pin(Tensor tensor);

	/** Starts copies, after all computations that have been requested so far; their contents are there after {@link #join}. */
	List<Tensor> start(List<Tensor> pinned);

	/** Lets the device's later computations wait for all copies that have been started. */
	void join();

	@Override
	void close();
}
