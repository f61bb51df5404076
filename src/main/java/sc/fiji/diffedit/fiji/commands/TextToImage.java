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

import sc.fiji.diffedit.fiji.Pictures;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.pipelines.GenerationResult;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.Adapters;
import sc.fiji.diffedit.service.ExpectedMemory;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.weights.LatentsFile;

/** New images from words alone. Several are made one after another, each from a seed of its own, so that one alone can be made again. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Text To Image...", weight = 4) }, description = "Makes new images from a description.")
public class TextToImage extends ModelCommand {

	@Parameter(label = "Prompt: what should be in the image", description = "Such as: green nuclei")
	private String prompt = "";
	@Parameter(label = "Negative: not in the image", required = false, persist = false, description = "Negative prompt.")
	private String negative = "";
	@Parameter(label = "Width", min = "0", stepSize = "8", persist = false, description = "In pixels, mostly a multiple of 8; 0 for the model's own.", callback = MemoryLine.CHANGED)
	private int width = TextToImageRequest.DEFAULTS.width();
	@Parameter(label = "Height", min = "0", stepSize = "8", persist = false, description = "In pixels, mostly a multiple of 8; 0 for the model's own.", callback = MemoryLine.CHANGED)
	private int height = TextToImageRequest.DEFAULTS.height();
	@Parameter(label = "Count of images", min = "1", persist = false, description = SeveralImages.COUNT_DESCRIPTION)
	private int count = TextToImageRequest.DEFAULTS.numImagesPerPrompt();
	@Parameter(label = "Arrange as", choices = { SeveralImages.STACK, SeveralImages.MONTAGE }, persist = false, description = SeveralImages.ARRANGE_DESCRIPTION)
	private String arrange = SeveralImages.STACK;
	@Parameter(label = "Steps", min = "1", persist = false, description = "Steps of the noise schedule.", callback = MemoryLine.CHANGED)
	private int steps = TextToImageRequest.DEFAULTS.numInferenceSteps();
	@Parameter(label = "Guidance", persist = false, description = "How much the description counts.", callback = MemoryLine.CHANGED)
	private double guidance = TextToImageRequest.DEFAULTS.guidanceScale();
	@Parameter(label = "Guidance rescale", min = "0", max = "1", stepSize = "0.1", persist = false,
		description = "How far contrast is brought back after guidance; 0 for not at all.")
	private double guidanceRescale = TextToImageRequest.DEFAULTS.guidanceRescale();
	@Parameter(label = "Eta", min = "0", max = "1", stepSize = "0.1", persist = false, description = "Noise added per step; DDIM only.")
	private double eta = TextToImageRequest.DEFAULTS.eta();
	@Parameter(label = "CLIP skip", min = "0", persist = false, description = "Last layers of the text encoder to leave out.")
	private int clipSkip = TextToImageRequest.DEFAULTS.clipSkip();
	@Parameter(label = "Seed", persist = false, description = "Same seed, same image.")
	private long seed = 0;
	@Parameter(label = PreviewWindow.LABEL, persist = false, description = PreviewWindow.DESCRIPTION)
	private boolean preview = false;
	@Parameter(label = Loras.SCALE_LABEL, stepSize = "0.1", persist = false, description = Loras.SCALE_DESCRIPTION)
	private double loraScale = 1;
	@Parameter(label = Memory.LABEL, choices = { Memory.AUTOMATIC, Memory.FAST, Memory.BALANCED, Memory.LOW, Memory.LOWEST }, persist = false,
		description = Memory.DESCRIPTION, callback = MemoryLine.CHANGED)
	private String memory = Memory.AUTOMATIC;
	@Parameter(visibility = ItemVisibility.MESSAGE, required = false, persist = false)
	private String expected = "";
	@Parameter(label = "Model", description = "demo, or the folder of a model in diffusers' format.", callback = MemoryLine.CHANGED)
	private String model = "demo";
	@Parameter(label = Loras.LABEL, required = false, persist = false, description = Loras.DESCRIPTION)
	private String lora = "";
	@Parameter(label = TextualInversions.LABEL, required = false, persist = false, description = TextualInversions.DESCRIPTION)
	private String word = "";
	@Parameter(label = Option.LABEL, required = false, persist = false, description = Option.TEXT_TO_IMAGE_HELP, callback = MemoryLine.CHANGED)
	private String options = "";

	@Parameter(label = "Image", type = ItemIO.OUTPUT)
	private ImagePlus result;

	@Override
	String model() {
		return model;
	}

	@Override
	Function<ExpectedMemory, MemoryEstimate> takes() {
		final TextToImageRequest ask = TextToImageRequest.DEFAULTS.withWidth(width).withHeight(height).withGuidanceScale(guidance).withNumInferenceSteps(steps);
		return model -> model.textToImage(ask);
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
		return refiner -> refiner.refining(width, height, 1, guidance);
	}

	@Override
	void prepare() {
		Prompts.require("prompt", prompt);
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
		return Option.TEXT_TO_IMAGE;
	}

	@Override
	boolean previews() {
		return preview;
	}

	@Override
	void work(final ModelLease lease, final StepListener listener) {
		SeveralImages.require(count, arrange);
		final List<Picture> pictures = new ArrayList<>();
		final List<String> labels = new ArrayList<>();
		final List<Latents> latents = new ArrayList<>();
		final List<Boolean> flagged = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			final GenerationResult made = generated(lease, request().withSeed(seed + i), listener);
			pictures.add(made.image());
			latents.add(made.latents());
			labels.add("seed " + (seed + i));
			flagged.addAll(made.flagged());
		}
		final String title = Titles.of("text to image");
		final ImagePlus image = Choices.same(arrange, SeveralImages.MONTAGE) ? Pictures.toMontage(pictures, title) : Pictures.toStack(pictures, labels, title);
		asked().path(Option.SAVE_LATENTS).ifPresent(file -> LatentsFile.write(file, Latents.cat(latents)));
		tellFlagged(flagged);
		noticed(made(lease)).describe(image);
		result = image;
	}

	/** By the model alone, or with the refiner that was asked for. */
	private GenerationResult generated(final ModelLease lease, final TextToImageRequest ask, final StepListener listener) {
		if (refined().isEmpty()) return lease.textToImage(ask, listener);
		return asked().has(Option.REFINER_STRENGTH) ? refined().get().secondPass(ask, asked().number(Option.REFINER_STRENGTH, 0), listener)
			: refined().get().textToImage(ask, listener);
	}

	private TextToImageRequest request() {
		return TextToImageRequest.DEFAULTS.withPrompt(List.of(askedModel().prompt(prompt))).withNegative(List.of(askedModel().negative(negative)))
			.withWidth(width).withHeight(height).withNumInferenceSteps(steps).withGuidanceScale(guidance).withGuidanceRescale(guidanceRescale)
			.withEta(eta).withClipSkip(clipSkip).withSizes(askedModel().sizes()).withDenoisingEnd(askedModel().handover())
			.withLatents(asked().path(Option.LATENTS).map(LatentsFile::read));
	}

	private Provenance made(final ModelLease lease) {
		return provenance("text to image", lease).with("width", width).with("height", height).with("count", count)
			.with("arrange", arrange).with("steps", steps).with("guidance", guidance).with("guidanceRescale", guidanceRescale)
			.with("eta", eta).with("clipSkip", clipSkip).with("seed", seed).with("options", options).with("negative", negative).with("prompt", prompt);
	}
}
