package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.IntensityRange;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.pipelines.GenerationResult;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Mask;

/** New content within a mask, with ordinary and with inpainting models. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Inpaint...", weight = 6) },
	description = "Makes a new image with new content within the mask; beyond the mask and its soft edge it is the same to the last bit.")
public class Inpaint extends ModelCommand {

	@Parameter(label = "Image", callback = MemoryLine.CHANGED)
	private ImagePlus image;
	@Parameter(label = "Prompt: what should be within the mask", description = "Such as: cyan nuclei")
	private String prompt = "";
	@Parameter(label = "Negative: not in the new image", required = false, persist = false, description = "Negative prompt.")
	private String negative = "";
	@Parameter(label = "Mask from", choices = { DrawnMask.SELECTION, DrawnMask.IMAGE }, persist = false, description = "Where the image may change.")
	private String maskFrom = DrawnMask.SELECTION;
	@Parameter(label = "Drawn mask", required = false, autoFill = false, persist = false,
		description = "Of the image's size: binary or labels, inside is what is not 0. Used when Mask from is Mask image.")
	private ImagePlus drawnMask;
	@Parameter(label = "Blur", min = "0", persist = false, description = "Radius in pixels by which the mask's edge is softened, to both sides.")
	private double blur = InpaintRequest.DEFAULTS.maskBlur();
	@Parameter(label = "Crop around the mask", persist = false,
		description = "The part around the mask is computed at the full size, which shows more detail; else the whole image.")
	private boolean crop = false;
	@Parameter(label = "Margin", min = "0", persist = false, description = "Pixels around the mask that are looked at with it.")
	private int margin = 32;
	@Parameter(label = "Width", min = "0", stepSize = "8", persist = false, description = "To compute at, in pixels, mostly a multiple of 8; 0 for the image's own.", callback = MemoryLine.CHANGED)
	private int width = InpaintRequest.DEFAULTS.width();
	@Parameter(label = "Height", min = "0", stepSize = "8", persist = false, description = "To compute at, in pixels, mostly a multiple of 8; 0 for the image's own.", callback = MemoryLine.CHANGED)
	private int height = InpaintRequest.DEFAULTS.height();
	@Parameter(label = "Count of images", min = "1", persist = false, description = SeveralImages.COUNT_DESCRIPTION)
	private int count = 1;
	@Parameter(label = "Arrange as", choices = { SeveralImages.STACK, SeveralImages.MONTAGE }, persist = false, description = SeveralImages.ARRANGE_DESCRIPTION)
	private String arrange = SeveralImages.STACK;
	@Parameter(label = "Steps", min = "1", persist = false, description = "Steps of the whole noise schedule, of which strength takes the last part.", callback = MemoryLine.CHANGED)
	private int steps = InpaintRequest.DEFAULTS.numInferenceSteps();
	@Parameter(label = "Strength", min = "0", max = "1", stepSize = "0.05", persist = false,
		description = "How much noise is put on the image; 1 forgets what was within the mask.")
	private double strength = InpaintRequest.DEFAULTS.strength();
	@Parameter(label = "Guidance", persist = false, description = "How much the description counts.", callback = MemoryLine.CHANGED)
	private double guidance = InpaintRequest.DEFAULTS.guidanceScale();
	@Parameter(label = "Seed", persist = false, description = "Same seed, same image.")
	private long seed = 0;
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
	@Parameter(label = Option.LABEL, required = false, persist = false, description = Option.FROM_IMAGE_HELP, callback = MemoryLine.CHANGED)
	private String options = "";

	@Parameter(label = "New image", type = ItemIO.OUTPUT)
	private ImagePlus result;

	private Workplace place;

	@Override
	String model() {
		return model;
	}

	@Override
	Function<ExpectedMemory, MemoryEstimate> takes() {
		final MemoryLine.Size size = MemoryLine.Size.of(image);
		final InpaintRequest ask = InpaintRequest.DEFAULTS.withWidth(width).withHeight(height).withGuidanceScale(guidance).withNumInferenceSteps(steps).withStrength(strength);
		return model -> model.inpaint(size.width(), size.height(), ask);
	}

	@Override
	List<String> prompts() {
		return Arrays.asList(prompt, negative);
	}

	@Override
	void showMemory(final String text) {
		expected = text;
	}

	@Override
	Function<ExpectedMemory, MemoryEstimate> takesOfRefiner() {
		final MemoryLine.Size size = MemoryLine.Size.of(image);
		return refiner -> refiner.refining(width > 0 ? width : size.width(), height > 0 ? height : size.height(), 1, guidance);
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
		return Option.FROM_IMAGE;
	}

	@Override
	boolean previews() {
		return preview;
	}

	@Override
	void prepare() {
		Prompts.require("prompt", prompt);
		SeveralImages.require(count, arrange);
		final Snapshot taken = take(image);
		place = Workplace.of(taken, Masks.blurred(DrawnMask.of(taken, maskFrom, drawnMask), blur), intensity, channels);
		drawnMask = DrawnMask.ifUsed(maskFrom, drawnMask);
	}

	@Override
	void work(final ModelLease lease, final StepListener listener) {
		final Mask soft = place.limits().orElseThrow();
		final List<ImagePlus> images = new ArrayList<>();
		final List<String> labels = new ArrayList<>();
		final List<Boolean> flagged = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			final InpaintRequest ask = request().withSeed(seed + i);
			final List<Mask> masks = List.of(Masks.touched(soft));
			final GenerationResult made = refined().isPresent() ? refined().get().inpaint(place.input(), masks, ask, listener)
				: lease.inpaint(place.input(), masks, ask, listener);
			images.add(place.view().edited(made.image(), soft));
			labels.add("seed " + (seed + i));
			flagged.addAll(made.flagged());
		}
		tellChanges();
		tellFlagged(flagged);
		result = titled(SeveralImages.arranged(images, labels, arrange), Titles.of(place.image(), "inpaint"), place.describe(provenance(lease)));
	}

	/** Edges are softened where pixels are pasted, so the pipeline is asked for all that shows through them. */
	private InpaintRequest request() {
		final InpaintRequest plain = InpaintRequest.DEFAULTS;
		return plain.withPrompt(List.of(askedModel().prompt(prompt))).withNegative(List.of(askedModel().negative(negative)))
			.withNumInferenceSteps(steps).withStrength(strength).withGuidanceScale(guidance)
			.withPaddingMaskCrop(crop ? OptionalInt.of(margin) : OptionalInt.empty()).withWidth(width).withHeight(height)
			.withSizes(askedModel().sizes()).withDenoisingEnd(askedModel().handover()).withEta(asked().number(Option.ETA, plain.eta()))
			.withGuidanceRescale(asked().number(Option.GUIDANCE_RESCALE, plain.guidanceRescale())).withClipSkip(asked().count(Option.CLIP_SKIP, plain.clipSkip()));
	}

	private Provenance provenance(final ModelLease lease) {
		return provenance("inpaint", lease, place.image()).with("maskFrom", maskFrom).with("maskImage", drawnMask == null ? null : drawnMask.getTitle())
			.with("blur", blur).with("crop", crop).with("margin", margin).with("width", width).with("height", height).with("steps", steps)
			.with("strength", strength).with("guidance", guidance).with("seed", seed).with("count", count).with("arrange", arrange).with("options", options).with("negative", negative).with("prompt", prompt);
	}
}
