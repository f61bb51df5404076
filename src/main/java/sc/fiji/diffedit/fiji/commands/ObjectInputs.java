package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;

import org.scijava.plugin.Parameter;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.ObjectThreshold;

/** Objects that are known, among which the descriptions choose. */
final class ObjectInputs extends InputGroup {

	private static final String NONE = "None", LABEL_IMAGE = "Label image";

	@Parameter(label = "Objects to choose among", choices = { NONE, LABEL_IMAGE }, persist = false,
		description = "Label image: the mask is made of whole objects of a label image, such as StarDist, Cellpose or Analyze > Analyze Particles... make; each is in it or not, by the mean of the heat map inside of it.")
	private String objects = NONE;
	@Parameter(label = "Object labels", required = false, autoFill = false, persist = false,
		description = "Of the image's size, with one number for each object and 0 elsewhere: of one plane, or of as many slices and frames as the image.")
	private ImagePlus segmentation;

	private final ImageInputs image;

	/** @param image in which the objects lie */
	ObjectInputs(final ImageInputs image) {
		this.image = image;
		onlyWith("segmentation", "objects", LABEL_IMAGE);
	}

	@Override
	protected void check() {
		Choices.require("objects", objects, NONE, LABEL_IMAGE);
		if (!isUsed()) segmentation = null;                                  // so that no macro records it
	}

	@Override
	protected Optional<String> wrong(final String input) {
		return input.equals("segmentation") && isUsed() ? image.ofOtherSize("label image", segmentation) : super.wrong(input);
	}

	private boolean isUsed() {
		return Choices.same(objects, LABEL_IMAGE);
	}

	/**
	 * The request with a threshold that the objects of a place pass or not, if there are any.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if there is no label image of the image's size
	 */
	MaskRequest on(final MaskRequest request, final Workplace place) {
		if (!isUsed()) return request;
		return request.withThreshold(new ObjectThreshold(request.threshold(), place.objects(MaskedImageInputs.required("label", segmentation))));
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return made.with("objects", objects).with("segmentation", segmentation == null ? null : segmentation.getTitle());
	}
}
