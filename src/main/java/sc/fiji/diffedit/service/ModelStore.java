package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.Captioner;
import sc.fiji.diffedit.text.PromptGenerator;
import sc.fiji.diffedit.text.SuggestionRequest;

/**
 * The models in memory: diffusion models, captioners and prompt generators. A model is loaded by the first who needs it
 * and shared by all who follow; it stays until it is unloaded or the store is closed. A model that is unloaded while on
 * loan goes when its last lease is closed. Plain Java: works without a SciJava context.
 */
public final class ModelStore implements AutoCloseable {

	private final Map<Key, Loaded> models = new LinkedHashMap<>();
	private final Map<Device, DeviceExecutor> executors = new LinkedHashMap<>();
	private int leases;
	private boolean closed;

	/** A folder of one kind asked for as another must be refused, not taken for it. */
	private record Key(Class<?> kind, LoadOptions options) {}

	/** @throws sc.fiji.diffedit.DiffEditException if the model is missing, damaged or of a kind that is not supported */
	public ModelLease borrow(final LoadOptions options) {
		final LoadedModel lent = lend(new Key(DiffusionModel.class, options), LoadedModel.class, this::load);
		return new ModelLease(lent, () -> takeBack(lent));
	}

	public ModelLease borrow(final String model) {
		return borrow(LoadOptions.of(model));
	}

	/** Describes a picture with the captioning model of a folder, which stays in memory. */
	public String caption(final LoadOptions options, final Picture picture, final CaptionRequest ask, final IntConsumer progress) {
		return written(Captioner.class, options, Captioner::open, (captioner, told) -> captioner.caption(picture, ask, told), progress);
	}

	/** Suggests prompts with the T5 model of a folder, which stays in memory. */
	public List<String> suggest(final LoadOptions options, final SuggestionRequest ask, final IntConsumer progress) {
		return written(PromptGenerator.class, options, PromptGenerator::open, (generator, told) -> generator.suggest(ask, told), progress);
	}

	/** How a kind of writer is opened. */
	@FunctionalInterface
	private interface Opening<W> {

		W open(Path folder, DType dtype, Device device);
	}

	@SuppressWarnings("unchecked") // the key names the kind of writer
	private <W extends AutoCloseable, T> T written(final Class<W> kind, final LoadOptions options, final Opening<W> opening,
		final LoadedWriter.Task<W, T> task, final IntConsumer progress)
	{
		final LoadedWriter<W> writer = lend(new Key(kind, options), LoadedWriter.class, wanted -> load(wanted, opening));
		try {
			return writer.call(task, progress);
		}
		finally {
			takeBack(writer);
		}
	}

	private synchronized <L extends Loaded> L lend(final Key key, final Class<L> kind, final Function<LoadOptions, L> loading) {
		if (closed) throw new IllegalStateException("the model store is closed");
		final L model = kept(key, kind, loading);
		model.lend();
		leases++;
		return model;
	}

	private <L extends Loaded> L kept(final Key key, final Class<L> kind, final Function<LoadOptions, L> loading) {
		Loaded model = models.get(key);
		if (model == null) {
			model = loading.apply(key.options());
			models.put(key, model);
		}
		return kind.cast(model);
	}

	private static Device device(final LoadOptions options) {
		return options.device().equals(LoadOptions.AUTO) ? Torch.defaultDevice() : Device.of(options.device());
	}

	private DeviceExecutor executor(final Device device) {
		return executors.computeIfAbsent(device, DeviceExecutor::new);
	}

	/** A model that shares parts of a base model holds it as a borrower does. */
	private LoadedModel load(final LoadOptions options) {
		final Device device = device(options);
		final DeviceExecutor executor = executor(device);
		final Optional<LoadedModel> base = options.base()
			.map(wanted -> kept(new Key(DiffusionModel.class, wanted), LoadedModel.class, this::load));
		final LoadedModel model = executor.call(() -> ModelLoader.load(options, device, base, executor), () -> {});
		base.ifPresent(Loaded::lend);
		return model;
	}

	private <W extends AutoCloseable> LoadedWriter<W> load(final LoadOptions options, final Opening<W> opening) {
		final Device device = device(options);
		final DeviceExecutor executor = executor(device);
		final W writer = executor.call(() -> opening.open(Path.of(options.model()), options.dtype(), device), () -> {});
		return new LoadedWriter<>(options.model(), writer, executor);
	}

	private void takeBack(final Loaded model) {
		final boolean free;
		synchronized (this) {
			leases--;
			free = model.giveBack();
		}
		if (free) free(model);
		endThreadsIfDone();
	}

	/** Models are freed outside the lock: freeing waits for its turn on the device's thread. */
	private void free(final Loaded model) {
		model.close();
		if (!(model instanceof LoadedModel diffusion) || diffusion.base().isEmpty()) return;
		final LoadedModel base = diffusion.base().get();
		final boolean done;
		synchronized (this) {
			done = base.giveBack();
		}
		if (done) free(base);
	}

	/** Names of the models in memory, by the options they were borrowed with. */
	public synchronized List<LoadOptions> loaded() {
		return models.keySet().stream().map(Key::options).distinct().toList();
	}

	/** Frees every loaded form of a model; what is on loan goes when it comes back. */
	public void unload(final String model) {
		retire(options -> options.model().equals(model));
	}

	/** Frees all models; what is on loan goes when it comes back. */
	public void unloadAll() {
		retire(options -> true);
	}

	private void retire(final Predicate<LoadOptions> which) {
		final List<Loaded> idle = new ArrayList<>();
		synchronized (this) {
			for (final Key key : List.copyOf(models.keySet())) {
				if (!which.test(key.options())) continue;
				final Loaded model = models.remove(key);
				if (model.retire()) idle.add(model);
			}
		}
		idle.forEach(this::free);
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
