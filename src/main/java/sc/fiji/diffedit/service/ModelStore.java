package sc.fiji.diffedit.service;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Torch;

/**
 * The models in memory. A model is loaded by the first who borrows it and shared by all who follow; it stays until it is
 * unloaded or the store is closed. A model that is unloaded while on loan goes when its last lease is closed. Plain Java:
 * works without a SciJava context.
 */
public final class ModelStore implements AutoCloseable {

	private final Map<LoadOptions, LoadedModel> models = new LinkedHashMap<>();
	private final Map<Device, DeviceExecutor> executors = new LinkedHashMap<>();

	/** @throws sc.fiji.diffedit.DiffEditException if the model is missing, damaged or of a kind that is not supported */
	public synchronized ModelLease borrow(final LoadOptions options) {
		LoadedModel model = models.get(options);
		if (model == null) {
			model = load(options);
			models.put(options, model);
		}
		model.lend();
		final LoadedModel lent = model;
		return new ModelLease(lent, () -> takeBack(lent));
	}

	public ModelLease borrow(final String model) {
		return borrow(LoadOptions.of(model));
	}

	private LoadedModel load(final LoadOptions options) {
		final Device device = options.device().equals(LoadOptions.AUTO) ? Torch.defaultDevice() : Device.of(options.device());
		final DeviceExecutor executor = executors.computeIfAbsent(device, DeviceExecutor::new);
		return executor.call(() -> ModelLoader.load(options, device, executor), () -> {});
	}

	private synchronized void takeBack(final LoadedModel model) {
		if (model.giveBack()) model.close();
	}

	/** Names of the models in memory, by the options they were borrowed with. */
	public synchronized List<LoadOptions> loaded() {
		return List.copyOf(models.keySet());
	}

	/** Frees every loaded form of a model; what is on loan goes when it comes back. */
	public synchronized void unload(final String model) {
		for (final LoadOptions options : loaded()) {
			if (options.model().equals(model)) retire(options);
		}
	}

	/** Frees all models; what is on loan goes when it comes back. */
	public synchronized void unloadAll() {
		loaded().forEach(this::retire);
	}

	private void retire(final LoadOptions options) {
		final LoadedModel model = models.remove(options);
		if (model.retire()) model.close();
	}

	/** Frees all models and ends the threads. */
	@Override
	public synchronized void close() {
		unloadAll();
		new ArrayList<>(executors.values()).forEach(DeviceExecutor::close);
		executors.clear();
	}
}
