package sc.fiji.diffedit.fiji.commands;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.ImageEdit;
import sc.fiji.diffedit.fiji.IntensityRange;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Mask;

/** Edits an image within a mask that a user has drawn or {@link GenerateMask} has found. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Edit With Mask...", weight = 3) },
	description = "Makes a new image that shows the new description within the mask and is the same to the last bit outside of it.")
public class EditWithMask extends ModelCommand {

	private static final String NOW = "Made now", INVERSION_IMAGE = "Inversion image";

	@Parameter(label = "Image", callback = MemoryLine.CHANGED)
	private ImagePlus image;
	@Parameter(label = "Source: what is in the image", required = false, description = "Such as: green nuclei. Used when the image is inverted now.")
	private String source = "";
	@Parameter(label = "Target: what should be there instead", description = "Such as: cyan nuclei")
	private String target = "";
	@Parameter(label = "Negative: not in the new image", required = false, persist = false,
		description = "Negative prompt; what is in the image now is a good choice.")
	private String negative = "";
	@Parameter(label = "Mask from", choices = { DrawnMask.SELECTION, DrawnMask.IMAGE }, persist = false, description = "Where the image may change.")
	private String maskFrom = DrawnMask.SELECTION;
	@Parameter(label = "Drawn mask", required = false, autoFill = false, persist = false,
		description = "Of the image's size: binary or labels, inside is what is not 0. Used when Mask from is Mask image.")
	private ImagePlus drawnMask;
	@Parameter(label = "Inversion from", choices = { NOW, INVERSION_IMAGE }, persist = false,
		description = "Whether the image is inverted now, or an image that Invert Image... has made is used.", callback = MemoryLine.CHANGED)
	private String inversionFrom = NOW;
	@Parameter(label = "Inverted image", required = false, autoFill = false, persist = false,
		description = "Tells the steps, intensities, channels and region too. Used when Inversion from is Inversion image.")
	private ImagePlus inverted;
	@Parameter(label = "Steps", min = "1", persist = false, description = "Steps of the noise schedule, for inversion and edit.", callback = MemoryLine.CHANGED)
	private int steps = EditRequest.DEFAULTS.numInferenceSteps();
	@Parameter(label = "Strength", min = "0", max = "1", stepSize = "0.05", persist = false,
		description = "How far from noise the edit begins: larger changes more.")
	private double strength = EditRequest.DEFAULTS.inpaintStrength();
	@Parameter(label = "Guidance", persist = false, description = "How much the new description counts.", callback = MemoryLine.CHANGED)
	private double guidance = EditRequest.DEFAULTS.guidanceScale();
	@Parameter(label = "Seed", persist = false, description = "Same seed, same image.")
	private long seed = 0;
	@Parameter(label = "Feather", min = "0", persist = false, description = "Pixels over which the edit fades in, within the mask.")
	private double feather = 0;
	@Parameter(label = "Intensity range", choices = { IntensityRange.AUTO_CHOICE, IntensityRange.PERCENTILE_CHOICE,
		IntensityRange.DISPLAY_CHOICE, IntensityRange.FULL_CHOICE }, persist = false,
		description = "Which pixel values the model sees as dark and bright. Auto: percentiles, but all of 8-bit and RGB images.")
	private String intensity = IntensityRange.AUTO_CHOICE;
	@Parameter(label = PreviewWindow.LABEL, persist = false, description = PreviewWindow.DESCRIPTION)
	private boolean preview = false;
	@Parameter(label = Loras.SCALE_LABEL, stepSize = "0.1", persist = false, description = Loras.SCALE_DESCRIPTION)
	private double loraScale = 1;
	@Parameter(label = Memory.LABEL, choices = { Memory.AUTOMATIC, Memory.FAST, Memory.BALANCED, Memory.LOW, Memory.LOWEST }, persist = false,
		description = Memory.DESCRIPTION, callback = MemoryLine.CHANGED)
	private String memory = Memory.AUTOMATIC;
	@Parameter(visibility = ItemVisibility.MESSAGE, required = false, persist = false)
	private String expected = "";
	@Parameter(label = "Channels", required = false, persist = false, description = "Such as 1,3; empty for those that are shown.")
	private String channels = "";
	@Parameter(label = "Model", description = "demo, or the folder of a model in diffusers' format.", callback = MemoryLine.CHANGED)
	private String model = "demo";
	@Parameter(label = Loras.LABEL, required = false, persist = false, description = Loras.DESCRIPTION)
	private String lora = "";
	@Parameter(label = TextualInversions.LABEL, required = false, persist = false, description = TextualInversions.DESCRIPTION)
	private String word = "";
	@Parameter(label = Option.LABEL, required = false, persist = false, description = Option.EDIT_HELP, callback = MemoryLine.CHANGED)
	private String options = "";

	/** What is in the image, as the form or a captioner says. */
	private String said;
	private Workplace place;
	private Optional<InvertedImage> saved = Optional.empty();

	@Parameter(label = "Edited image", type = ItemIO.OUTPUT)
	private ImagePlus result;

	@Override
	String model() {
		return model;
	}

	@Override
	Function<ExpectedMemory, MemoryEstimate> takes() {
		final MemoryLine.Size size = MemoryLine.Size.of(image);
		final EditRequest ask = EditRequest.DEFAULTS.withGuidanceScale(guidance).withNumInferenceSteps(steps).withInpaintStrength(strength);
		if (Choices.same(inversionFrom, INVERSION_IMAGE)) return model -> model.edit(size.width(), size.height(), ask);
		return model -> model.invertAndEdit(size.width(), size.height(), InvertRequest.DEFAULTS.withNumInferenceSteps(steps).withInpaintStrength(strength), ask);
	}

	@Override
	List<String> prompts() {
		return Arrays.asList(source, target, negative);
	}

	@Override
	void showMemory(final String text) {
		expected = text;
	}

	@Override
	Function<ExpectedMemory, MemoryEstimate> takesOfRefiner() {
		final MemoryLine.Size size = MemoryLine.Size.of(image);
		return refiner -> refiner.refining(size.width(), size.height(), EditRequest.DEFAULTS.withGuidanceScale(guidance));
	}

	@Override
	String memory() {
		return memory;
	}

	@Override
	Adapters adapters() {
		return TextualInversions.add(word, Loras.of(lora, loraScale));
	}

	@Override
	String options() {
		return options;
	}

	@Override
	Set<Option> known() {
		return Option.EDIT;
	}

	@Override
	boolean previews() {
		return preview;
	}

	@Override
	void prepare() {
		Prompts.require("target", target);
		Choices.require("inversionFrom", inversionFrom, NOW, INVERSION_IMAGE);
		final Snapshot taken = take(image);
		final Mask mask = DrawnMask.of(taken, maskFrom, drawnMask);
		drawnMask = DrawnMask.ifUsed(maskFrom, drawnMask);
		if (Choices.same(inversionFrom, NOW)) inverted = null;
		else saved = Optional.of(new InvertedImage(DrawnMask.required("inversion", inverted)));
		place = saved.map(inversion -> inversion.place(taken, mask)).orElseGet(() -> Workplace.of(taken, mask, intensity, channels));
		if (place.limits().orElseThrow().isEmpty()) {
			throw new DiffEditException("The mask lies outside of the region that was inverted; draw it there, or invert the whole image.");
		}
	}

	@Override
	void work(final ModelLease lease, final StepListener listener) {
		said = source;
		edit(lease, saved.isPresent() ? saved.get().inversion(place, lease) : invertNow(lease, listener), listener);
	}

	private Inversion invertNow(final ModelLease lease, final StepListener listener) {
		final PromptSource words = words(lease, seed);
		said = words.source(source, place::picture);
		final InvertRequest ask = InvertRequest.DEFAULTS.withPrompt(List.of(words.prompt(said))).withNumInferenceSteps(steps)
			.withInpaintStrength(strength).withSeed(seed).withClipSkip(asked().count(Option.CLIP_SKIP, 0));
		return lease.diffEdit().invert(place.input(), ask, listener);
	}

	private void edit(final ModelLease lease, final Inversion inversion, final StepListener listener) {
		final EditRequest ask = EditRequest.DEFAULTS.withPrompt(List.of(words(lease, seed).prompt(target))).withNegative(List.of(Prompts.of(negative)))
			.withDenoisingEnd(askedModel().handover()).withEta(asked().number(Option.ETA, EditRequest.DEFAULTS.eta()))
			.withClipSkip(asked().count(Option.CLIP_SKIP, EditRequest.DEFAULTS.clipSkip()))
			.withNumInferenceSteps(inversion.numInferenceSteps()).withInpaintStrength(strength).withGuidanceScale(guidance).withSeed(seed);
		final ImageEdit<ImagePlus> edit = place.edit().withFeather(feather);
		final ImagePlus pasted = edit.with(edit.maskRequest(), edit.invertRequest(), ask)
			.pasted(diffEdit(lease), place.limits().orElseThrow(), inversion, listener);
		tellChanges();
		result = titled(pasted, Titles.of(place.image(), "edit"), place.describe(made(lease, inversion)));
	}

	private Provenance made(final ModelLease lease, final Inversion inversion) {
		return provenance("edit", lease, place.image()).with("maskFrom", maskFrom).with("inversionFrom", inversionFrom)
			.with("maskImage", drawnMask == null ? null : drawnMask.getTitle()).with("inversionImage", inverted == null ? null : inverted.getTitle())
			.with("steps", inversion.numInferenceSteps()).with("strength", strength).with("guidance", guidance).with("seed", seed)
			.with("feather", feather).with("options", options).with("negative", negative).with("source", said).with("target", target);
	}
}
