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

	/** Tells of estimates and of further attempts. */
	private static final Logger LOG = LoggerFactory.getLogger(ModelLease.class);

	private final Lender lender;
	private volatile LoadedModel model;
	private volatile Consumer<String> notes = LOG::info;
	private volatile Consumer<String> notices = LOG::warn;
	private final AtomicBoolean closed = new AtomicBoolean();
	private volatile UnaryOperator<DiffusionModel> exchange = UnaryOperator.identity();
	private volatile Adapters adapters = Adapters.NONE;
	private volatile PromptOptions promptOptions = PromptOptions.DEFAULTS;

	ModelLease(final LoadedModel model, final Lender lender) {
		this.model = model;
		this.lender = lender;
	}

	/** What the store does for a lease. */
	interface Lender {

		/** The lease is closed. */
		void release(LoadedModel model);

		/** The same model under another plan, in place of the one on loan. */
		LoadedModel exchanged(LoadedModel model, MemoryPlan plan);

		/** The model is not lent any more, and goes when it comes back. */
		void forget(LoadedModel model);

		/** Frees what is not needed for a model. */
		void evictFor(LoadedModel model);
	}

	/** Receives the memory estimate of each run, and a sentence when it is repeated with a smaller preset; the log unless set. */
	public void setNotes(final Consumer<String> notes) {
		this.notes = notes;
	}

	/** Receives notices about results, such as that a part was computed in another type; the log unless set. */
	public void setNotices(final Consumer<String> notices) {
		this.notices = notices;
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
	 * Adds LoRAs and textual inversions to the model for the calls of this lease; other borrowers do not see them. What does not
	 * fit the model is told by the next call.
	 */
	public void setAdapters(final Adapters adapters) {
		this.adapters = adapters;
	}

	/** What this lease adds to the model. */
	public Adapters adapters() {
		return adapters;
	}

	/** How the calls of this lease read prompts: weights of words, and prompts beyond 77 tokens. */
	public void setPromptOptions(final PromptOptions options) {
		this.promptOptions = options;
	}

	/**
	 * Exchanges parts of the model for the calls of this lease; other borrowers do not see it. In Groovy
	 * {@code lease.setParts { it.withScheduler("UniPCMultistepScheduler") }}. Parts of other leases must stay on loan meanwhile.
	 *
	 * @param exchange from the model as it is to the model as the calls see it; the identity for nothing
	 */
	public void setParts(final UnaryOperator<DiffusionModel> exchange) {
		this.exchange = exchange;
	}

	/**
	 * A listener for calls of this lease that shows their images on the way.
	 *
	 * @param edge the picture's longer side has at most as many pixels
	 * @param show takes the picture, on the thread that computes
	 * @see StepPreview
	 */
	public StepListener preview(final int edge, final Consumer<Picture> show) {
		return step -> call(parts -> {
			new StepPreview(parts.vae(), edge, show).stepped(step);
			return null;
		});
	}

	/** Numbers per token that the model's UNet reads of a prompt. */
	int crossAttentionDim() {
		return model.model().unet().config().crossAttentionDim().get(0);
	}

	/** How the user called the model. */
	public String name() {
		return model.name();
	}

	/** What it was borrowed with; names it as the base of a refiner. */
	public LoadOptions options() {
		return model.options();
	}

	/** The memory plan that the model works under: the preset that the machine chose, or that a lack of memory led to. */
	public MemoryPlan memory() {
		return model.plan();
	}

	/** SHA-256 over the model's weight files and configs, in hex: names the model in a result's info. */
	public String hash() {
		return model.hash();
	}

	/** Where it computes, such as {@code cpu}. */
	public String device() {
		return model.model().device().toString();
	}

	/** Which component or layer lives on which device, or on {@code disk} ({@code hf_device_map} in diffusers). */
	public Map<String, String> deviceMap() {
		return model.memory().deviceMap();
	}

	/** Number of image pixels per latent pixel along an axis: sizes that are multiples of it need no padding. */
	public int scaleFactor() {
		return model.model().vae().scaleFactor();
	}

	/**
	 * Work that is checked against the memory that is free before it begins, and that is tried again under the next smaller
	 * plan where memory lacks all the same.
	 *
	 * @param needs the stages of the work
	 */
	<T> T run(final Function<Networks, List<Stage>> needs, final Stoppable<T> work, final StepListener listener) {
		return checked(needs, () -> 0, (parts, stop) -> worked(work, parts, stop), listener);
	}

	/**
	 * Checks what work within the work of another lease will take, before either begins: both models' weights will be there.
	 * Takes smaller plans for this model until it fits.
	 */
	void prepare(final Function<Networks, List<Stage>> needs, final ModelLease other) {
		checked(needs, () -> other.model == model ? 0 : other.model.unmade(), (parts, stop) -> null, StepListener.NONE);
	}

	/** Work within the work of another lease, which {@link #prepare} has checked. */
	<T> T within(final Function<DiffusionModel, T> work) {
		return call((parts, stop) -> worked((own, none) -> work.apply(own), parts, stop), StepListener.NONE);
	}

	private <T> T worked(final Stoppable<T> work, final DiffusionModel parts, final StepListener stop) {
		final LoadedModel present = model;
		try {
			return work.with(parts, stop);
		}
		finally {
			present.hasWorked();
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

	/** What the model is made of, without the parts that this lease exchanges. */
	Networks networks() {
		return Networks.of(model.model());
	}

	/** Work of the caller's run that tells of its steps; steps that need no network ask too whether the run is still wanted. */
	<T> T call(final Stoppable<T> work, final StepListener listener) {
		return call(parts -> work.with(parts, step -> {
			Run.check();
			listener.stepped(step);
		}));
	}

	/**
	 * Uses the parts of the model, on the device's thread, within a scope of its own: what is returned must be a plain Java
	 * value.
	 *
	 * @throws sc.fiji.diffedit.CancelledException if the caller's {@link Run} is cancelled or the calling thread interrupted
	 */
	public <T> T call(final Function<DiffusionModel, T> work) {
		if (closed.get()) throw new IllegalStateException("this lease is closed; borrow the model again");
		final PromptOptions options = promptOptions;
		final LoadedModel present = model;
		try {
			return present.call(adapters, notices, own -> work.apply(read(exchange.apply(own), options)));
		}
		catch (final ChangedFiles e) {
			if (present.changedFile().isPresent()) lender.forget(present);
			throw e;
		}
	}

	private static DiffusionModel read(final DiffusionModel requested, final PromptOptions options) {
		return requested.withPromptEncoder(requested.promptEncoder().with(options));
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
