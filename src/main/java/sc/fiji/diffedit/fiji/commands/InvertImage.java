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

import sc.fiji.diffedit.fiji.IntensityRange;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.ModelLease;

/** Carries an image towards noise, for edits that come later. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Invert Image...", weight = 2) },
	description = "Carries the image towards noise. Edit With Mask... takes the result, also after it was saved as TIFF.")
public class InvertImage extends ModelCommand {

	@Parameter(label = "Image", callback = MemoryLine.CHANGED)
	private ImagePlus image;
	@Parameter(label = "Source: what is in the image", description = "Such as: green nuclei")
	private String source = "";
	@Parameter(label = "Negative: not in the image", required = false, persist = false, description = "Negative prompt; matters with guidance only.")
	private String negative = "";
	@Parameter(label = "Work on", choices = { Workplace.WHOLE_IMAGE, Workplace.SELECTION }, persist = false,
		description = "With Selection only its surrounding rectangle is inverted.", callback = MemoryLine.CHANGED)
	private String workOn = Workplace.WHOLE_IMAGE;
	@Parameter(label = "Steps", min = "1", persist = false, description = "Steps of the noise schedule; an edit uses the same number.", callback = MemoryLine.CHANGED)
	private int steps = InvertRequest.DEFAULTS.numInferenceSteps();
	@Parameter(label = "Strength", min = "0", max = "1", stepSize = "0.05", persist = false,
		description = "How far towards noise to go; an edit may go as far, or less.")
	private double strength = InvertRequest.DEFAULTS.inpaintStrength();
	@Parameter(label = "Guidance", persist = false, description = "1 is none, as in the paper.", callback = MemoryLine.CHANGED)
	private double guidance = InvertRequest.DEFAULTS.guidanceScale();
	@Parameter(label = "Seed", persist = false, description = "Same seed, same inversion.")
	private long seed = 0;
	@Parameter(label = "Intensity range", choices = { IntensityRange.AUTO_CHOICE, IntensityRange.PERCENTILE_CHOICE,
		IntensityRange.DISPLAY_CHOICE, IntensityRange.FULL_CHOICE }, persist = false,
		description = "Which pixel values the model sees as dark and bright. Auto: percentiles, but all of 8-bit and RGB images.")
	private String intensity = IntensityRange.AUTO_CHOICE;
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

	@Parameter(label = "Inversion", type = ItemIO.OUTPUT)
	private ImagePlus inversion;

	@Override
	String model() {
		return model;
	}

	@Override
	Function<ExpectedMemory, MemoryEstimate> takes() {
		final MemoryLine.Size size = MemoryLine.Size.of(image, workOn);
		final InvertRequest ask = InvertRequest.DEFAULTS.withGuidanceScale(guidance).withNumInferenceSteps(steps).withInpaintStrength(strength);
		return model -> model.invert(size.width(), size.height(), ask);
	}

	@Override
	List<String> prompts() {
		return Arrays.asList(source, negative);
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
		place = Workplace.of(take(image), workOn, intensity, channels);
	}

	@Override
	void work(final ModelLease lease, final StepListener listener) {
		final Inversion inverted = lease.diffEdit().invert(place.input(), request(lease), listener);
		tellChanges();
		inversion = InvertedImage.of(inverted, place, lease.scaleFactor(), noticed(place.describe(made(lease))));
		inversion.setTitle(Titles.of(place.image(), "inversion"));
	}

	private InvertRequest request(final ModelLease lease) {
		final PromptSource words = words(lease, seed);
		said = words.source(source, place::picture);
		return InvertRequest.DEFAULTS.withPrompt(List.of(words.prompt(said))).withNegative(List.of(Prompts.of(negative))).withNumInferenceSteps(steps)
			.withInpaintStrength(strength).withGuidanceScale(guidance).withSeed(seed)
			.withClipSkip(asked().count(Option.CLIP_SKIP, InvertRequest.DEFAULTS.clipSkip()));
	}

	private Provenance made(final ModelLease lease) {
		return provenance("inversion", lease, place.image()).with("steps", steps).with("strength", strength).with("guidance", guidance)
			.with("seed", seed).with("negative", negative).with("options", options).with("source", said);
	}
}
