package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

import sc.fiji.diffedit.NotEnoughMemory;
import sc.fiji.diffedit.memory.FreeMemory;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.ModelMemory;
import sc.fiji.diffedit.memory.Stage;
import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.results.NetworkResults;
import sc.fiji.diffedit.results.RememberedPromptEncoder;
import sc.fiji.diffedit.results.ResultStore;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Scope;

/** A diffusion model in memory. */
final class LoadedModel extends Loaded {

	/** System property that disables the memory check before runs. */
	static final String UNCHECKED_PROPERTY = "diffedit.memoryUnchecked";

	/** A warning is shown above this multiple of the number of pixels that the model was trained for. */
	private static final long LARGE = 8;

	private final DiffusionModel model;
	private final AdaptedModel adapted;
	private final ModelMemory memory;
	private final String hash;
	private final LoadOptions options;
	private final Optional<LoadedModel> base;
	private final PlannedWeights planned;
	private final Speed speed;
	private volatile boolean worked;
	/** Depth of nested calls in progress; used on the device's thread only. */
	private int depth;
	private final ModelIdentity identity;
	private final List<String> notices;
	private final NetworkResults encodedPrompts;

	/**
	 * @param files as stamped when the model was opened
	 * @param bytes of the weights of its own networks
	 * @param planned the weights under the memory plan
	 * @param base whose parts this model shares
	 * @param identity of the networks, for cached results
	 * @param results the cache for prompt embeddings
	 * @param notices of its files
	 * @param resources networks and files, freed with the model
	 */
	LoadedModel(final LoadOptions options, final DiffusionModel model, final AdaptedModel adapted, final ModelMemory memory, final String hash,
		final FileStamps files, final long bytes, final PlannedWeights planned, final Optional<LoadedModel> base, final ModelIdentity identity, final ResultStore results,
		final List<String> notices, final DeviceExecutor executor, final AutoCloseable resources)
	{
		super(model.name(), files, bytes, executor, resources);
		this.options = options;
		this.model = model;
		this.adapted = adapted;
		this.memory = memory;
		this.hash = hash;
		this.base = base;
		this.planned = planned;
		this.speed = ModelLoader.speed(options, planned, Networks.of(model));
		this.identity = identity;
		this.notices = notices;
		this.encodedPrompts = results.of(model.name(), identity::ofPromptEncoder, this::checkResult);
	}

	ModelIdentity identity() {
		return identity;
	}

	/** What the user should know of its files, such as what is in them and not used. */
	List<String> notices() {
		return notices;
	}

	String hash() {
		return hash;
	}

	LoadOptions options() {
		return options;
	}

	DiffusionModel model() {
		return model;
	}

	/** The memory plan it was loaded with, with the chosen preset. */
	MemoryPlan plan() {
		return planned.plan();
	}

	/** Bytes of weights that the next run will create and keep. */
	long bytesToCreate() {
		return worked ? 0 : planned.once();
	}

	/** Marks the weights as created, when a run starts. */
	void markCreated() {
		worked = true;
	}

	/**
	 * Checks that a run fits into the free memory.
	 *
	 * @param stages of the run
	 * @param besides bytes that will be allocated before the run
	 * @param makeRoom frees unused models and cached results
	 * @param notes receives the estimate and the preset in use
	 * @throws NotEnoughMemory if it does not
	 */
	void check(final List<Stage> stages, final long besides, final Runnable makeRoom, final Consumer<String> notes) {
		final MemoryEstimate estimate = planned.estimate(stages, worked, speed).plus(besides);
		speed.begins(stages);
		warnOfSize(stages);
		notes.accept(estimate.line(FreeMemory.ofMachine().available(planned.device())) + "; memory preset " + plan().preset() + "; "
			+ estimate.timeLine());
		if (refusal(estimate).isPresent()) makeRoom.run();
		final Optional<NotEnoughMemory> refusal = refusal(estimate);
		if (refusal.isPresent() && !Boolean.getBoolean(UNCHECKED_PROPERTY)) throw refusal.get();
	}

	/** Warns about images far larger than the model's training size: time and memory grow faster than the image, and results get worse. */
	private void warnOfSize(final List<Stage> stages) {
		final int made = model.unet().config().sampleSize();
		final VaeScale scale = model.vae().vaeScale();
		stages.stream().filter(stage -> stage.component().equals("unet")).flatMap(stage -> stage.passes().stream())
			.filter(passes -> (long) passes.height() * passes.width() > LARGE * made * made).findFirst()
			.ifPresent(passes -> Notices.warn(scale.toPixels(passes.width()) + " x " + scale.toPixels(passes.height()) + " pixels are many more than the "
				+ scale.toPixels(made) + " x " + scale.toPixels(made) + " that this model was made for; a selection or a smaller copy takes much less time and gives better results."));
	}

	private Optional<NotEnoughMemory> refusal(final MemoryEstimate estimate) {
		final FreeMemory memory = FreeMemory.ofMachine();
		final Device at = planned.device();
		return estimate.refusal(memory.available(at), memory.total(at), at, plan().preset(), options.dtype());
	}

	/** The device of each component. */
	ModelMemory memory() {
		return memory;
	}

	Optional<LoadedModel> base() {
		return base;
	}

	@Override
	void checkFiles() {
		super.checkFiles();
		base.ifPresent(LoadedModel::checkFiles);
	}

	/** Adapter files that have changed since the previous call are read again; they must not change during a call. */
	@Override
	void checkResult() {
		checkFiles();
		adapted.check(name());
	}

	@Override
	Optional<Path> changedFile() {
		return super.changedFile().or(() -> base.flatMap(LoadedModel::changedFile));
	}

	/**
	 * A call that a listener of another call makes leaves the adapters of that one.
	 *
	 * @param notices receives notices about the results
	 */
	<T> T call(final Adapters adapters, final Consumer<String> notices, final Function<DiffusionModel, T> work) {
		return withSameFiles(() -> {
			final Adapters around = adapted.present();
			depth++;
			try (Scope scope = Scope.open()) {
				base.ifPresent(LoadedModel::plain);
				return Block.listening(speed, () -> Notices.to(notices, () -> work.apply(caching(adapted.with(adapters, model)))));
			}
			finally {
				depth--;
				if (depth == 0) {
					leaveDevice();
					speed.ended();
				}
				else if (!around.equals(adapters)) adapted.with(around, model);
			}
		});
	}

	/**
	 * Adds the result cache to the prompt encoder, which depends on the textual inversions; the other networks have had it since
	 * the model was loaded.
	 */
	private DiffusionModel caching(final DiffusionModel adapted) {
		return adapted.withPromptEncoder(new RememberedPromptEncoder(adapted.promptEncoder(), encodedPrompts, adapted.device()));
	}

	private void leaveDevice() {
		memory.leaveDevice();
		base.ifPresent(LoadedModel::leaveDevice);
	}

	/** Removes another borrower's adapters from the shared components, unless this call is nested in a call of that borrower. */
	private void plain() {
		if (depth == 0) adapted.with(Adapters.NONE, model);
	}
}
