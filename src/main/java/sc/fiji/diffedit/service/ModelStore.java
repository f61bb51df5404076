package sc.fiji.diffedit.service;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.config.UserSettings;
import sc.fiji.diffedit.memory.FreeMemory;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.Mover;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.results.ResultStore;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.SuggestionRequest;

/**
 * The models in memory: diffusion models, captioners and prompt generators. A model is loaded by the first borrower and shared with
 * later ones. It stays in memory until it is unloaded, has been unused for {@linkplain #setIdleTime a while}, must make room for
 * others ({@linkplain #setLimit the limit}; the least recently used first), its files change, or the store is closed. A model that
 * is borrowed at that time is freed when its last lease is closed. Works without a SciJava context.
 */
public final class ModelStore implements AutoCloseable {

	private static final double GIGABYTE = 1e9;

	private final LoadedModels models = new LoadedModels();
	private final DeviceThreads threads = new DeviceThreads();
	private final Loans loans = new Loans(models, threads, this::arrived);
	private final Writers writers = new Writers(models, threads, loans);
	private final IdleClock clock = new IdleClock(Duration.ofMinutes(UserSettings.read().idleMinutes()), models::retireIdle);
	private final ResultStore results = ResultStore.ofSettings();
	private final Expectations expectations = new Expectations();
	private final Mover mover;

	public ModelStore() {
		this(Mover.NATIVE);
	}

	/** @param mover replaces PyTorch's devices in tests */
	ModelStore(final Mover mover) {
		this.mover = mover;
		models.setLimit(limitOf(UserSettings.read()));
	}

	/** Takes over what the user has set by now for idle models, memory and results. */
	public void useSettings() {
		final UserSettings settings = UserSettings.read();
		setIdleTime(Duration.ofMinutes(settings.idleMinutes()));
		models.setLimit(limitOf(settings));
		results.setLimit(ResultStore.limitOf(settings));
	}

	/** In bytes; empty for the default. */
	private static Optional<Long> limitOf(final UserSettings settings) {
		return settings.memoryLimit() > 0 ? Optional.of((long) (settings.memoryLimit() * GIGABYTE)) : Optional.empty();
	}

	// -- borrowing --

	/** @throws sc.fiji.diffedit.DiffEditException if the model is missing, damaged or of a kind that is not supported */
	public ModelLease borrow(final LoadOptions options) {
		return new ModelLease(loans.borrow(key(options), LoadedModel.class, this::load), new LenderOfLeases());
	}

	public ModelLease borrow(final String model) {
		return borrow(LoadOptions.of(model));
	}

	/** Describes a picture with the captioning model of a folder, which stays in memory. */
	public String caption(final LoadOptions options, final Picture picture, final CaptionRequest request, final IntConsumer progress) {
		return writers.caption(options, picture, request, progress);
	}

	/** Suggests prompts with the T5 model of a folder, which stays in memory. */
	public List<String> suggest(final LoadOptions options, final SuggestionRequest request, final IntConsumer progress) {
		return writers.suggest(options, request, progress);
	}

	private static ModelKey key(final LoadOptions options) {
		return new ModelKey(DiffusionModel.class, options);
	}

	/** Borrows the base model for a model that shares its components. */
	private LoadedModel load(final LoadOptions options) {
		final Device device = DeviceThreads.device(options);
		final DeviceExecutor executor = threads.of(device);
		final Optional<LoadedModel> base = options.base().map(this::hold);
		try {
			return executor.call(() -> ModelLoader.load(options, device, mover, base, results, executor), Run.currentOr(options.model()));
		}
		catch (final RuntimeException | Error e) {
			base.ifPresent(models::release);
			throw e;
		}
	}

	private LoadedModel hold(final LoadOptions options) {
		return loans.hold(key(options), LoadedModel.class, this::load);
	}

	private void arrived(final Loaded fresh) {
		clock.start();
		models.evict();
		// cached results are dropped when a new model leaves little memory, since they can be recomputed
		if (fresh.device().isCpu() && FreeMemory.ofMachine().available(Device.CPU) < fresh.bytes()) results.free(fresh.bytes());
	}

	/** The store's operations for its leases. */
	private final class LenderOfLeases implements ModelLease.Lender {

		@Override
		public void release(final LoadedModel model) {
			loans.release(model);
		}

		@Override
		public LoadedModel exchanged(final LoadedModel model, final MemoryPlan plan) {
			final LoadedModel other = hold(model.options().withMemory(plan));
			forget(model);
			models.release(model);
			return other;
		}

		@Override
		public void forget(final LoadedModel model) {
			models.retire((options, loaded) -> loaded == model);
		}

		@Override
		public void evictFor(final LoadedModel model) {
			models.evictFor(model);
		}
	}

	// -- estimates --

	/**
	 * The expected memory of runs with a model, estimated without loading it from its configs and file headers, which are cached
	 * for a few seconds.
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
		return ModelLoader.describe(planned, device, mover, base, () -> lookup(options).map(model -> model.bytesToCreate() == 0).orElse(false));
	}

	/** The model, if it is in memory. */
	private Optional<LoadedModel> lookup(final LoadOptions options) {
		return models.lookup(key(options)).map(LoadedModel.class::cast);
	}

	/** The expected memory of {@link #caption}, estimated without loading the model. */
	public MemoryEstimate expected(final LoadOptions captioner, final CaptionRequest request) {
		return writers.expected(captioner, request);
	}

	/** The expected memory of {@link #suggest}, estimated without loading the model. */
	public MemoryEstimate expected(final LoadOptions generator, final SuggestionRequest request) {
		return writers.expected(generator, request);
	}

	// -- queries --

	/** The options of the models in memory. */
	public List<LoadOptions> loaded() {
		return models.options();
	}

	/** The models in memory, with sizes and number of users, the most recently used last. */
	public List<ModelInMemory> inMemory() {
		return models.list();
	}

	/** The cache of the models' results. */
	public ResultStore results() {
		return results;
	}

	// -- unloading --

	/** Frees all loaded variants of a model; borrowed ones are freed when their last lease is closed. */
	public void unload(final String model) {
		models.retire((options, loaded) -> options.model().equals(model));
	}

	/** Frees all models; borrowed ones are freed when their last lease is closed. */
	public void unloadAll() {
		models.retire((options, loaded) -> true);
	}

	/** Frees the models that have not been borrowed for this long. */
	public void unloadIdle(final Duration atLeast) {
		models.retireIdle(atLeast);
	}

	/**
	 * Sets the time after which an idle model is unloaded; zero for never. The default is that of the user's settings.
	 */
	public void setIdleTime(final Duration time) {
		clock.set(time);
		if (!models.isEmpty()) clock.start();
	}

	/**
	 * Sets how many bytes the weights of all models on a device may take together. If a new model exceeds the limit, idle ones are
	 * unloaded. The default is 70 % of the device's memory.
	 */
	public void setLimit(final long bytes) {
		models.setLimit(Optional.of(bytes));
	}

	/** Frees all models and ends the threads; for a borrowed model this happens when its last lease is closed. */
	@Override
	public void close() {
		threads.refuseLeases();
		clock.close();
		models.close();
		results.clear();
		threads.endIfDone();
	}
}
