package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.CommandProgress;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.Warning;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.pipelines.FastSettings;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.tensor.Picture;

/** The common part of commands with a diffusion model: inputs for the model, its lease, and the description of results. */
abstract class ModelCommand extends StoppableCommand {

	private final DiffusionModelInputs model;
	private final AdapterInputs adapters;
	private final TileInputs tiles;
	private CommandProgress progress;
	/** Made once, so that what it has written about a word serves all planes. */
	private PromptSource prompts;

	/** A command with a model input and the given further options. */
	ModelCommand(final KnownOptions known) {
		model = inputs(new DiffusionModelInputs(known));
		adapters = inputs(new AdapterInputs());
		tiles = inputs(new TileInputs());
		inputs(new PresetInput());
	}

	/** A command with the model that ships with the plugin; its form has no inputs about it. */
	ModelCommand() {
		model = new DiffusionModelInputs(KnownOptions.NONE);
		adapters = new AdapterInputs();
		tiles = new TileInputs();
	}

	/** What a run with the form's present answers takes of memory. */
	abstract RunEstimate estimate();

	/** The same for all planes of an image, if there are several. */
	RunEstimate estimateOfAll() {
		return estimate();
	}

	/** Whether a stage walks from the image to noise. */
	boolean inverts() {
		return false;
	}

	/** The recipe for a model of few steps, if the further options name one. */
	final Optional<FastSettings> fast() {
		final List<String> names = new ArrayList<>(List.of(model.name()));
		options().text(Option.UNET).ifPresent(names::add);
		adapters.adapters().loras().keySet().forEach(file -> names.add(file.getFileName().toString()));
		return modelOptions().fast(names);
	}

	/** The command's work with its model; results are kept only when it comes to its end. */
	abstract void work(BorrowedModel borrowed, StepListener listener);

	@Override
	final String modelName() {
		return model.name();
	}

	@Override
	final String expectedMemory() {
		final ExpectedMemory expected = models().expected(model.load()).tiled(tiles.tiles());
		return MemoryText.of(expected, estimateOfAll().total(models(), model, expected));
	}

	@Override
	public final Optional<Warning> foresee() {
		final LoadOptions load = model.load();
		return adapters.foresee().or(() -> model.foresee(() -> models().expected(load))).or(() -> foreseeRun(models().expected(load)));
	}

	private Optional<Warning> foreseeRun(final ExpectedMemory expected) {
		final String size = inputs(ImageInputs.class).findAny().isPresent() ? "image" : "width";
		final Optional<Warning> noSize = inputs(SizeInputs.class).map(one -> one.noMultiple(expected.scale())).flatMap(Optional::stream).findFirst();
		return noSize.or(() -> Foresight.tooLong(expected, inputs(PromptGroup.class), options())).or(() -> Foresight.tooLarge(expected, estimate().total(models(), model, expected), size));
	}

	@Override
	final void work(final DiffusionModelService service, final CommandProgress shown) {
		progress = shown;
		model.options();                                       // errors in them come first
		final Adapters added = adapters.adapters();
		final Optional<FastSettings> fast = fast();
		if (inverts()) fast.ifPresent(FastSettings::refuseInversion);
		try (BorrowedModel borrowed = new BorrowedModel(this, model, added, fast)) {
			borrowed.setTiles(tiles.tiles());
			if (!borrowed.hasRefiner()) logTime(borrowed);
			noticeCutPrompts(borrowed);
			workSeen(borrowed);
		}
	}

	/** The memory of the whole command; each of its runs logs its own part when it starts. */
	private void logTime(final BorrowedModel borrowed) {
		final MemoryEstimate all = estimateOfAll().ofModel().apply(models().expected(borrowed.loaded()).tiled(tiles.tiles()));
		if (all.time().isPresent()) logAndShow(CommandProgress.title(getClass()) + " " + all.timeLine() + "; Escape cancels it");
	}

	private void noticeCutPrompts(final BorrowedModel borrowed) {
		final List<String> texts = new ArrayList<>();
		inputs(PromptGroup.class).forEach(prompts -> texts.addAll(prompts.texts().values()));
		options().text(Option.PROMPT_2).ifPresent(texts::add);
		options().text(Option.NEGATIVE_PROMPT_2).ifPresent(texts::add);
		texts.removeIf(text -> text == null || text.isBlank());
		if (!texts.isEmpty()) borrowed.lease().prompts().cut(texts).forEach(this::addNotice);
	}

	private void workSeen(final BorrowedModel borrowed) {
		if (preview().isPresent()) workShown(borrowed, preview().get());
		else if (inputs(PreviewInput.class).noneMatch(PreviewInput::isOn) || !PreviewWindow.canBeSeen()) work(borrowed, progress);
		else {
			try (PreviewWindow window = new PreviewWindow(true)) {
				workShown(borrowed, window::show);
			}
		}
	}

	private void workShown(final BorrowedModel borrowed, final Consumer<Picture> show) {
		work(borrowed, progress.and(borrowed.lease().preview(PreviewWindow.EDGE, show)));
	}

	/** The further options. */
	final Options options() {
		return model.options();
	}

	/** The options for the model. */
	final OptionsParser modelOptions() {
		return model.modelOptions();
	}

	/** Where the prompts of a run come from. */
	final PromptSource promptSource(final BorrowedModel borrowed, final long seed) {
		if (prompts == null) prompts = new PromptSource(models(), borrowed.lease(), options(), progress, seed);
		return prompts;
	}

	final CommandProgress progress() {
		return progress;
	}

	/** How a result was made, by which model and from which inputs; called when the model is done. Adds notices of what happened meanwhile. */
	final Provenance made(final String what, final BorrowedModel borrowed) {
		noticeChanges();
		borrowed.safetyNotice().ifPresent(this::addNotice);
		return borrowed.correct(withInputs(borrowed.addTo(Provenance.of(what).with(Provenance.COMMAND, CommandProgress.title(getClass())))));
	}

	/** Gives a result, if there is one, its title, and an info with how it was made and the notices so far. */
	final ImagePlus titled(final ImagePlus result, final String title, final Provenance made) {
		if (result == null) return null;
		result.setTitle(title);
		withNotices(made).describe(result);
		return result;
	}

	/** A description with the notices so far. */
	final Provenance withNotices(final Provenance made) {
		return made.with("notices", notices().isEmpty() ? null : String.join(" ", notices()));
	}
}
