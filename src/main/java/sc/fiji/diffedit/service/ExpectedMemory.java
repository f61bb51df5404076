package sc.fiji.diffedit.service;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import sc.fiji.diffedit.memory.FreeMemory;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.Stage;
import sc.fiji.diffedit.models.Tiles;
import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.pipelines.CheckRequest;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.InversionMethod;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.OutputType;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.RunMemory.Size;
import sc.fiji.diffedit.tensor.Torch;

/**
 * The expected memory of runs with a model, by stage, estimated without loading it, with the same networks, plan and rules as the
 * estimate that is checked when a run starts. In Groovy:
 *
 * <pre>{@code
 * expected = models.expected(LoadOptions.of("/models/sd15"))
 * println expected.textToImage(TextToImageRequest.of("a lion")).line(expected.available())
 * }</pre>
 *
 * Widths and heights are those of one image, in pixels.
 */
public final class ExpectedMemory {

	private final Networks networks;
	private final PlannedWeights planned;
	private final FileStamps files;
	private final Optional<ExpectedMemory> base;
	private final BooleanSupplier made;
	private final Speed speed;
	private final Optional<Path> tokenizer;
	/** The engine's features on this processor are known once it is loaded. */
	private final boolean engineRan = Torch.isRunning();

	/**
	 * @param made whether the model is in memory and the weights that stay have been made
	 * @param tokenizer the folder of the first one
	 */
	ExpectedMemory(final Networks networks, final PlannedWeights planned, final FileStamps files, final Optional<ExpectedMemory> base, final BooleanSupplier made,
		final Speed speed, final Optional<Path> tokenizer)
	{
		this.networks = networks;
		this.planned = planned;
		this.files = files;
		this.base = base;
		this.made = made;
		this.speed = speed;
		this.tokenizer = tokenizer;
	}

	/** The folder of the model's first tokenizer, by which the length of a prompt can be told; empty if it has none of its own. */
	public Optional<Path> tokenizer() {
		return tokenizer;
	}

	/** The model's latents, to whole ones of which a size to compute at must come. */
	public VaeScale scale() {
		return networks.vae().vaeScale();
	}

	Networks networks() {
		return networks;
	}

	/** Whether the estimate is still valid: the model's files are unchanged, and so is the state of the engine. */
	boolean isCurrent() {
		return engineRan == Torch.isRunning() && files.changed().isEmpty() && base.map(ExpectedMemory::isCurrent).orElse(true);
	}

	/** The same for runs of a lease with {@linkplain ModelLease#setTiles these tiles}. */
	public ExpectedMemory tiled(final Tiles tiles) {
		return tiles.isOff() ? this : new ExpectedMemory(networks.tiled(tiles), planned, files, base, made, speed, tokenizer);
	}

	/** The memory plan with the preset chosen for the memory that is free now. */
	public MemoryPlan plan() {
		return planned.plan();
	}

	/** Bytes of the device's memory that may be used now. */
	public long available() {
		return FreeMemory.ofMachine().available(planned.device());
	}

	/** Whether a run fits into the memory that may be used now, less a reserve. */
	public boolean fits(final MemoryEstimate estimate) {
		return estimate.peak() <= available() - MemoryEstimate.reserve(FreeMemory.ofMachine().total(planned.device()));
	}

	public MemoryEstimate mask(final int width, final int height, final MaskRequest request) {
		return of(RunMemory.of(networks, size(width, height), request));
	}

	public MemoryEstimate invert(final int width, final int height, final InvertRequest request) {
		return of(RunMemory.of(networks, size(width, height), request));
	}

	/** An edit of one image that has been inverted with a method. */
	public MemoryEstimate edit(final int width, final int height, final EditRequest request, final InversionMethod method) {
		return edit(width, height, request, method, 1);
	}

	/** The same of several regions. */
	public MemoryEstimate edit(final int width, final int height, final EditRequest request, final InversionMethod method, final int regions) {
		return of(RunMemory.of(networks, inverted(width, height), request, method, regions));
	}

	/** An inversion, and an edit of its result. @param regions with prompts of their own; 1 for none */
	public MemoryEstimate invertAndEdit(final int width, final int height, final InvertRequest invert, final EditRequest edit, final int regions) {
		return of(all(RunMemory.of(networks, size(width, height), invert), RunMemory.of(networks, inverted(width, height), edit, invert.inversionMethod(), regions)));
	}

	/** Mask, inversion and edit. */
	public MemoryEstimate diffEdit(final int width, final int height, final MaskRequest mask, final InvertRequest invert, final EditRequest edit) {
		return of(all(RunMemory.of(networks, size(width, height), mask), RunMemory.of(networks, size(width, height), invert),
			RunMemory.of(networks, inverted(width, height), edit, invert.inversionMethod(), 1)));
	}

	/** A look at a finished edit of one image. */
	public MemoryEstimate check(final int width, final int height, final CheckRequest request) {
		return of(RunMemory.of(networks, inverted(width, height), request));
	}

	@SafeVarargs
	private static List<Stage> all(final List<Stage>... runs) {
		return Arrays.stream(runs).flatMap(List::stream).toList();
	}

	public MemoryEstimate textToImage(final TextToImageRequest request) {
		return of(RunMemory.of(networks, request));
	}

	public MemoryEstimate imageToImage(final int width, final int height, final ImageToImageRequest request) {
		return of(RunMemory.of(networks, size(width, height), request));
	}

	public MemoryEstimate inpaint(final int width, final int height, final InpaintRequest request) {
		return of(RunMemory.of(networks, size(width, height), request));
	}

	/** The additional memory of this model as the refiner of an edit. */
	public MemoryEstimate refining(final int width, final int height, final EditRequest request) {
		return of(RunMemory.ofRefiner(networks, inverted(width, height), request, 1));
	}

	/**
	 * The additional memory of this model as the refiner of another model's images.
	 *
	 * @param width 0 for the model's own
	 * @param height 0 for the model's own
	 * @param images of each prompt
	 */
	public MemoryEstimate refining(final int width, final int height, final int images, final double guidanceScale) {
		final Size size = Size.of(networks, TextToImageRequest.DEFAULTS.withWidth(width).withHeight(height));
		return of(RunMemory.ofRefiner(networks, size, images, guidanceScale, OutputType.IMAGE));
	}

	private Size size(final int width, final int height) {
		return Size.ofPictures(networks, width, height, 1);
	}

	private Size inverted(final int width, final int height) {
		return size(width, height).encoded();
	}

	private MemoryEstimate of(final List<Stage> stages) {
		return planned.estimate(stages, made.getAsBoolean(), speed);
	}
}
