package sc.fiji.diffedit.fiji.commands;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.ImageEdit;
import sc.fiji.diffedit.fiji.IntensityRange;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.ModelLease;

/** Mask, inversion and edit in one. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Edit Image With Text...", weight = 0) },
	description = "Finds where the image must change, and makes a new image that is the same to the last bit everywhere else.")
public class EditImageWithText extends ModelCommand {

	@Parameter(label = "Image", callback = MemoryLine.CHANGED)
	private ImagePlus image;
	@Parameter(label = "Source: what is in the image", description = "Such as: green nuclei")
	private String source = "";
	@Parameter(label = "Target: what should be there instead", description = "Such as: cyan nuclei")
	private String target = "";
	@Parameter(label = "Negative: not in the new image", required = false, persist = false, description = "Negative prompt of the edit.")
	private String negative = "";
	@Parameter(label = "Work on", choices = { Workplace.WHOLE_IMAGE, Workplace.SELECTION }, persist = false,
		description = "With Selection only its surrounding rectangle is looked at, and only the selection may change.", callback = MemoryLine.CHANGED)
	private String workOn = Workplace.WHOLE_IMAGE;
	@Parameter(label = "Maps", min = "1", persist = false, description = "Noisy copies of the image whose differences make the mask.", callback = MemoryLine.CHANGED)
	private int maps = MaskRequest.DEFAULTS.numMapsPerMask();
	@Parameter(label = "Noise strength", min = "0", max = "1", stepSize = "0.05", persist = false,
		description = "How much noise is put on the image before the descriptions are compared.")
	private double noise = MaskRequest.DEFAULTS.maskEncodeStrength();
	@Parameter(label = "Threshold ratio", min = "0", stepSize = "0.5", persist = false,
		description = "Inside is where the difference exceeds half of this times its mean: larger makes smaller masks.")
	private double thresholdRatio = MaskRequest.DEFAULTS.maskThresholdingRatio();
	@Parameter(label = "Steps", min = "1", persist = false, description = "Steps of the noise schedule.", callback = MemoryLine.CHANGED)
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
	@Parameter(label = "Smooth outline", persist = false, description = "Round off the squares that the model's resolution leaves.")
	private boolean smooth = false;
	@Parameter(label = "Grow mask", min = "0", persist = false, description = "Pixels by which the mask grows, to take in the rims of objects.")
	private double grow = 0;
	@Parameter(label = "Show mask as", choices = { FoundMask.SELECTION, FoundMask.OVERLAY, FoundMask.MANAGER, FoundMask.NOTHING },
		persist = false, description = "On the new image.")
	private String show = FoundMask.OVERLAY;
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

	@Parameter(label = "Edited image", type = ItemIO.OUTPUT)
	private ImagePlus result;
	@Parameter(label = "Mask", type = ItemIO.OUTPUT)
	private Roi roi;

	@Override
	String model() {
		return model;
	}

	@Override
	Function<ExpectedMemory, MemoryEstimate> takes() {
		final MemoryLine.Size size = MemoryLine.Size.of(image, workOn);
		final MaskRequest mask = MaskRequest.DEFAULTS.withNumMapsPerMask(maps);
		final InvertRequest invert = InvertRequest.DEFAULTS.withNumInferenceSteps(steps).withInpaintStrength(strength);
		final EditRequest edit = EditRequest.DEFAULTS.withGuidanceScale(guidance).withNumInferenceSteps(steps).withInpaintStrength(strength);
		return model -> model.diffEdit(size.width(), size.height(), mask, invert, edit);
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
		final MemoryLine.Size size = MemoryLine.Size.of(image, workOn);
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
		FoundMask.require(show);
		place = Workplace.of(take(image), workOn, intensity, channels);
	}

	@Override
	void work(final ModelLease lease, final StepListener listener) {
		final ImageEdit.Result<ImagePlus> done = edit(lease).run(diffEdit(lease), listener);
		final String title = Titles.of(place.image(), "edit");
		done.image().setTitle(title);
		tellChanges();
		final List<String> found = done.found().orElseThrow().notices();
		found.forEach(this::tell);
		if (found.isEmpty() && done.mask().isEmpty()) tell("The mask is empty, so nothing was changed; lower the threshold ratio or describe a larger difference.");
		roi = FoundMask.show(show, place.whole(done.mask()), done.image(), Position.of(done.image()), this::tell);
		result = titled(done.image(), title, place.describe(made(lease)));
	}

	private ImageEdit<ImagePlus> edit(final ModelLease lease) {
		final PromptSource words = words(lease, seed);
		said = words.source(source, place::picture);
		final ImageEdit<ImagePlus> edit = place.edit().from(words.prompt(said)).to(words.prompt(target)).withMaps(maps).withThresholdRatio(thresholdRatio)
			.withSteps(steps).withStrength(strength).withGuidance(guidance).withSeed(seed).withSmooth(smooth).withGrow(grow).withFeather(feather);
		final int clipSkip = asked().count(Option.CLIP_SKIP, EditRequest.DEFAULTS.clipSkip());
		return edit.with(edit.maskRequest().withMaskEncodeStrength(noise).withClipSkip(clipSkip), edit.invertRequest().withClipSkip(clipSkip),
			edit.editRequest().withNegative(List.of(Prompts.of(negative))).withClipSkip(clipSkip).withDenoisingEnd(askedModel().handover())
				.withEta(asked().number(Option.ETA, EditRequest.DEFAULTS.eta())));
	}

	private Provenance made(final ModelLease lease) {
		return provenance("edit", lease, place.image()).with("maps", maps).with("noise", noise)
			.with("thresholdRatio", thresholdRatio).with("steps", steps).with("strength", strength).with("guidance", guidance)
			.with("seed", seed).with("feather", feather).with("smooth", smooth).with("grow", grow).with("workOn", workOn).with("negative", negative)
			.with("options", options).with("source", said).with("target", target);
	}
}
