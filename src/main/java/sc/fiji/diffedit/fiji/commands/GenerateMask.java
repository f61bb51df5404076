package sc.fiji.diffedit.fiji.commands;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.HeatMaps;
import sc.fiji.diffedit.fiji.IntensityRange;
import sc.fiji.diffedit.fiji.LabelImages;
import sc.fiji.diffedit.fiji.OutputStyle;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Mask;

/** Finds where an image must change for its description to change. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Generate Mask...", weight = 1) },
	description = "Finds where the image would have to change if the first description became the second.")
public class GenerateMask extends ModelCommand {

	@Parameter(label = "Image", callback = MemoryLine.CHANGED)
	private ImagePlus image;
	@Parameter(label = "Source: what is in the image", description = "Such as: green nuclei")
	private String source = "";
	@Parameter(label = "Target: what should be there instead", description = "Such as: cyan nuclei")
	private String target = "";
	@Parameter(label = "Source negative: not in the image", required = false, persist = false, description = "Negative prompt of the source.", callback = MemoryLine.CHANGED)
	private String sourceNegative = "";
	@Parameter(label = "Target negative: not in the image", required = false, persist = false, description = "Negative prompt of the target.", callback = MemoryLine.CHANGED)
	private String targetNegative = "";
	@Parameter(label = "Work on", choices = { Workplace.WHOLE_IMAGE, Workplace.SELECTION }, persist = false,
		description = "With Selection only its surrounding rectangle is looked at, and the mask stays within the selection.", callback = MemoryLine.CHANGED)
	private String workOn = Workplace.WHOLE_IMAGE;
	@Parameter(label = "Maps", min = "1", persist = false, description = "Noisy copies of the image whose differences are averaged.", callback = MemoryLine.CHANGED)
	private int maps = MaskRequest.DEFAULTS.numMapsPerMask();
	@Parameter(label = "Noise strength", min = "0", max = "1", stepSize = "0.05", persist = false,
		description = "How much noise is put on the image before the descriptions are compared.")
	private double noise = MaskRequest.DEFAULTS.maskEncodeStrength();
	@Parameter(label = "Threshold ratio", min = "0", stepSize = "0.5", persist = false,
		description = "Inside is where the difference exceeds half of this times its mean: larger makes smaller masks.")
	private double thresholdRatio = MaskRequest.DEFAULTS.maskThresholdingRatio();
	@Parameter(label = "Steps", min = "1", persist = false, description = "Steps of the noise schedule.")
	private int steps = MaskRequest.DEFAULTS.numInferenceSteps();
	@Parameter(label = "Guidance", persist = false, description = "Matters only when the two descriptions of what is absent differ.", callback = MemoryLine.CHANGED)
	private double guidance = MaskRequest.DEFAULTS.guidanceScale();
	@Parameter(label = "Seed", persist = false, description = "Same seed, same mask.")
	private long seed = 0;
	@Parameter(label = "Intensity range", choices = { IntensityRange.AUTO_CHOICE, IntensityRange.PERCENTILE_CHOICE,
		IntensityRange.DISPLAY_CHOICE, IntensityRange.FULL_CHOICE }, persist = false,
		description = "Which pixel values the model sees as dark and bright. Auto: percentiles, but all of 8-bit and RGB images.")
	private String intensity = IntensityRange.AUTO_CHOICE;
	@Parameter(label = "Smooth outline", persist = false, description = "Round off the squares that the model's resolution leaves.")
	private boolean smooth = false;
	@Parameter(label = "Grow mask", min = "0", persist = false, description = "Pixels by which the mask grows, to take in the rims of objects.")
	private double grow = 0;
	@Parameter(label = "Show mask as", choices = { FoundMask.SELECTION, FoundMask.OVERLAY, FoundMask.MANAGER, FoundMask.NOTHING },
		persist = false)
	private String show = FoundMask.SELECTION;
	@Parameter(label = "Labels as a new image", persist = false, description = "A new image in which each part of the mask has its own number.")
	private boolean labels = true;
	@Parameter(label = "Corners join parts", persist = false, description = "Whether pixels that touch at a corner get the same label.")
	private boolean corners = false;
	@Parameter(label = "Heat map as a new image", persist = false, description = "A new 32-bit image of the differences.")
	private boolean heatMap = false;
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
	@Parameter(label = Option.LABEL, required = false, persist = false, description = Option.MASK_HELP, callback = MemoryLine.CHANGED)
	private String options = "";

	/** What is in the image, as the form or a captioner says. */
	private String said;
	private Workplace place;

	@Parameter(label = "Mask", type = ItemIO.OUTPUT)
	private Roi roi;
	@Parameter(label = "Labels", type = ItemIO.OUTPUT, attrs = @Attr(name = OutputStyle.BESIDE))
	private ImagePlus labelImage;
	@Parameter(label = "Differences", type = ItemIO.OUTPUT, attrs = @Attr(name = OutputStyle.BESIDE))
	private ImagePlus differences;
	/** Stands in for an image that was closed or resized during the run and can no longer show the mask. */
	@Parameter(label = "Image as it was", type = ItemIO.OUTPUT)
	private ImagePlus imageAsItWas;

	@Override
	String model() {
		return model;
	}

	@Override
	Function<ExpectedMemory, MemoryEstimate> takes() {
		final MemoryLine.Size size = MemoryLine.Size.of(image, workOn);
		final MaskRequest ask = MaskRequest.DEFAULTS.withNumMapsPerMask(maps).withGuidanceScale(guidance)
			.withSourceNegative(List.of(Prompts.of(sourceNegative))).withTargetNegative(List.of(Prompts.of(targetNegative)));
		return model -> model.mask(size.width(), size.height(), ask);
	}

	@Override
	List<String> prompts() {
		return Arrays.asList(source, target, sourceNegative, targetNegative);
	}

	@Override
	void showMemory(final String text) {
		expected = text;
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
		return Option.MASK;
	}

	@Override
	void prepare() {
		Prompts.require("target", target);
		FoundMask.require(show);
		place = Workplace.of(take(image), workOn, intensity, channels);
	}

	@Override
	void work(final ModelLease lease, final StepListener listener) {
		final MaskResult found = lease.diffEdit().generateMask(place.input(), request(lease), listener);
		final Mask mask = place.whole(place.pixels(found.mask(), lease.scaleFactor(), smooth, grow));
		tellChanges();
		found.notices().forEach(this::tell);
		if (found.notices().isEmpty() && mask.isEmpty()) tell("The mask is empty; lower the threshold ratio or describe a larger difference.");
		show(mask);
		final Provenance made = place.describe(made(lease));
		if (labels) labelImage = titled(LabelImages.toImagePlus(mask, corners, place.image()), Titles.of(place.image(), "mask"), made);
		if (heatMap) differences = titled(heatMap(found, lease), Titles.of(place.image(), "differences"), made);
	}

	private void show(final Mask mask) {
		final Optional<ImagePlus> present = place.snapshot().present();
		final Position at = present.isPresent() ? place.snapshot().position() : Position.of(place.image());
		roi = FoundMask.show(show, mask, present.orElse(place.image()), at, this::tell);
		if (present.isEmpty() && roi != null && FoundMask.isDrawn(show)) imageAsItWas = place.image();
	}

	private MaskRequest request(final ModelLease lease) {
		final PromptSource words = words(lease, seed);
		said = words.source(source, place::picture);
		return MaskRequest.DEFAULTS.withSource(List.of(words.prompt(said))).withTarget(List.of(words.prompt(target)))
			.withSourceNegative(List.of(Prompts.of(sourceNegative))).withTargetNegative(List.of(Prompts.of(targetNegative)))
			.withNumMapsPerMask(maps).withMaskEncodeStrength(noise).withMaskThresholdingRatio(thresholdRatio).withNumInferenceSteps(steps)
			.withGuidanceScale(guidance).withSeed(seed).withClipSkip(asked().count(Option.CLIP_SKIP, MaskRequest.DEFAULTS.clipSkip()));
	}

	private ImagePlus heatMap(final MaskResult found, final ModelLease lease) {
		return HeatMaps.toImagePlus(found.map().values(), found.map().width(), place.padding(lease.scaleFactor()), smooth,
			place.view().region(), place.image());
	}

	private Provenance made(final ModelLease lease) {
		return provenance("mask", lease, place.image()).with("maps", maps).with("noise", noise)
			.with("thresholdRatio", thresholdRatio).with("steps", steps).with("guidance", guidance).with("seed", seed)
			.with("smooth", smooth).with("grow", grow).with("workOn", workOn).with("sourceNegative", sourceNegative).with("targetNegative", targetNegative)
			.with("options", options).with("source", said).with("target", target);
	}
}
