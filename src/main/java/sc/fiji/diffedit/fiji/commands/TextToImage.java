package sc.fiji.diffedit.fiji.commands;

import java.util.List;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.Pictures;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.pipelines.GenerationResult;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.weights.LatentsFile;

/** New images from a prompt alone. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Text To Image...", weight = 4) }, description = "Makes new images from a description.")
public class TextToImage extends ModelCommand {

	private static final TextToImageRequest DEFAULTS = TextToImageRequest.DEFAULTS;

	@Parameter(label = "Tone down contrast", min = "0", max = "1", stepSize = "0.1", persist = false,
		description = "How far contrast is brought back after guidance; 0 for not at all.")
	private double guidanceRescale = DEFAULTS.guidanceRescale();
	@Parameter(label = "Fresh noise per step", min = "0", max = "1", stepSize = "0.1", persist = false, description = "Noise added per step; DDIM only.")
	private double eta = DEFAULTS.eta();
	@Parameter(label = "Read descriptions more coarsely by", min = "0", persist = false, description = "Last layers of the text encoder that are left out: some models, mostly of drawings, want 1; 0 for others.")
	private int clipSkip = DEFAULTS.clipSkip();

	private final SizeInputs size = inputs(new SizeInputs("In pixels, mostly a multiple of 8; 0 for the model's own."));
	private final SamplingInputs sampling = inputs(new SamplingInputs(DEFAULTS.numInferenceSteps(), DEFAULTS.guidanceScale()));
	private final ShortcutInputs shortcuts = inputs(new ShortcutInputs());
	private final CountInputs count = inputs(new CountInputs());
	private final PromptInputs prompts = inputs(new PromptInputs("What should be in the image", "Such as: green nuclei", NegativeInput.NEW_IMAGE));

	@Parameter(label = "Image", type = ItemIO.OUTPUT)
	private ImagePlus result;

	/** A command whose form has {@link KnownOptions#TEXT_TO_IMAGE}. */
	public TextToImage() {
		super(KnownOptions.TEXT_TO_IMAGE);
		inputs(new PreviewInput());
	}

	@Override
	RunEstimate estimate() {
		return new RunEstimate(model -> model.textToImage(fast().map(fast -> fast.on(sampled())).orElseGet(this::sampled)),
			refiner -> refiner.refining(size.width(), size.height(), 1, sampling.guidance())).times(count.count());
	}

	private TextToImageRequest sampled() {
		return shortcuts.on(DEFAULTS).withWidth(size.width()).withHeight(size.height()).withNumInferenceSteps(sampling.steps()).withGuidanceScale(sampling.guidance());
	}

	@Override
	void work(final BorrowedModel model, final StepListener listener) {
		final TextToImageRequest request = request();
		final List<GenerationResult> results = count.each(sampling.seed(), seed -> model.textToImage(request.withSeed(seed), listener));
		final List<Picture> pictures = results.stream().map(GenerationResult::image).toList();
		final String title = Titles.of("text to image");
		final ImagePlus image = count.isMontage() ? Pictures.toMontage(pictures, title) : Pictures.toStack(pictures, count.labels(sampling.seed()), title);
		options().path(Option.SAVE_LATENTS).ifPresent(file -> LatentsFile.write(file, Latents.cat(results.stream().map(GenerationResult::latents).toList())));
		result = titled(image, title, made("text to image", model));
	}

	private TextToImageRequest request() {
		final OptionsParser options = modelOptions();
		return sampled().withPrompt(List.of(prompts.prompt(options))).withNegative(List.of(prompts.negative(options)))
			.withGuidanceRescale(guidanceRescale).withEta(eta).withClipSkip(clipSkip).withSizes(options.sizes())
			.withDenoisingEnd(options.handover()).withLatents(options().path(Option.LATENTS).map(LatentsFile::read));
	}
}
