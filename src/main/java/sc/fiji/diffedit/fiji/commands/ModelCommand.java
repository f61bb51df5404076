package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.BaseWithRefiner;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.text.CaptionRequest;

/** What all commands with a diffusion model share: the loan, and how results tell of their making. */
abstract class ModelCommand extends StoppableCommand implements ModelForm {

	private DiffusionModelService models;
	private MemoryLine line;
	private CommandProgress progress;
	private Options asked;
	private Optional<BaseWithRefiner> refined = Optional.empty();

	/** The command's work with its model; results are kept only when it comes to its end. */
	abstract void work(ModelLease lease, StepListener listener);

	/** A preset or plan for memory; a command without such a field leaves it to the machine. */
	String memory() {
		return Memory.AUTOMATIC;
	}

	/** What is added to the model; a command without such a field adds nothing. */
	Adapters adapters() {
		return Adapters.NONE;
	}

	/** The form's line of further options; a command without such a field has none. */
	String options() {
		return "";
	}

	/** What may stand in it. */
	Set<Option> known() {
		return Set.of();
	}

	/** The form's texts that the model reads; null and blank ones count as left out. */
	List<String> prompts() {
		return List.of();
	}

	/** Whether images are shown on their way. */
	boolean previews() {
		return false;
	}

	/** What a run with the form's present answers takes of its model. */
	abstract Function<ExpectedMemory, MemoryEstimate> takes();

	/** What it takes of a refiner besides, where one may be asked for. */
	Function<ExpectedMemory, MemoryEstimate> takesOfRefiner() {
		return refiner -> new MemoryEstimate(0, Map.of());
	}

	/** Puts the line about memory into the form. */
	abstract void showMemory(String text);

	@Override
	public final void tellMemory() {
		if (line == null) line = new MemoryLine(models(), this::showMemory);
		line.tell(this::expectedRun);
	}

	private MemoryLine.Run expectedRun() {
		final Options now = new Options(options(), known());
		final OptionsParser wanted = new OptionsParser(now);
		final LoadOptions load = wanted.load(model()).withMemory(Memory.of(memory()));
		final List<Supplier<MemoryEstimate>> besides = new ArrayList<>();
		if (now.has(Option.REFINER)) besides.add(() -> takesOfRefiner().apply(models().expected(wanted.refiner(load))));
		if (now.has(Option.CAPTIONER)) besides.add(() -> models().expected(PromptSource.captioner(now), CaptionRequest.DEFAULTS));
		if (now.has(Option.GENERATOR)) besides.add(() -> models().expected(PromptSource.generator(now), PromptSource.suggestions(now, "something")));
		return new MemoryLine.Run(load, takes(), besides);
	}

	@Override
	final void work(final DiffusionModelService service, final CommandProgress shown) {
		models = service;
		progress = shown;
		asked = new Options(options(), known());
		final Adapters adapters = adapters();
		try (ModelLease lease = models.borrow(askedModel().load(model()).withMemory(Memory.of(memory())))) {
			lease.setAdapters(adapters);
			lease.setNotes(this::note);
			lease.setNotices(this::tell);
			lease.setPromptOptions(askedModel().prompts());
			if (askedModel().exchanges()) lease.setParts(askedModel()::exchanged);
			if (asked.has(Option.REFINER)) workWithRefiner(lease);
			else {
				tellTime(lease.options());
				workSeen(lease);
			}
		}
	}

	/** What the whole command takes; each of its runs tells its own part when it begins. */
	private void tellTime(final LoadOptions load) {
		final MemoryEstimate all = takes().apply(models.expected(load));
		if (all.time().isPresent()) note(CommandProgress.title(getClass()) + " " + all.timeLine() + "; Escape cancels it");
	}

	private void workWithRefiner(final ModelLease lease) {
		try (ModelLease refiner = models.borrow(askedModel().refiner(lease.options()))) {
			refiner.setNotes(this::note);
			refiner.setNotices(this::tell);
			refiner.setPromptOptions(askedModel().prompts());
			if (askedModel().exchanges()) refiner.setParts(askedModel()::exchanged);
			refined = Optional.of(lease.refinedBy(refiner));
			workSeen(lease);
		}
	}

	private void workSeen(final ModelLease lease) {
		final List<String> texts = allPrompts();
		if (!texts.isEmpty()) lease.prompts().cut(texts).forEach(this::tell);
		if (!previews() || !PreviewWindow.canBeSeen()) {
			work(lease, progress);
			return;
		}
		try (PreviewWindow window = new PreviewWindow(true)) {
			work(lease, progress.and(lease.preview(PreviewWindow.EDGE, window::show)));
		}
	}

	private List<String> allPrompts() {
		final List<String> all = new ArrayList<>(prompts());
		asked.text(Option.PROMPT_2).ifPresent(all::add);
		asked.text(Option.NEGATIVE_PROMPT_2).ifPresent(all::add);
		all.removeIf(text -> text == null || text.isBlank());
		return all;
	}

	/** The further options. */
	final Options asked() {
		return asked;
	}

	final OptionsParser askedModel() {
		return new OptionsParser(asked);
	}

	/** The model with its refiner, if one was asked for. */
	final Optional<BaseWithRefiner> refined() {
		return refined;
	}

	/** DiffEdit, with the refiner if one was asked for. */
	final DiffEdit diffEdit(final ModelLease lease) {
		return refined.map(BaseWithRefiner::diffEdit).orElseGet(lease::diffEdit);
	}

	/** What the form says of the image, as prompts. */
	final PromptSource words(final ModelLease lease, final long seed) {
		return new PromptSource(models, lease, asked, progress, seed);
	}

	/** How results begin to tell of their making. */
	static Provenance provenance(final String what, final ModelLease lease) {
		final Provenance made = Provenance.of(what).with("pytorch", Torch.version()).with("model", lease.name()).with(Provenance.MODEL_HASH, lease.hash())
			.with("device", lease.device()).with("memory", lease.memory());
		final List<String> adapters = lease.adapters().lines();
		return adapters.isEmpty() ? made
			: made.with(Provenance.ADAPTERS, String.join("; ", adapters)).with(Provenance.LORA_HASH, lease.adapters().loraHash());
	}

	/** The same for results that come from an image. */
	static Provenance provenance(final String what, final ModelLease lease, final ImagePlus image) {
		return provenance(what, lease).with("image", image.getTitle());
	}

	/** Gives a result its title, and an info that tells of its making and of what there is to notice. */
	final ImagePlus titled(final ImagePlus result, final String title, final Provenance made) {
		result.setTitle(title);
		noticed(made).describe(result);
		return result;
	}

	/** A description with what there is to notice. */
	final Provenance noticed(final Provenance made) {
		return made.with("notices", notices().isEmpty() ? null : String.join(" ", notices()));
	}

	/** @param flagged what the safety checker said of each image */
	final void tellFlagged(final List<Boolean> flagged) {
		final int count = Collections.frequency(flagged, true);
		if (count > 0) tell("The model's safety checker blackened " + count + " of " + flagged.size() + "; try another seed or description.");
	}
}
