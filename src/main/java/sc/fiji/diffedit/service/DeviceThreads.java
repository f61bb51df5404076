package sc.fiji.diffedit.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Torch;

/** The threads of a {@link ModelStore}, one for each device that is used. They end when the store is closed and its last lease is. */
final class DeviceThreads {

	private final Map<Device, DeviceExecutor> executors = new LinkedHashMap<>();
	private int leases;
	private boolean closed;

	/** The device that the options ask for; loads the engine where they leave the choice to it. */
	static Device device(final LoadOptions options) {
		return options.device().equals(LoadOptions.AUTO) ? Torch.defaultDevice() : Device.of(options.device());
	}

	synchronized DeviceExecutor of(final Device device) {
		return executors.computeIfAbsent(device, DeviceExecutor::new);
	}

	/**
	 * Counts one lease: the threads stay until it is {@linkplain #release released}.
	 *
	 * @throws IllegalStateException if the store is closed
	 */
	synchronized void reserve() {
		if (closed) throw new IllegalStateException("the model store is closed");
		leases++;
	}

	void release() {
		synchronized (this) {
			leases--;
		}
		endIfDone();
	}

	/** From now on there are no new leases. */
	synchronized void refuseLeases() {
		closed = true;
	}

	/** Ends the threads if leases are refused and none is open. */
	void endIfDone() {
		final List<DeviceExecutor> ending;
		synchronized (this) {
			if (!closed || leases > 0) return;
			ending = List.copyOf(executors.values());
			executors.clear();
		}
		ending.forEach(DeviceExecutor::close);
	}
}
