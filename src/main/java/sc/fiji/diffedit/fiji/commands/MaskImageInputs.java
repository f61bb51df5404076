package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;

import org.scijava.plugin.Parameter;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.LabelImages;
import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.MaskShape;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.tensor.Mask;

/** Which new images show a mask that was found. */
final class MaskImageInputs extends InputGroup {

	@Parameter(label = "Label image", persist = false, description = "A new image in which each part of the mask has its own number.")
	private boolean labels;
	@Parameter(label = "Parts that touch at corners are one", persist = false, description = "Whether pixels that touch at a corner get the same label.")
	private boolean corners = false;
	@Parameter(label = "Heat map", persist = false, description = "A new 32-bit image of the differences.")
	private boolean heatMap = false;

	/** @param labels whether a label image is made unless something else is said */
	MaskImageInputs(final boolean labels) {
		this.labels = labels;
		onlyIf("corners", () -> this.labels);
	}

	/** The label image of a plane, if it is requested. */
	Optional<ImagePlus> labels(final Mask mask, final Workplace place) {
		return labels ? Optional.of(LabelImages.toImagePlus(mask, corners, place.image())) : Optional.empty();
	}

	/** The heat map of a plane, if it is requested. */
	Optional<ImagePlus> heatMap(final LocatedMap map, final MaskShape shape, final Workplace place) {
		return heatMap ? Optional.of(map.heatMap(shape, place.image())) : Optional.empty();
	}
}
