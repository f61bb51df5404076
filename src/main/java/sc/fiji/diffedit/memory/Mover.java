package sc.fiji.diffedit.memory;

import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The one place where tensors go from device to device. {@link #NATIVE} moves them; a test moves them to devices that do not
 * exist, since from a CPU to itself nothing moves, which hides every mistake.
 */
public interface Mover {

	/** PyTorch's own devices. */
	Mover NATIVE = new NativeMover();

	/** The device of a tensor. */
	Device deviceOf(Tensor tensor);

	/** The same elements on a device, in the innermost scope; the same storage if they are there already. */
	Tensor move(Tensor tensor, Device device, boolean nonBlocking);

	/** Frees moved tensors on their device. */
	void drop(Tensor tensor);

	/** The device name that a network must be given so that it computes on a device. */
	Device physical(Device device);

	/** Whether this machine has a device. */
	boolean has(Device device);

	/** The devices besides the CPU and their free memory in bytes. */
	Map<Device, Long> accelerators();

	/** A second stream of copies to a device; empty where there is none. The caller closes it. */
	Optional<CopyStream> stream(Device device);
}
