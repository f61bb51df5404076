package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
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

import sc.fiji.diffedit.fiji.IntensityRange;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.pipelines.GenerationResult;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Mask;

/** An image made anew from its rough shape and words. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Image To Image...", weight = 5) },
	description = "Puts noise on an image and removes it again under a description. Of the image only its rough shape stays.")
public class ImageToImage extends ModelCommand {

	@Parameter(label = "Image", callback = MemoryLine.CHANGED)
	private ImagePlus image;
	@Parameter(label = "Prompt: what the image should become", description = "Such as: cyan nuclei")
	private String prompt = "";
	@Parameter(label = "Negative: not in the new image", required = false, persist = false, description = "Negative prompt.")
	private String negative = "";
	@Parameter(label = "Work on", choices = { Workplace.WHOLE_IMAGE, Workplace.SELECTION }, persist = false,
		description = "With Selection only its surrounding rectangle is looked at, and only the selection changes.", callback = MemoryLine.CHANGED)
	private String workOn = Workplace.WHOLE_IMAGE;
	@Parameter(label = "Count of images", min = "1", persist = false, description = SeveralImages.COUNT_DESCRIPTION)
	private int count = 1;
	@Parameter(label = "Arrange as", choices = { SeveralImages.STACK, SeveralImages.MONTAGE }, persist = false, description = SeveralImages.ARRANGE_DESCRIPTION)
	private String arrange = SeveralImages.STACK;
	@Parameter(label = "Steps", min = "1", persist = false, description = "Steps of the whole noise schedule, of which strength takes the last part.", callback = MemoryLine.CHANGED)
	private int steps = ImageToImageRequest.DEFAULTS.numInferenceSteps();
	@Parameter(label = "Strength", min = "0", max = "1", stepSize = "0.05", persist = false,
		description = "How much noise is put on the image: larger changes more.")
	private double strength = ImageToImageRequest.DEFAULTS.strength();
	@Parameter(label = "Guidance", persist = false, description = "How much the description counts.", callback = MemoryLine.CHANGED)
	private double guidance = ImageToImageRequest.DEFAULTS.guidanceScale();
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
		final MemoryLine.Size size = MemoryLine.Size.of(image, workOn);
		return model -> model.imageToImage(size.width(), size.height(), ImageToImageRequest.DEFAULTS.withGuidanceScale(guidance)
			.withNumInferenceSteps(steps).withStrength(strength));
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
		final MemoryLine.Size size = MemoryLine.Size.of(image, workOn);
		return refiner -> refiner.refining(size.width(), size.height(), 1, guidance);
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
		place = Workplace.of(take(image), workOn, intensity, channels);
	}

	@Override
	void work(final ModelLease lease, final StepListener listener) {
		final Mask where = place.limits().orElse(Mask.filled(place.view().width(), place.view().height(), 1));
		final List<ImagePlus> images = new ArrayList<>();
		final List<String> labels = new ArrayList<>();
		final List<Boolean> flagged = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			final ImageToImageRequest ask = request().withSeed(seed + i);
			final GenerationResult made = refined().isPresent() ? refined().get().imageToImage(place.input(), ask, listener)
				: lease.imageToImage(place.input(), ask, listener);
			images.add(place.view().edited(made.image(), where));
			labels.add("seed " + (seed + i));
			flagged.addAll(made.flagged());
		}
		tellChanges();
		tellFlagged(flagged);
		result = titled(SeveralImages.arranged(images, labels, arrange), Titles.of(place.image(), "image to image"), place.describe(provenance(lease)));
	}

	private ImageToImageRequest request() {
		final ImageToImageRequest plain = ImageToImageRequest.DEFAULTS;
		return plain.withPrompt(List.of(askedModel().prompt(prompt))).withNegative(List.of(askedModel().negative(negative)))
			.withNumInferenceSteps(steps).withStrength(strength).withGuidanceScale(guidance).withSizes(askedModel().sizes())
			.withDenoisingEnd(askedModel().handover()).withEta(asked().number(Option.ETA, plain.eta()))
			.withGuidanceRescale(asked().number(Option.GUIDANCE_RESCALE, plain.guidanceRescale())).withClipSkip(asked().count(Option.CLIP_SKIP, plain.clipSkip()));
	}

	private Provenance provenance(final ModelLease lease) {
		return provenance("image to image", lease, place.image()).with("workOn", workOn).with("steps", steps).with("strength", strength)
			.with("guidance", guidance).with("seed", seed).with("count", count).with("arrange", arrange).with("options", options).with("negative", negative).with("prompt", prompt);
	}
}
