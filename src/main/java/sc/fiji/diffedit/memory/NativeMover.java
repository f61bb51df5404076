package sc.fiji.diffedit.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.CudaStream;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.LoadedEngine;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;

/** PyTorch's own devices. */
final class NativeMover implements Mover {

	@Override
	public Device deviceOf(final Tensor tensor) {
		return tensor.device();
	}

	@Override
	public Tensor move(final Tensor tensor, final Device device, final boolean nonBlocking) {
		return tensor.to(device, nonBlocking);
	}

	@Override
	public void drop(final Tensor tensor) {
		tensor.close();
	}

	@Override
	public Device physical(final Device device) {
		return device;
	}

	@Override
	public boolean has(final Device device) {
		return !device.type().equals("cuda") || device.index() < Torch.cudaDevices();
	}

	@Override
	public Map<Device, Long> accelerators() {
		final Map<Device, Long> free = new LinkedHashMap<>();
		for (final LoadedEngine.CudaDevice device : LoadedEngine.cudaDevices()) free.put(device.device(), device.free());
		return free;
	}

	/** There is none where this libtorch has no CUDA or does not let its programs ask for streams. */
	@Override
	public Optional<CopyStream> stream(final Device device) {
		if (!device.type().equals("cuda")) return Optional.empty();
		try {
			final CudaStream stream = CudaStream.of(device);
			return Optional.of(new Cuda(device, stream));
		}
		catch (final DiffEditException e) {
			return Optional.empty();
		}
	}

	private record Cuda(Device device, CudaStream stream) implements CopyStream {

		@Override
		public Tensor pin(final Tensor tensor) {
			return tensor.pinned();
		}

		@Override
		public List<Tensor> start(final List<Tensor> pinned) {
			return stream.copies(pinned);
		}

		@Override
		public void join() {
			stream.join();
		}

		@Override
		public void close() {
			stream.close();
		}
	}
}
