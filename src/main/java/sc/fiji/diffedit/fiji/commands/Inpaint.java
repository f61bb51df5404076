package sc.fiji.diffedit.fiji.commands;

import java.util.List;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;

import sc.fiji.diffedit.pipelines.ImageSize;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.tensor.Mask;

/** New content within a mask, with ordinary and with inpainting models. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Inpaint...", weight = 6) },
	description = "Makes a new image with new content within the mask; beyond the mask and its soft edge it is the same to the last bit.")
public class Inpaint extends PlanesCommand<InpaintedImageInputs> {

	private static final InpaintRequest DEFAULTS = InpaintRequest.DEFAULTS;

	private final SizeInputs size = inputs(new SizeInputs("To compute at, in pixels, mostly a multiple of 8; 0 for the image's own."));
	private final SamplingInputs sampling = inputs(new SamplingInputs(DEFAULTS.numInferenceSteps(),
		"Steps of the whole noise schedule, of which strength takes the last part.", DEFAULTS.guidanceScale(), "How much the description counts."));
	private final StrengthInput strength = inputs(new StrengthInput(DEFAULTS.strength(), "How much noise is put on the image; 1 forgets what was within the mask."));
	private final ShortcutInputs shortcuts = inputs(new ShortcutInputs());
	private final CountInputs count = inputs(new CountInputs());
	private final PromptInputs prompts = inputs(new PromptInputs("What should be within the mask", "Such as: cyan nuclei", NegativeInput.NEW_IMAGE));

	@Parameter(label = "New image", type = ItemIO.OUTPUT)
	private ImagePlus result;

	/** A command whose form has {@link KnownOptions#FROM_IMAGE}. */
	public Inpaint() {
		super(KnownOptions.FROM_IMAGE, new InpaintedImageInputs());
		inputs(new PreviewInput());
	}

	@Override
	RunEstimate estimate() {
		final ImageSize own = image.size();
		return new RunEstimate(model -> model.inpaint(own.width(), own.height(), fast().map(fast -> fast.on(sampled())).orElseGet(this::sampled)),
			refiner -> refiner.refining(size.widthOr(own.width()), size.heightOr(own.height()), 1, sampling.guidance())).times(count.count());
	}

	private InpaintRequest sampled() {
		return shortcuts.on(DEFAULTS).withWidth(size.width()).withHeight(size.height()).withNumInferenceSteps(sampling.steps()).withStrength(strength.strength())
			.withGuidanceScale(sampling.guidance());
	}

	@Override
	void begin() {
		count.requireOne(image.range());
	}

	@Override
	void plane(final BorrowedModel model, final StepListener listener) {
		final Workplace place = image.place();
		if (image.isMaskEmpty()) {
			results().add(place.unchanged(), place.image());
			return;
		}
		final Mask soft = place.limits().orElseThrow();
		final List<Mask> masks = List.of(soft.touched());
		final InpaintRequest request = request();
		final List<ImagePlus> images = count.each(sampling.seed(),
			seed -> place.view().edited(model.inpaint(place.input(), masks, request.withSeed(seed), listener).image(), soft));
		results().add(count.arranged(images, sampling.seed()), place.image());
	}

	@Override
	void finish(final BorrowedModel model) {
		result = titled("inpaint", made("inpaint", model));
	}

	/** Edges are softened where pixels are pasted, so the pipeline makes all that shows through them. */
	private InpaintRequest request() {
		final OptionsParser options = modelOptions();
		return sampled().withPrompt(List.of(prompts.prompt(options))).withNegative(List.of(prompts.negative(options))).withSizes(options.sizes())
			.withPaddingMaskCrop(image.paddingMaskCrop()).withDenoisingEnd(options.handover()).withEta(options().number(Option.ETA, DEFAULTS.eta()))
			.withGuidanceRescale(options().number(Option.GUIDANCE_RESCALE, DEFAULTS.guidanceRescale())).withClipSkip(options().clipSkip());
	}
}
