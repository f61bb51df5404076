package sc.fiji.diffedit.fiji.commands;

import java.util.List;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.IntensityRange;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.GenerationResult;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Mask;

/** An image made anew from its rough shape and words. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Image To Image...", weight = 5) },
	description = "Puts noise on an image and removes it again under a description. Of the image only its rough shape stays.")
public class ImageToImage extends ModelCommand {

	@Parameter(label = "Image")
	private ImagePlus image;
	@Parameter(label = "Work on", choices = { Workplace.WHOLE_IMAGE, Workplace.SELECTION }, persist = false,
		description = "With Selection only its surrounding rectangle is looked at, and only the selection changes.")
	private String workOn = Workplace.WHOLE_IMAGE;
	@Parameter(label = "Steps", min = "1", persist = false, description = "Steps of the whole noise schedule, of which strength takes the last part.")
	private int steps = ImageToImageRequest.DEFAULTS.numInferenceSteps();
	@Parameter(label = "Strength", min = "0", max = "1", stepSize = "0.05", persist = false,
		description = "How much noise is put on the image: larger changes more.")
	private double strength = ImageToImageRequest.DEFAULTS.strength();
	@Parameter(label = "Guidance", persist = false, description = "How much the description counts.")
	private double guidance = ImageToImageRequest.DEFAULTS.guidanceScale();
	@Parameter(label = "Seed", persist = false, description = "Same seed, same image.")
	private long seed = 0;
	@Parameter(label = "Intensities", choices = { IntensityRange.AUTO_CHOICE, IntensityRange.PERCENTILE_CHOICE,
		IntensityRange.DISPLAY_CHOICE, IntensityRange.FULL_CHOICE }, persist = false,
		description = "Which pixel values the model sees as dark and bright. Auto: percentiles, but all of 8-bit and RGB images.")
	private String intensity = IntensityRange.AUTO_CHOICE;
	@Parameter(label = Memory.LABEL, choices = { Memory.AUTOMATIC, Memory.FAST, Memory.BALANCED, Memory.LOW, Memory.LOWEST }, persist = false,
		description = Memory.DESCRIPTION)
	private String memory = Memory.AUTOMATIC;
	@Parameter(label = Loras.SCALE_LABEL, stepSize = "0.1", persist = false, description = Loras.SCALE_DESCRIPTION)
	private double loraScale = 1;
	@Parameter(label = "Channels", required = false, persist = false, description = "Such as 1,3; empty for those that are shown.")
	private String channels = "";
	@Parameter(label = "Model", description = "demo, or the folder of a model in diffusers' format.")
	private String model = "demo";
	@Parameter(label = Loras.LABEL, required = false, persist = false, description = Loras.DESCRIPTION)
	private String lora = "";
	@Parameter(label = Words.LABEL, required = false, persist = false, description = Words.DESCRIPTION)
	private String word = "";
	@Parameter(label = "Not in the new image", required = false, persist = false, description = "Negative prompt.")
	private String negative = "";
	@Parameter(label = "What the image should become", description = "Such as: cyan nuclei")
	private String prompt = "";

	@Parameter(label = "New image", type = ItemIO.OUTPUT)
	private ImagePlus result;

	@Override
	String model() {
		return model;
	}

	@Override
	String memory() {
		return memory;
	}

	@Override
	Adapters adapters() {
		return Words.add(word, Loras.of(lora, loraScale));
	}

	@Override
	void work(final ModelLease lease, final StepListener listener) {
		final Workplace place = Workplace.of(image, workOn, intensity, channels);
		final GenerationResult made = lease.imageToImage(place.input(), request(), listener);
		final Mask everywhere = Mask.filled(place.view().width(), place.view().height(), 1);
		final ImagePlus pasted = place.view().edited(made.image(), place.limits().orElse(everywhere));
		pasted.setTitle(title(image, "image to image"));
		place.describe(provenance(lease)).describe(pasted);
		result = pasted;
		tellFlagged(made.flagged());
	}

	private ImageToImageRequest request() {
		return ImageToImageRequest.of(prompt).withNegative(List.of(Prompts.of(negative))).withNumInferenceSteps(steps)
			.withStrength(strength).withGuidanceScale(guidance).withSeed(seed);
	}

	private Provenance provenance(final ModelLease lease) {
		return provenance("image to image", lease, image).with("workOn", workOn).with("steps", steps).with("strength", strength)
			.with("guidance", guidance).with("seed", seed).with("negative", negative).with("prompt", prompt);
	}
}
