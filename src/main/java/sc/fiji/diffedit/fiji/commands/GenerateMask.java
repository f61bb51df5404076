package sc.fiji.diffedit.fiji.commands;

import java.util.List;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.OutputStyle;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.StepListener;

/** Finds where an image must change for its description to change. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Generate Mask...", weight = 1) },
	description = "Finds where the image would have to change if the first description became the second.")
public class GenerateMask extends PlanesCommand<ImagePartInputs> {

	private final MaskInputs mask = inputs(new MaskInputs(inputs(new CutInputs()), inputs(new ObjectInputs(image)), FoundMask.SELECTION, "On the image."));
	private final SamplingInputs sampling = inputs(new SamplingInputs(MaskRequest.DEFAULTS.numInferenceSteps(), "Steps of the noise schedule.",
		MaskRequest.DEFAULTS.guidanceScale(), "Matters only when the two descriptions of what is absent differ."));
	private final MaskImageInputs images = inputs(new MaskImageInputs(true));
	private final MaskPrompts prompts = inputs(new MaskPrompts());

	private final FoundMasks masks = new FoundMasks(this, mask, images, "The mask is empty; lower the mask threshold or describe a larger difference.");

	@Parameter(label = "Mask", type = ItemIO.OUTPUT)
	private Roi roi;
	@Parameter(label = "Labels", type = ItemIO.OUTPUT, attrs = @Attr(name = OutputStyle.BESIDE))
	private ImagePlus labelImage;
	@Parameter(label = "Differences", type = ItemIO.OUTPUT, attrs = @Attr(name = OutputStyle.BESIDE))
	private ImagePlus differences;
	/** Stands in for an image that was closed or resized during the run and can no longer show the mask. */
	@Parameter(label = "Image as it was", type = ItemIO.OUTPUT)
	private ImagePlus imageAsItWas;

	/** For programs that shape the mask anew, such as the DiffEdit window. */
	@Parameter(label = "Difference map", type = ItemIO.OUTPUT, visibility = ItemVisibility.INVISIBLE)
	private LocatedMap map;
	@Parameter(label = "How it was made", type = ItemIO.OUTPUT, visibility = ItemVisibility.INVISIBLE)
	private Provenance provenance;

	/** A command whose form has {@link KnownOptions#MASK}. */
	public GenerateMask() {
		super(KnownOptions.MASK, new ImagePartInputs("With Selection only its surrounding rectangle is looked at, and the mask stays within the selection."));
	}

	@Override
	RunEstimate estimate() {
		return RunEstimate.of(model -> model.mask(image.size().width(), image.size().height(), sampled()));
	}

	private MaskRequest sampled() {
		return prompts.on(mask.on(MaskRequest.DEFAULTS)).withNumInferenceSteps(sampling.steps()).withGuidanceScale(sampling.guidance()).withSeed(sampling.seed());
	}

	@Override
	void plane(final BorrowedModel model, final StepListener listener) {
		final Workplace place = image.place();
		final MaskResult found = model.diffEdit().generateMask(place.input(), model.mask(request(model)), listener);
		map = place.located(found, model.lease().scaleFactor());
		masks.addOnly(map, mask.of(map), place);
	}

	@Override
	void finish(final BorrowedModel model) {
		final Workplace place = image.place();
		final Provenance made = made("mask", model);
		provenance = withNotices(made);
		roi = masks.show(place, image.range(), this::addNotice);
		if (roi != null && masks.areOnCopy()) imageAsItWas = place.image();
		labelImage = masks.labels(made);
		differences = masks.heatMaps(made);
	}

	private MaskRequest request(final BorrowedModel model) {
		final PromptSource source = promptSource(model, sampling.seed());
		return mask.among(sampled(), image.place()).withSource(List.of(prompts.source(source, image.place()::picture))).withTarget(List.of(prompts.target(source))).withClipSkip(options().clipSkip());
	}
}
