package sc.fiji.diffedit.fiji.commands;

import java.util.List;

import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.pipelines.ImageSize;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.pipelines.StepListener;

/** Carries an image towards noise, for edits that come later. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Invert Image...", weight = 2) },
	description = "Carries the image towards noise. Edit With Mask... takes the result, also after it was saved as TIFF.")
public class InvertImage extends PlanesCommand<ImagePartInputs> {

	private final SamplingInputs sampling = inputs(new SamplingInputs(InvertRequest.DEFAULTS.numInferenceSteps(),
		"Steps of the noise schedule; an edit uses the same number.", InvertRequest.DEFAULTS.guidanceScale(), "1 is none, as in the paper."));
	private final StrengthInput strength = inputs(new StrengthInput(InvertRequest.DEFAULTS.inpaintStrength(),
		"How far towards noise to go; an edit may go as far, or less."));
	private final InversionInputs method = inputs(new InversionInputs());
	private final CacheInputs cache = inputs(new CacheInputs());
	private final NegativeInput negative = inputs(new NegativeInput(NegativeInput.IMAGE, "Negative prompt; matters with guidance only."));
	private final SourceInput source = inputs(new SourceInput());

	@Parameter(label = "Inversion", type = ItemIO.OUTPUT)
	private ImagePlus inversion;

	/** A command whose form has {@link KnownOptions#MASK}. */
	public InvertImage() {
		super(KnownOptions.MASK, new ImagePartInputs("With Selection only its surrounding rectangle is inverted."));
	}

	@Override
	boolean inverts() {
		return true;
	}

	@Override
	RunEstimate estimate() {
		final ImageSize size = image.size();
		return RunEstimate.of(model -> model.invert(size.width(), size.height(), request()));
	}

	@Override
	void plane(final BorrowedModel model, final StepListener listener) {
		final Workplace place = image.place();
		final Prompt prompt = source.source(promptSource(model, sampling.seed()), place::picture);
		final InvertRequest request = request().withPrompt(List.of(prompt)).withClipSkip(options().clipSkip());
		final Inversion inverted = model.diffEdit().invert(place.input(), request, listener);
		results().add(InvertedImage.of(inverted, place, model.lease().scaleFactor(), withNotices(made("inversion", model))), place.image());
	}

	@Override
	void finish(final BorrowedModel model) {
		inversion = results().image(Titles.of(image.place().image(), "inversion"), whole -> {
			if (image.hasSeveral()) InvertedImage.describe(whole, image.range().planes(), this::withNotices);
		});
	}

	private InvertRequest request() {
		return cache.on(method.on(InvertRequest.DEFAULTS)).withNegative(List.of(negative.negative())).withNumInferenceSteps(sampling.steps())
			.withInpaintStrength(strength.strength()).withGuidanceScale(sampling.guidance()).withSeed(sampling.seed());
	}
}
