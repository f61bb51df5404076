package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.OutputStyle;
import sc.fiji.diffedit.fiji.PlaneStack;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.pipelines.ImageSize;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.tensor.Mask;

/** Finds where an image must change for its description to change. */
@Plugin(type = Command.class, headless = true, menu = { @Menu(label = "Plugins"), @Menu(label = "DiffEdit"),
	@Menu(label = "Generate Mask...", weight = 1) },
	description = "Finds where the image would have to change if the first description became the second.")
public class GenerateMask extends PlanesCommand {

	private final ImagePartInputs image = inputs(new ImagePartInputs(
		"With Selection only its surrounding rectangle is looked at, and the mask stays within the selection."));
	private final MaskInputs mask = inputs(new MaskInputs(FoundMask.SELECTION, "On the image."));
	private final SamplingInputs sampling = inputs(new SamplingInputs(MaskRequest.DEFAULTS.numInferenceSteps(), "Steps of the noise schedule.",
		MaskRequest.DEFAULTS.guidanceScale(), "Matters only when the two descriptions of what is absent differ."));
	private final MaskImageInputs images = inputs(new MaskImageInputs());
	private final MaskPrompts prompts = inputs(new MaskPrompts());

	private final List<Roi> masks = new ArrayList<>();
	private PlaneStack labels, heatMaps;

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
		super(KnownOptions.MASK);
	}

	@Override
	RunEstimate estimate() {
		final ImageSize size = image.size();
		final MaskRequest request = prompts.on(mask.on(MaskRequest.DEFAULTS)).withGuidanceScale(sampling.guidance());
		return RunEstimate.of(model -> model.mask(size.width(), size.height(), request));
	}

	@Override
	ImageInputs image() {
		return image;
	}

	@Override
	void begin() {
		labels = output();
		heatMaps = output();
	}

	@Override
	void plane(final BorrowedModel model, final StepListener listener) {
		final Workplace place = image.place();
		final MaskResult found = model.diffEdit().generateMask(place.input(), request(model), listener);
		map = place.located(found, model.lease().scaleFactor());
		final Mask pixels = mask.of(map);
		found.notices().forEach(this::noticePlane);
		if (found.notices().isEmpty() && pixels.isEmpty()) noticePlane("The mask is empty; lower the mask threshold or describe a larger difference.");
		masks.add(Masks.toRoi(pixels));
		images.labels(pixels, place).ifPresent(plane -> labels.add(plane, place.image()));
		images.heatMap(map, mask.shape(), place).ifPresent(plane -> heatMaps.add(plane, place.image()));
	}

	@Override
	void finish(final BorrowedModel model) {
		final Workplace place = image.place();
		final Provenance made = made("mask", model);
		provenance = withNotices(made);
		show(place);
		labelImage = titled(labels, Titles.of(place.image(), "mask"), made);
		differences = titled(heatMaps, Titles.of(place.image(), "differences"), made);
	}

	private MaskRequest request(final BorrowedModel model) {
		final PromptSource source = promptSource(model, sampling.seed());
		return prompts.on(mask.on(MaskRequest.DEFAULTS)).withSource(List.of(prompts.source(source, image.place()::picture))).withTarget(List.of(prompts.target(source)))
			.withNumInferenceSteps(sampling.steps()).withGuidanceScale(sampling.guidance()).withSeed(sampling.seed()).withClipSkip(options().clipSkip());
	}

	/** On the image, or of a single plane on a copy, if the image was closed meanwhile. */
	private void show(final Workplace place) {
		final Optional<ImagePlus> present = place.snapshot().present();
		if (present.isPresent()) roi = mask.show(masks, present.get(), image.range().planes().subList(0, masks.size()), this::addNotice);
		if (present.isPresent() || image.hasSeveral()) return;
		roi = mask.show(masks, place.image(), List.of(Position.of(place.image())), this::addNotice);
		if (roi != null && mask.isDrawn()) imageAsItWas = place.image();
	}
}
