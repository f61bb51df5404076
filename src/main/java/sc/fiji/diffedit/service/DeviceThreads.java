package sc.fiji.diffedit.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Torch;

/** The threads of a {@link ModelStore}, one for each device in use. They end when the store and its last lease are closed. */
final class DeviceThreads {

	private final Map<Device, DeviceExecutor> executors = new LinkedHashMap<>();
	private int leases;
	private boolean closed;

	/** The requested device; loads the engine if the device is {@code auto}. */
	static Device device(final LoadOptions options) {
		return options.device().equals(LoadOptions.AUTO) ? Torch.defaultDevice() : Device.of(options.device());
	}

	synchronized DeviceExecutor of(final Device device) {
		return executors.computeIfAbsent(device, DeviceExecutor::new);
	}

	/**
	 * Registers a lease: the threads are kept until it is {@linkplain #release released}.
	 *
	 * @throws DiffEditException if the store is closed
	 */
	synchronized void reserve() {
		if (closed) throw new DiffEditException("Models are lent no more, since ImageJ or the program around was closed; start it again.");
		leases++;
	}

	void release() {
		synchronized (this) {
			leases--;
		}
		endIfDone();
	}

	/** Accepts no new leases from now on. */
	synchronized void refuseLeases() {
		closed = true;
	}

	/** Ends the threads if the store is closed and no lease is open. */
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
