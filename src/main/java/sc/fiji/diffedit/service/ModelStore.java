package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.IntConsumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.memory.FreeMemory;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.Mover;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.results.ResultStore;
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
 * and shared by all who follow. It stays until it is unloaded, until nobody has used it for
 * {@linkplain #setIdleTime a while}, until others need its room ({@linkplain #setLimit the limit}; those used least recently
 * go first), until its files change, or until the store is closed. A model that must go while on loan goes when its last
 * lease is closed. Plain Java: works without a SciJava context.
 */
public final class ModelStore implements AutoCloseable {

	/** System property with the minutes after which an idle model is unloaded; 0 for never. */
	public static final String IDLE_PROPERTY = "diffedit.idleMinutes";

	private static final Logger LOG = LoggerFactory.getLogger(ModelStore.class);
	private static final long IDLE_MINUTES = 30;
	/** Part of a device's memory that the weights of all models together may take. */
	private static final double SHARE = 0.7;

	private final Map<Key, Loaded> models = new LinkedHashMap<>();
	private final Map<Device, DeviceExecutor> executors = new LinkedHashMap<>();
	private final OneAtATime loading = new OneAtATime();
	private final ResultStore results = ResultStore.ofSettings();
	private final Expectations expectations = new Expectations();
	private Optional<Long> limit = Optional.empty();
	private Duration idleTime = Duration.ofMinutes(Math.max(0, Long.getLong(IDLE_PROPERTY, IDLE_MINUTES)));
	private ScheduledExecutorService clock;
	private final Mover mover;
	private int leases;
	private boolean closed;

	public ModelStore() {
		this(Mover.NATIVE);
	}

	/** @param mover takes the place of PyTorch's devices, for tests */
	ModelStore(final Mover mover) {
		this.mover = mover;
	}

	/** A folder of one kind asked for as another must be refused, not taken for it. */
	private record Key(Class<?> kind, LoadOptions options) {}

	/** @throws sc.fiji.diffedit.DiffEditException if the model is missing, damaged or of a kind that is not supported */
	public ModelLease borrow(final LoadOptions options) {
		final LoadedModel lent = lend(new Key(DiffusionModel.class, options), LoadedModel.class, this::load);
		return new ModelLease(lent, new LenderOfLeases());
	}

	/** What leases ask of this store. */
	private final class LenderOfLeases implements ModelLease.Lender {

		@Override
		public void takeBack(final LoadedModel model) {
			ModelStore.this.takeBack(model);
		}

		@Override
		public LoadedModel exchanged(final LoadedModel model, final MemoryPlan plan) {
			final LoadedModel other = kept(new Key(DiffusionModel.class, model.options().withMemory(plan)), LoadedModel.class, ModelStore.this::load);
			retire((options, loaded) -> loaded == model);
			giveBack(model);
			return other;
		}

		@Override
		public void makeRoomFor(final LoadedModel model) {
			ModelStore.this.makeRoomFor(model);
		}
	}

	private void makeRoomFor(final Loaded model) {
		retire((options, loaded) -> loaded.isIdle() && loaded != model && loaded.device().equals(model.device()));
	}

	/**
	 * What runs with a model are expected to take. The model is not loaded for it: configs and the headers of its files are read,
	 * and kept for some seconds.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if the model is missing, damaged or of a kind that is not supported
	 */
	public ExpectedMemory expected(final LoadOptions options) {
		return expectations.of(options, this::described);
	}

	private ExpectedMemory described(final LoadOptions options) {
		final Optional<ExpectedMemory> base = options.base().map(this::expected);
		final Device device = options.device().equals(LoadOptions.AUTO) ? Torch.expectedDevice() : Device.of(options.device());
		final Optional<LoadedModel> loaded = lookup(options);
		final LoadOptions planned = loaded.map(model -> options.withMemory(model.plan())).orElse(options);
		return ModelLoader.describe(planned, device, mover, base, () -> lookup(options).map(model -> model.unmade() == 0).orElse(false));
	}

	/** The model if it is in memory. */
	private synchronized Optional<LoadedModel> lookup(final LoadOptions options) {
		return Optional.ofNullable((LoadedModel) models.get(new Key(DiffusionModel.class, options)));
	}

	public ModelLease borrow(final String model) {
		return borrow(LoadOptions.of(model));
	}

	/** Describes a picture with the captioning model of a folder, which stays in memory. */
	public String caption(final LoadOptions options, final Picture picture, final CaptionRequest ask, final IntConsumer progress) {
		return written(Captioner.class, options, Captioner::open, WriterMemory.of(options, ask), (captioner, told) -> captioner.caption(picture, ask, told), progress);
	}

	/** Suggests prompts with the T5 model of a folder, which stays in memory. */
	public List<String> suggest(final LoadOptions options, final SuggestionRequest ask, final IntConsumer progress) {
		return written(PromptGenerator.class, options, PromptGenerator::open, WriterMemory.of(options, ask), (generator, told) -> generator.suggest(ask, told), progress);
	}

	/** What {@link #caption} is expected to take, told without loading the model. */
	public MemoryEstimate expected(final LoadOptions captioner, final CaptionRequest ask) {
		return withoutWeights(Captioner.class, captioner, WriterMemory.of(captioner, ask));
	}

	/** What {@link #suggest} is expected to take, told without loading the model. */
	public MemoryEstimate expected(final LoadOptions generator, final SuggestionRequest ask) {
		return withoutWeights(PromptGenerator.class, generator, WriterMemory.of(generator, ask));
	}

	/** The estimate without weights that are there already. */
	private synchronized MemoryEstimate withoutWeights(final Class<?> kind, final LoadOptions options, final MemoryEstimate estimate) {
		return models.get(new Key(kind, options)) instanceof LoadedWriter<?> writer ? writer.now(estimate) : estimate;
	}

	/** How a kind of writer is opened. */
	@FunctionalInterface
	private interface Opening<W> {

		W open(Path folder, DType dtype, Device device);
	}

	@SuppressWarnings("unchecked") // the key names the kind of writer
	private <W extends AutoCloseable, T> T written(final Class<W> kind, final LoadOptions options, final Opening<W> opening, final MemoryEstimate needs,
		final LoadedWriter.Task<W, T> task, final IntConsumer progress)
	{
		final LoadedWriter<W> writer = lend(new Key(kind, options), LoadedWriter.class, wanted -> load(wanted, opening));
		try {
			writer.check(needs, () -> makeRoomFor(writer), LOG::info);
			return writer.call(task, progress);
		}
		finally {
			takeBack(writer);
		}
	}

	private <L extends Loaded> L lend(final Key key, final Class<L> kind, final Function<LoadOptions, L> loading) {
		reserve();
		try {
			return kept(key, kind, loading);
		}
		catch (final RuntimeException | Error e) {
			release();
			throw e;
		}
	}

	private synchronized void reserve() {
		if (closed) throw new IllegalStateException("the model store is closed");
		leases++;
	}

	private void release() {
		synchronized (this) {
			leases--;
		}
		endThreadsIfDone();
	}

	/** Lends a model. One is loaded at a time; meanwhile others can be lent, listed and given back. */
	private <L extends Loaded> L kept(final Key key, final Class<L> kind, final Function<LoadOptions, L> load) {
		forgetIfChanged(key);
		final Optional<Loaded> known = lendIfLoaded(key);
		if (known.isPresent()) return kind.cast(known.get());
		return kind.cast(loading.done("loading model '" + key.options().model() + "'", () -> lendIfLoaded(key).orElseGet(() -> loaded(key, load))));
	}

	private synchronized Optional<Loaded> lendIfLoaded(final Key key) {
		final Optional<Loaded> model = Optional.ofNullable(models.get(key));
		model.ifPresent(Loaded::lend);
		return model;
	}

	private Loaded loaded(final Key key, final Function<LoadOptions, ? extends Loaded> load) {
		final Loaded fresh = load.apply(key.options());
		synchronized (this) {
			fresh.lend();
			if (closed) fresh.retire();
			else models.put(key, fresh);
			watchIdle();
		}
		makeRoom();
		forgetResults(fresh);
		return fresh;
	}

	/** Kept results give way where a new model leaves little memory: they can be computed again. */
	private void forgetResults(final Loaded fresh) {
		if (fresh.device().isCpu() && FreeMemory.ofMachine().available(Device.CPU) < fresh.bytes()) results.free(fresh.bytes());
	}

	/** A model whose files have changed goes; who holds it keeps the old one. */
	private void forgetIfChanged(final Key key) {
		final Loaded known;
		synchronized (this) {
			known = models.get(key);
		}
		if (known == null) return;
		final Optional<Path> changed = known.changedFile();
		if (changed.isEmpty()) return;
		LOG.warn("{} has changed since model '{}' was opened; the model is opened again", changed.get(), known.name());
		retire((options, loaded) -> loaded == known);
	}

	private static Device device(final LoadOptions options) {
		return options.device().equals(LoadOptions.AUTO) ? Torch.defaultDevice() : Device.of(options.device());
	}

	private synchronized DeviceExecutor executor(final Device device) {
		return executors.computeIfAbsent(device, DeviceExecutor::new);
	}

	/** A model that shares parts of a base model holds it as a borrower does. */
	private LoadedModel load(final LoadOptions options) {
		final Device device = device(options);
		final DeviceExecutor executor = executor(device);
		final Optional<LoadedModel> base = options.base()
			.map(wanted -> kept(new Key(DiffusionModel.class, wanted), LoadedModel.class, this::load));
		try {
			return executor.call(() -> ModelLoader.load(options, device, mover, base, results, executor), Run.currentOr(options.model()));
		}
		catch (final RuntimeException | Error e) {
			base.ifPresent(this::giveBack);
			throw e;
		}
	}

	private <W extends AutoCloseable> LoadedWriter<W> load(final LoadOptions options, final Opening<W> opening) {
		final Device device = device(options);
		final DeviceExecutor executor = executor(device);
		final Path folder = Path.of(options.model());
		final W writer = executor.call(() -> opening.open(folder, options.dtype(), device), Run.currentOr(options.model()));
		return new LoadedWriter<>(options.model(), writer, FileStamps.of(List.of(folder)), executor);
	}

	private void takeBack(final Loaded model) {
		giveBack(model);
		release();
	}

	private void giveBack(final Loaded model) {
		final boolean free;
		synchronized (this) {
			free = model.giveBack();
		}
		if (free) free(model);
	}

	/** Models are freed outside the lock: freeing waits for its turn on the device's thread. */
	private void free(final Loaded model) {
		model.close();
		if (model instanceof LoadedModel diffusion) diffusion.base().ifPresent(this::giveBack);
	}

	// -- looking --

	/** What is in memory, by the options it was borrowed with. */
	public synchronized List<LoadOptions> loaded() {
		return models.keySet().stream().map(Key::options).distinct().toList();
	}

	/** What is in memory, with sizes and who uses it; used last stands last. */
	public synchronized List<ModelInMemory> inMemory() {
		final long now = System.nanoTime();
		final List<ModelInMemory> list = new ArrayList<>();
		for (final Map.Entry<Key, Loaded> entry : leastRecentFirst()) {
			final Loaded model = entry.getValue();
			list.add(new ModelInMemory(entry.getKey().options(), model.device().toString(), model.bytes(), model.leases(), Duration.ofNanos(now - model.lastUse())));
		}
		return list;
	}

	private List<Map.Entry<Key, Loaded>> leastRecentFirst() {
		return models.entrySet().stream().sorted(Comparator.comparingLong(entry -> entry.getValue().lastUse())).toList();
	}

	/** What the models have answered, kept for the next time. */
	public ResultStore results() {
		return results;
	}

	// -- going --

	/** Frees every loaded form of a model; what is on loan goes when it comes back. */
	public void unload(final String model) {
		retire((options, loaded) -> options.model().equals(model));
	}

	/** Frees all models; what is on loan goes when it comes back. */
	public void unloadAll() {
		retire((options, loaded) -> true);
	}

	/** Frees the models that are not on loan and have not been for this long. */
	public void unloadIdle(final Duration atLeast) {
		final long now = System.nanoTime();
		retire((options, loaded) -> loaded.isIdle() && now - loaded.lastUse() >= atLeast.toNanos());
	}

	/** After which time an idle model is unloaded; zero for never. Half an hour unless {@value #IDLE_PROPERTY} says otherwise. */
	public synchronized void setIdleTime(final Duration time) {
		idleTime = time;
		if (clock != null) clock.shutdownNow();
		clock = null;
		if (!models.isEmpty()) watchIdle();
	}

	private synchronized void watchIdle() {
		if (clock != null || closed || idleTime.isZero()) return;
		final ScheduledThreadPoolExecutor watch = new ScheduledThreadPoolExecutor(1, task -> {
			final Thread thread = new Thread(task, "DiffEdit idle models");
			thread.setDaemon(true);
			return thread;
		});
		final Duration time = idleTime;
		final long period = Math.max(20, Math.min(60_000, time.toMillis() / 4));
		watch.scheduleWithFixedDelay(() -> unloadIdle(time), period, period, TimeUnit.MILLISECONDS);
		clock = watch;
	}

	/**
	 * How many bytes the weights of all models on a device may take together. Where a new one exceeds it, idle ones go. By
	 * default 70 % of the device's memory.
	 */
	public void setLimit(final long bytes) {
		synchronized (this) {
			limit = Optional.of(bytes);
		}
		makeRoom();
	}

	/** Frees idle models, those used least recently first, until the others are within the limit. */
	private void makeRoom() {
		final Map<Device, Long> over = new HashMap<>();
		final List<Loaded> leaving = new ArrayList<>();
		synchronized (this) {
			models.values().forEach(model -> over.merge(model.device(), model.bytes(), Long::sum));
			over.replaceAll((device, bytes) -> bytes - limit.orElseGet(() -> (long) (SHARE * FreeMemory.ofMachine().total(device))));
			for (final Map.Entry<Key, Loaded> entry : leastRecentFirst()) {
				final Loaded model = entry.getValue();
				if (over.get(model.device()) <= 0 || !model.isIdle()) continue;
				over.merge(model.device(), -model.bytes(), Long::sum);
				models.remove(entry.getKey());
				model.retire();
				leaving.add(model);
			}
		}
		for (final Loaded model : leaving) {
			LOG.info("Model '{}' leaves memory, others need its room", model.name());
			free(model);
		}
	}

	private void retire(final BiPredicate<LoadOptions, Loaded> which) {
		final List<Loaded> idle = new ArrayList<>();
		synchronized (this) {
			for (final Key key : List.copyOf(models.keySet())) {
				if (!which.test(key.options(), models.get(key))) continue;
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
			if (clock != null) clock.shutdownNow();
		}
		unloadAll();
		results.clear();
		endThreadsIfDone();
	}

	private void endThreadsIfDone() {
		final List<DeviceExecutor> ending;
		synchronized (this) {
			if (!closed || leases > 0) return;
			ending = List.copyOf(executors.values());
			executors.clear();
		}
		ending.forEach(DeviceExecutor::close);
	}
}
