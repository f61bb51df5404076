package sc.fiji.diffedit.fiji.commands;

import java.util.List;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;

import sc.fiji.diffedit.pipelines.ImageSize;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.tensor.Mask;

/** Image to image: a new image from an existing one and a prompt. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Image To Image...", weight = 5) },
	description = "Puts noise on an image and removes it again under a description. Of the image only its rough shape stays.")
public class ImageToImage extends PlanesCommand<ImagePartInputs> {

	private static final ImageToImageRequest DEFAULTS = ImageToImageRequest.DEFAULTS;

	private final SamplingInputs sampling = inputs(new SamplingInputs(DEFAULTS.numInferenceSteps(),
		"Steps of the whole noise schedule, of which strength takes the last part.", DEFAULTS.guidanceScale(), "How much the description counts."));
	private final StrengthInput strength = inputs(new StrengthInput(DEFAULTS.strength(), "How much noise is put on the image: larger changes more."));
	private final ShortcutInputs shortcuts = inputs(new ShortcutInputs());
	private final CountInputs count = inputs(new CountInputs());
	private final PromptInputs prompts = inputs(new PromptInputs("What the image should become", "Such as: cyan nuclei", NegativeInput.NEW_IMAGE));

	@Parameter(label = "New image", type = ItemIO.OUTPUT)
	private ImagePlus result;

	/** A command whose form has {@link KnownOptions#FROM_IMAGE}. */
	public ImageToImage() {
		super(KnownOptions.FROM_IMAGE, new ImagePartInputs("With Selection only its surrounding rectangle is looked at, and only the selection changes."));
		inputs(new PreviewInput());
	}

	@Override
	RunEstimate estimate() {
		final ImageSize size = image.size();
		return new RunEstimate(model -> model.imageToImage(size.width(), size.height(), fast().map(fast -> fast.on(sampled())).orElseGet(this::sampled)),
			refiner -> refiner.refining(size.width(), size.height(), 1, sampling.guidance())).times(count.count());
	}

	private ImageToImageRequest sampled() {
		return shortcuts.on(DEFAULTS).withNumInferenceSteps(sampling.steps()).withStrength(strength.strength()).withGuidanceScale(sampling.guidance());
	}

	@Override
	void begin() {
		count.requireOne(image.range());
	}

	@Override
	void plane(final BorrowedModel model, final StepListener listener) {
		final Workplace place = image.place();
		final Mask where = place.limits().orElse(Mask.filled(place.view().width(), place.view().height(), 1));
		final ImageToImageRequest request = request();
		final List<ImagePlus> images = count.each(sampling.seed(),
			seed -> place.view().edited(model.imageToImage(place.input(), request.withSeed(seed), listener).image(), where));
		results().add(count.arranged(images, sampling.seed()), place.image());
	}

	@Override
	void finish(final BorrowedModel model) {
		result = titled("image to image", made("image to image", model));
	}

	private ImageToImageRequest request() {
		final OptionsParser options = modelOptions();
		return sampled().withPrompt(List.of(prompts.prompt(options))).withNegative(List.of(prompts.negative(options))).withSizes(options.sizes())
			.withDenoisingEnd(options.handover()).withEta(options().number(Option.ETA, DEFAULTS.eta()))
			.withGuidanceRescale(options().number(Option.GUIDANCE_RESCALE, DEFAULTS.guidanceRescale())).withClipSkip(options().clipSkip());
	}
}
