package sc.fiji.diffedit.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Two devices, {@code cuda:0} and {@code cuda:1}, that lie on the CPU: to move there copies, and to drop fills the copy with
 * NaN, so that whoever computes with what has gone gets NaN. A copy that a stream has started holds NaN until the stream is
 * joined.
 */
public final class TestDevices implements Mover {

	private static final Kernels KERNELS = Kernels.load("test_devices");

	private final Map<Tensor, Device> places = new IdentityHashMap<>();
	private final boolean streams;
	private long bytes;
	private long most;
	private final Map<Device, Long> arrived = new HashMap<>();

	/** @param streams whether the devices have streams */
	public TestDevices(final boolean streams) {
		this.streams = streams;
	}

	/** Bytes on both devices now. */
	public long bytes() {
		return bytes;
	}

	/** Most bytes at a time since the last call of this. */
	public long most() {
		final long peak = most;
		most = bytes;
		return peak;
	}

	/** Bytes that have come to a device so far. */
	public long arrived(final Device device) {
		return arrived.getOrDefault(device, 0L);
	}

	@Override
	public Device deviceOf(final Tensor tensor) {
		return places.getOrDefault(tensor, Device.CPU);
	}

	@Override
	public Tensor move(final Tensor tensor, final Device device, final boolean nonBlocking) {
		if (deviceOf(tensor).equals(device)) return tensor.to(Device.CPU);
		final Tensor copy = tensor.copy();
		if (!device.isCpu()) place(copy, device);
		return copy;
	}

	private void place(final Tensor copy, final Device device) {
		places.put(copy, device);
		bytes += size(copy);
		most = Math.max(most, bytes);
		arrived.merge(device, size(copy), Long::sum);
	}

	private static long size(final Tensor tensor) {
		return tensor.count() * tensor.dtype().bytes();
	}

	@Override
	public void drop(final Tensor tensor) {
		if (places.remove(tensor) != null) {
			bytes -= size(tensor);
			spoil(tensor);
		}
		tensor.close();
	}

	private static void spoil(final Tensor tensor) {
		try (Scope scope = Scope.open()) {
			if (tensor.dtype().isFloatingPoint()) KERNELS.call("spoil", tensor);
		}
	}

	@Override
	public Device physical(final Device device) {
		return Device.CPU;
	}

	@Override
	public boolean has(final Device device) {
		return device.isCpu() || device.index() < 2;
	}

	@Override
	public Map<Device, Long> accelerators() {
		final Map<Device, Long> free = new LinkedHashMap<>();
		free.put(Device.cuda(0), 1L << 34);
		free.put(Device.cuda(1), 1L << 33);
		return free;
	}

	@Override
	public Optional<CopyStream> stream(final Device device) {
		return streams && !device.isCpu() ? Optional.of(new Stream(device)) : Optional.empty();
	}

	private final class Stream implements CopyStream {

		private final Device device;
		private final Map<Tensor, Tensor> started = new LinkedHashMap<>();

		Stream(final Device device) {
			this.device = device;
		}

		@Override
		public Device device() {
			return device;
		}

		@Override
		public Tensor pin(final Tensor tensor) {
			return tensor.copy();
		}

		@Override
		public List<Tensor> start(final List<Tensor> pinned) {
			final List<Tensor> copies = new ArrayList<>();
			final Scope memory = Scope.detached();
			for (final Tensor tensor : pinned) {
				final Tensor copy = KERNELS.call("blank", tensor);
				place(copy, device);
				copies.add(copy);
				started.put(copy, memory.adopt(tensor.copy()));
			}
			return copies;
		}

		@Override
		public void join() {
			started.forEach((copy, content) -> {
				if (!copy.isClosed()) KERNELS.call("fill", copy, content).close();
				content.close();
			});
			started.clear();
		}

		@Override
		public void close() {
			started.values().forEach(Tensor::close);
			started.clear();
		}
	}
}
