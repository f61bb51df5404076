package sc.fiji.diffedit.service;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.SmallerPlans;
import sc.fiji.diffedit.memory.Stage;
import sc.fiji.diffedit.models.Tiles;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.pipelines.GenerationResult;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.ImageToImagePipeline;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.InpaintPipeline;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.StepPreview;
import sc.fiji.diffedit.pipelines.TextToImagePipeline;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.text.PromptOptions;

/**
 * A model on loan: borrow, use, close. While one lease is open the model stays loaded; calls of several leases run one
 * after another. Methods may be called from any thread and block until done.
 */
public final class ModelLease implements AutoCloseable {

	/** Receives estimates and reports of repeated attempts. */
	private static final Logger LOG = LoggerFactory.getLogger(ModelLease.class);

	private final Lender lender;
	private volatile LoadedModel model;
	private volatile Consumer<String> notes = LOG::info;
	private volatile Consumer<String> notices = LOG::warn;
	private final AtomicBoolean closed = new AtomicBoolean();
	private volatile UnaryOperator<DiffusionModel> exchange = UnaryOperator.identity();
	private volatile Adapters adapters = Adapters.NONE;
	private volatile PromptOptions promptOptions = PromptOptions.DEFAULTS;
	private volatile Tiles tiles = Tiles.OFF;

	ModelLease(final LoadedModel model, final Lender lender) {
		this.model = model;
		this.lender = lender;
	}

	/** The store's operations for a lease. */
	interface Lender {

		/** Called when the lease is closed. */
		void release(LoadedModel model);

		/** Replaces the borrowed model by the same model under another memory plan. */
		LoadedModel exchanged(LoadedModel model, MemoryPlan plan);

		/** Lends the model to nobody else, and frees it when its last lease is closed. */
		void forget(LoadedModel model);

		/** Frees unused models and cached results for a model. */
		void evictFor(LoadedModel model);
	}

	/** Sets the receiver of each run's memory estimate, and of a message when a run is repeated with a smaller preset; by default the log. */
	public void setNotes(final Consumer<String> notes) {
		this.notes = notes;
	}

	/** Sets the receiver of notices about results, by default the log. Those about the model's files, which are known already, come at once. */
	public void setNotices(final Consumer<String> notices) {
		this.notices = notices;
		model.notices().forEach(notices);
	}

	/** DiffEdit with this model. */
	public DiffEdit diffEdit() {
		return new DiffEdit(this);
	}

	/** This model with a refiner for the last steps, or for a second pass. */
	public BaseWithRefiner refinedBy(final ModelLease refiner) {
		return new BaseWithRefiner(this, refiner);
	}

	/** Prompts encoded by this model. */
	public EncodedPrompts prompts() {
		return new EncodedPrompts(this);
	}

	/** @see TextToImagePipeline#generate */
	public GenerationResult textToImage(final TextToImageRequest request, final StepListener listener) {
		return run(model -> RunMemory.of(model, request), (model, stop) -> new TextToImagePipeline(model).generate(request, stop), listener);
	}

	/** @see ImageToImagePipeline#generate */
	public GenerationResult imageToImage(final ImageInput images, final ImageToImageRequest request, final StepListener listener) {
		return run(model -> RunMemory.of(model, RunMemory.Size.of(model, images), request),
			(model, stop) -> new ImageToImagePipeline(model).generate(images, request, stop), listener);
	}

	/** @see InpaintPipeline#generate */
	public GenerationResult inpaint(final ImageInput images, final List<Mask> masks, final InpaintRequest request, final StepListener listener) {
		return run(model -> RunMemory.of(model, RunMemory.Size.of(model, images), request),
			(model, stop) -> new InpaintPipeline(model).generate(images, masks, request, stop), listener);
	}

	/**
	 * Adds LoRAs and textual inversions to the model for the calls of this lease; other borrowers do not see them. Adapters that do
	 * not fit the model are reported by the next call.
	 */
	public void setAdapters(final Adapters adapters) {
		this.adapters = adapters;
	}

	/** The adapters of this lease. */
	public Adapters adapters() {
		return adapters;
	}

	/** Sets how calls of this lease read prompts: prompt weights, and prompts longer than 77 tokens. */
	public void setPromptOptions(final PromptOptions options) {
		this.promptOptions = options;
	}

	/**
	 * Exchanges components of the model for the calls of this lease; other borrowers are not affected. In Groovy
	 * {@code lease.setParts { it.withScheduler("UniPCMultistepScheduler") }}. Leases whose components are used must stay open meanwhile.
	 *
	 * @param exchange maps the loaded model to the one used by calls; the identity for no exchange
	 */
	public void setParts(final UnaryOperator<DiffusionModel> exchange) {
		this.exchange = exchange;
	}

	/** Sets the tiles in which large images go through the UNet in calls of this lease; by default there are none. */
	public void setTiles(final Tiles tiles) {
		this.tiles = tiles;
	}

	boolean isTiled() {
		return !tiles.isOff();
	}

	/**
	 * A listener for calls of this lease that shows previews of their images.
	 *
	 * @param edge maximum length of the picture's longer side in pixels
	 * @param show receives the picture, on the listener's thread
	 * @see StepPreview
	 */
	public StepListener preview(final int edge, final Consumer<Picture> show) {
		return step -> call(parts -> StepPreview.picture(parts.vae(), edge, step)).ifPresent(show);
	}

	/** Width of the prompt embeddings ({@code cross_attention_dim} of the UNet). */
	int crossAttentionDim() {
		return model.model().unet().config().crossAttentionDim().get(0);
	}

	/** The name by which the user requested the model. */
	public String name() {
		return model.name();
	}

	/** The options it was borrowed with, which also identify it as the base of a refiner. */
	public LoadOptions options() {
		return model.options();
	}

	/** The current memory plan, with the preset that was chosen automatically or after a lack of memory. */
	public MemoryPlan memory() {
		return model.plan();
	}

	/** SHA-256 over the model's weight files and configs, in hexadecimal digits; identifies the model in a result's info. */
	public String hash() {
		return model.hash();
	}

	/** The device it computes on, such as {@code cpu}. */
	public String device() {
		return model.model().device().toString();
	}

	/** The device of each component or layer, or {@code disk} ({@code hf_device_map} in diffusers). */
	public Map<String, String> deviceMap() {
		return model.memory().deviceMap();
	}

	/** Number of image pixels per latent pixel along an axis: sizes that are multiples of it need no padding. */
	public int scaleFactor() {
		return model.model().vae().scaleFactor();
	}

	/**
	 * Runs work after checking its expected memory against the free memory, and repeats it with the next smaller plan if memory is
	 * exhausted all the same.
	 *
	 * @param needs the stages of the work
	 */
	<T> T run(final Function<Networks, List<Stage>> needs, final Stoppable<T> work, final StepListener listener) {
		return checked(needs, () -> 0, (parts, stop) -> worked(work, parts, stop), listener);
	}

	/**
	 * Checks the memory of work nested in another lease's work before either starts, counting both models' weights. Switches this
	 * model to smaller plans until it fits.
	 */
	void prepare(final Function<Networks, List<Stage>> needs, final ModelLease other) {
		checked(needs, () -> other.model == model ? 0 : other.model.bytesToCreate(), (parts, stop) -> null, StepListener.NONE);
	}

	/** Runs work nested in another lease's work, after {@link #prepare} has checked it. */
	<T> T within(final Function<DiffusionModel, T> work) {
		return call((parts, stop) -> worked((own, none) -> work.apply(own), parts, stop), StepListener.NONE);
	}

	private <T> T worked(final Stoppable<T> work, final DiffusionModel parts, final StepListener stop) {
		final LoadedModel present = model;
		try {
			return work.with(parts, stop);
		}
		finally {
			present.markCreated();
		}
	}

	private <T> T checked(final Function<Networks, List<Stage>> needs, final LongSupplier besides, final Stoppable<T> work, final StepListener listener) {
		final MemoryPlan first = model.plan();
		return SmallerPlans.run(first, plan -> {
			if (plan != first) model = lender.exchanged(model, plan);
			final LoadedModel present = model;
			return call((parts, stop) -> {
				present.check(needs.apply(Networks.of(parts)), besides.getAsLong(), () -> lender.evictFor(present), notes);
				return work.with(parts, stop);
			}, listener);
		}, notes);
	}

	/** The loaded model, without the components exchanged by this lease. */
	Networks networks() {
		return Networks.of(model.model());
	}

	/** Wraps work of the caller's run so that its steps are reported; steps that use no network also check for cancellation. */
	<T> T call(final Stoppable<T> work, final StepListener listener) {
		return call(parts -> work.with(parts, step -> {
			Run.check();
			ListenerCall.tell(listener, step);
		}));
	}

	/**
	 * Calls a function with the model's components on the device's thread, in a new scope: it must return a plain Java value.
	 *
	 * @throws sc.fiji.diffedit.CancelledException if the caller's {@link Run} is cancelled or the calling thread interrupted
	 */
	public <T> T call(final Function<DiffusionModel, T> work) {
		if (closed.get()) throw new IllegalStateException("this lease is closed; borrow the model again");
		final PromptOptions options = promptOptions;
		final Tiles cut = tiles;
		final LoadedModel present = model;
		try {
			return present.call(adapters, notices, own -> work.apply(with(exchange.apply(own), options, cut)));
		}
		catch (final ChangedFiles e) {
			if (present.changedFile().isPresent()) lender.forget(present);
			throw e;
		}
	}

	private static DiffusionModel with(final DiffusionModel requested, final PromptOptions options, final Tiles tiles) {
		return requested.withPromptEncoder(requested.promptEncoder().with(options)).withUnet(tiles.on(requested.unet(), requested.vae().vaeScale()));
	}

	@Override
	public void close() {
		if (closed.compareAndSet(false, true)) lender.release(model);
	}

	/** Work that reports its steps. */
	@FunctionalInterface
	interface Stoppable<T> {

		T with(DiffusionModel parts, StepListener listener);
	}
}
