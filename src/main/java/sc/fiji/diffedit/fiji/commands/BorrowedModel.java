package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.models.Tiles;
import sc.fiji.diffedit.pipelines.FastSettings;
import sc.fiji.diffedit.pipelines.GenerationResult;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.BaseWithRefiner;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.FastPath;
import sc.fiji.diffedit.tensor.KernelChoices;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Processor;
import sc.fiji.diffedit.tensor.Torch;

/** The borrowed model of a run with the form's options, and its refiner, if one is given. */
final class BorrowedModel implements AutoCloseable {

	private final OptionsParser modelOptions;
	private final Options options;
	private final StoppableCommand command;
	private final ModelLease lease;
	private Optional<ModelLease> refiner = Optional.empty();
	/** Fills masks, if another model is to do that. */
	private Optional<ModelLease> filler = Optional.empty();
	private Optional<BaseWithRefiner> both = Optional.empty();
	private final List<Boolean> flagged = new ArrayList<>();
	/** The recipe for this model, if it is one of few steps. */
	private final Optional<FastSettings> fast;
	private final Map<String, Object> corrected = new LinkedHashMap<>();

	/** @param command shows the model's messages */
	BorrowedModel(final StoppableCommand command, final DiffusionModelInputs form, final Adapters adapters, final Optional<FastSettings> fast) {
		options = form.options();
		modelOptions = form.modelOptions();
		this.command = command;
		lease = command.models().borrow(form.load());
		try {
			lease.setAdapters(adapters);
			this.fast = fast.map(asked -> ready(asked, adapters));
			prepare(lease);
			if (options.has(Option.INPAINT_MODEL)) addFiller();
			if (options.has(Option.REFINER)) addRefiner();
		}
		catch (final RuntimeException | Error e) {
			close();
			throw e;
		}
	}

	private FastSettings ready(final FastSettings asked, final Adapters adapters) {
		lease.call(model -> asked.notice(model, !adapters.loras().isEmpty())).ifPresent(command::addNotice);
		return lease.call(asked::forModel);
	}

	private void addRefiner() {
		final ModelLease second = command.models().borrow(modelOptions.refiner(lease.options()));
		refiner = Optional.of(second);
		prepare(second);
		both = Optional.of(lease.refinedBy(second));
	}

	private void addFiller() {
		final ModelLease other = command.models().borrow(modelOptions.inpaintModel(lease.options()));
		filler = Optional.of(other);
		other.setNotes(command::log);
		other.setNotices(command::addNotice);
		other.setPromptOptions(modelOptions.prompts());
	}

	private void prepare(final ModelLease loan) {
		loan.setNotes(options.has(Option.REFINER) ? command::logAndShow : command::log); // with a refiner only its runs have a complete time estimate
		loan.setNotices(command::addNotice);
		loan.setPromptOptions(modelOptions.prompts());
		if (modelOptions.exchanges() || fast.isPresent()) loan.setParts(model -> modelOptions.exchanged(fast.map(settings -> settings.on(model)).orElse(model)));
	}

	/** Sets the tiles in which large images go through the model, and through its refiner. */
	void setTiles(final Tiles tiles) {
		lease.setTiles(tiles);
		refiner.ifPresent(second -> second.setTiles(tiles));
		filler.ifPresent(other -> other.setTiles(tiles));
	}

	/** The model that fills masks, if it is another one. */
	Optional<ModelLease> filler() {
		return filler;
	}

	/** The form's model alone. */
	ModelLease lease() {
		return lease;
	}

	LoadOptions loaded() {
		return lease.options();
	}

	boolean hasRefiner() {
		return refiner.isPresent();
	}

	/** DiffEdit, whose edits end with the refiner if there is one. */
	DiffEdit diffEdit() {
		return both.map(BaseWithRefiner::diffEdit).orElseGet(lease::diffEdit);
	}

	/** Images from a prompt; a refiner takes the last steps, or works over the image. */
	GenerationResult textToImage(final TextToImageRequest asked, final StepListener listener) {
		final TextToImageRequest request = fast.map(settings -> settings.on(asked)).orElse(asked);
		tell(request.numInferenceSteps(), request.guidanceScale(), request.eta());
		if (both.isEmpty()) return checked(lease.textToImage(request, listener));
		if (!options.has(Option.REFINER_STRENGTH)) return checked(both.get().textToImage(request, listener));
		return checked(both.get().secondPass(request, options.number(Option.REFINER_STRENGTH, 0), listener));
	}

	GenerationResult imageToImage(final ImageInput images, final ImageToImageRequest asked, final StepListener listener) {
		final ImageToImageRequest request = fast.map(settings -> settings.on(asked)).orElse(asked);
		tell(request.numInferenceSteps(), request.guidanceScale(), request.eta());
		return checked(both.isPresent() ? both.get().imageToImage(images, request, listener) : lease.imageToImage(images, request, listener));
	}

	GenerationResult inpaint(final ImageInput images, final List<Mask> masks, final InpaintRequest asked, final StepListener listener) {
		final InpaintRequest request = fast.map(settings -> settings.on(asked)).orElse(asked);
		tell(request.numInferenceSteps(), request.guidanceScale(), request.eta());
		return checked(both.isPresent() ? both.get().inpaint(images, masks, request, listener) : lease.inpaint(images, masks, request, listener));
	}

	/** The request for a mask with the recipe's guidance. */
	MaskRequest mask(final MaskRequest asked) {
		final MaskRequest request = fast.map(settings -> settings.on(asked)).orElse(asked);
		tell(request.numInferenceSteps(), request.guidanceScale(), 0);
		return request;
	}

	/** What a recipe has set in place of the form's values. */
	private void tell(final int steps, final double guidance, final double eta) {
		fast.ifPresent(settings -> corrected.putAll(Map.of("steps", steps, "guidance", guidance, "recipe", settings)));
		if (fast.isPresent() && eta > 0) corrected.put("eta", eta);
	}

	/** A description of a result whose inputs are in it, with what a recipe has set instead. */
	Provenance correct(final Provenance made) {
		Provenance right = made;
		for (final Map.Entry<String, Object> entry : corrected.entrySet()) right = right.with(entry.getKey(), entry.getValue());
		return right;
	}

	private GenerationResult checked(final GenerationResult result) {
		flagged.addAll(result.flagged());
		return result;
	}

	/** What the safety checker did to the images so far; empty for nothing. */
	Optional<String> safetyNotice() {
		final int count = Collections.frequency(flagged, true);
		if (count == 0) return Optional.empty();
		return Optional.of("The model's safety checker blackened " + count + " of " + flagged.size() + "; try another seed or description.");
	}

	/** A description of a result's making with the model and what was added to it. */
	Provenance addTo(final Provenance made) {
		final Provenance more = made.with("pytorch", Torch.version()).with("model", lease.name()).with(Provenance.MODEL_HASH, lease.hash())
			.with("device", lease.device()).with("dtype", lease.options().dtype().name().toLowerCase(Locale.ROOT)).with("memory", lease.memory())
			.with("system", System.getProperty("os.name")).with("processor", Processor.name()).with("threads", Torch.threads()).with("kernels", kernels()).with("refinerHash", refiner.map(ModelLease::hash).orElse(null))
			.with("inpaintModelHash", filler.map(ModelLease::hash).orElse(null));
		final List<String> adapters = lease.adapters().lines();
		return adapters.isEmpty() ? more
			: more.with(Provenance.ADAPTERS, String.join("; ", adapters)).with(Provenance.LORA_HASH, lease.adapters().loraHash());
	}

	/** The faster ways to compute that may be used, and those taken on this processor; each rounds in its own way. */
	private static String kernels() {
		if (FastPath.allOn().isEmpty()) return "none";
		return FastPath.allOn().stream().map(FastPath::toString).collect(Collectors.joining(",")) + "; " + KernelChoices.inForce();
	}

	@Override
	public void close() {
		refiner.ifPresent(ModelLease::close);
		filler.ifPresent(ModelLease::close);
		lease.close();
	}
}
