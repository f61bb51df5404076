package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scijava.plugin.Parameter;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.PixelHash;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.RoiObjects;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.ObjectLabels;
import sc.fiji.diffedit.pipelines.ObjectThreshold;

/** Objects that are known, among which the descriptions choose. */
final class ObjectInputs extends InputGroup {

	private static final String NONE = "None", LABEL_IMAGE = "Label image", MANAGER = "ROI Manager", OVERLAY = "Overlay";

	@Parameter(label = "Objects to choose among", choices = { NONE, LABEL_IMAGE, MANAGER, OVERLAY }, persist = false,
		description = "The mask is made of whole objects: those of a label image, such as StarDist or Cellpose make, or outlines in the ROI Manager or the image's overlay. Each is in it or not, by the mean of the heat map inside of it.")
	private String objects = NONE;
	@Parameter(label = "Object labels", required = false, autoFill = false, persist = false,
		description = "Of the image's size, with one number for each object and 0 elsewhere: of one plane, or of as many slices and frames as the image.")
	private ImagePlus segmentation;

	private final ImageInputs image;
	private final List<String> hashes = new ArrayList<>();
	private Optional<RoiObjects> outlines = Optional.empty();

	/** @param image in which the objects lie */
	ObjectInputs(final ImageInputs image) {
		this.image = image;
		onlyWith("segmentation", "objects", LABEL_IMAGE);
	}

	@Override
	protected void check() {
		Choices.require("objects", objects, NONE, LABEL_IMAGE, MANAGER, OVERLAY);
		if (!Choices.same(objects, LABEL_IMAGE)) segmentation = null;        // so that no macro records it
		outlines = outlines();                                               // as they are now, whatever the user does to them during the run
	}

	@Override
	protected Optional<String> wrong(final String input) {
		return switch (input) {
			case "segmentation" -> Choices.same(objects, LABEL_IMAGE) ? image.ofOtherSize("label image", segmentation) : super.wrong(input);
			case "objects" -> failure(this::outlines);
			default -> super.wrong(input);
		};
	}

	private Optional<RoiObjects> outlines() {
		if (Choices.same(objects, MANAGER)) return Optional.of(RoiObjects.managed(image.chosen()));
		return Choices.same(objects, OVERLAY) ? Optional.of(RoiObjects.overlaid(image.chosen())) : Optional.empty();
	}

	/**
	 * The request with a threshold that the objects of a place pass or not, if there are any.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if there is no label image of the image's size
	 */
	MaskRequest on(final MaskRequest request, final Workplace place) {
		if (Choices.same(objects, NONE)) return request;
		final ObjectLabels labels = outlines.map(place::objects).orElseGet(() -> place.objects(MaskedImageInputs.required("label", segmentation)));
		hashes.add(PixelHash.of(labels));
		return request.withThreshold(new ObjectThreshold(request.threshold(), labels));
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return made.with("objects", objects).with("segmentation", segmentation == null ? null : segmentation.getTitle())
			.with(Provenance.OBJECTS_HASH, hashes.isEmpty() ? null : PixelHash.ofAll(hashes));
	}
}
