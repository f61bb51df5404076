package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.Captioner;
import sc.fiji.diffedit.text.PromptGenerator;
import sc.fiji.diffedit.text.SuggestionRequest;

/**
 * The models in memory. A model is loaded by the first who borrows it and shared by all who follow; it stays until it is
 * unloaded or the store is closed. A model that is unloaded while on loan goes when its last lease is closed. Plain Java:
 * works without a SciJava context.
 */
public final class ModelStore implements AutoCloseable {

	private final Map<LoadOptions, LoadedModel> models = new LinkedHashMap<>();
	private final Map<Device, DeviceExecutor> executors = new LinkedHashMap<>();
	private int leases;
	private boolean closed;

	/** @throws sc.fiji.diffedit.DiffEditException if the model is missing, damaged or of a kind that is not supported */
	public synchronized ModelLease borrow(final LoadOptions options) {
		if (closed) throw new IllegalStateException("the model store is closed");
		LoadedModel model = models.get(options);
		if (model == null) {
			model = load(options);
			models.put(options, model);
		}
		model.lend();
		leases++;
		final LoadedModel lent = model;
		return new ModelLease(lent, () -> takeBack(lent));
	}

	public ModelLease borrow(final String model) {
		return borrow(LoadOptions.of(model));
	}

	/** Describes a picture with the captioning model of a folder, which is opened for this call. */
	public String caption(final LoadOptions options, final Picture picture, final CaptionRequest ask, final IntConsumer progress) {
		return once(options, progress, (folder, device, stopping) -> {
			try (Captioner captioner = Captioner.open(folder, options.dtype(), device)) {
				return captioner.caption(picture, ask, stopping);
			}
		});
	}

	/** Suggests prompts with the T5 model of a folder, which is opened for this call. */
	public List<String> suggest(final LoadOptions options, final SuggestionRequest ask, final IntConsumer progress) {
		return once(options, progress, (folder, device, stopping) -> {
			try (PromptGenerator generator = PromptGenerator.open(folder, options.dtype(), device)) {
				return generator.suggest(ask, stopping);
			}
		});
	}

	/** Work with a model that is opened for it and does not stay. */
	@FunctionalInterface
	private interface Once<T> {

		T with(Path folder, Device device, IntConsumer stopping);
	}

	/** On the device's thread; an interrupt of the caller ends it at the next token. */
	private <T> T once(final LoadOptions options, final IntConsumer progress, final Once<T> work) {
		final Device device = device(options);
		final DeviceExecutor executor;
		synchronized (this) {
			if (closed) throw new IllegalStateException("the model store is closed");
			executor = executor(device);
			leases++;
		}
		final AtomicBoolean stop = new AtomicBoolean();
		try {
			return executor.call(() -> work.with(Path.of(options.model()), device, made -> {
				if (stop.get()) throw new CancelledException();
				progress.accept(made);
			}), () -> stop.set(true));
		}
		finally {
			synchronized (this) {
				leases--;
			}
			endThreadsIfDone();
		}
	}

	private static Device device(final LoadOptions options) {
		return options.device().equals(LoadOptions.AUTO) ? Torch.defaultDevice() : Device.of(options.device());
	}

	private DeviceExecutor executor(final Device device) {
		return executors.computeIfAbsent(device, DeviceExecutor::new);
	}

	private LoadedModel load(final LoadOptions options) {
		final Device device = device(options);
		final DeviceExecutor executor = executor(device);
		return executor.call(() -> ModelLoader.load(options, device, executor), () -> {});
	}

	private void takeBack(final LoadedModel model) {
		final boolean free;
		synchronized (this) {
			leases--;
			free = model.giveBack();
		}
		if (free) model.close();
		endThreadsIfDone();
	}

	/** Names of the models in memory, by the options they were borrowed with. */
	public synchronized List<LoadOptions> loaded() {
		return List.copyOf(models.keySet());
	}

	/** Frees every loaded form of a model; what is on loan goes when it comes back. */
	public void unload(final String model) {
		retire(options -> options.model().equals(model));
	}

	/** Frees all models; what is on loan goes when it comes back. */
	public void unloadAll() {
		retire(options -> true);
	}

	/** Models are freed outside the lock: freeing waits for its turn on the device's thread. */
	private void retire(final Predicate<LoadOptions> which) {
		final List<LoadedModel> idle = new ArrayList<>();
		synchronized (this) {
			for (final LoadOptions options : loaded()) {
				if (!which.test(options)) continue;
				final LoadedModel model = models.remove(options);
				if (model.retire()) idle.add(model);
			}
		}
		idle.forEach(LoadedModel::close);
	}

	/** Frees all models and ends the threads; what is on loan goes, and its thread ends, when it comes back. */
	@Override
	public void close() {
		synchronized (this) {
			closed = true;
		}
		unloadAll();
		endThreadsIfDone();
	}

	private synchronized void endThreadsIfDone() {
		if (!closed || leases > 0) return;
		executors.values().forEach(DeviceExecutor::close);
		executors.clear();
	}
}
