package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Parameter;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.HeatMaps;
import sc.fiji.diffedit.fiji.LabelImages;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.tensor.Mask;

/** Which new images show a mask that was found. */
final class MaskImageInputs extends InputGroup {

	@Parameter(label = "Label image", persist = false, description = "A new image in which each part of the mask has its own number.")
	private boolean labels = true;
	@Parameter(label = "Parts that touch at corners are one", persist = false, description = "Whether pixels that touch at a corner get the same label.")
	private boolean corners = false;
	@Parameter(label = "Heat map", persist = false, description = "A new 32-bit image of the differences.")
	private boolean heatMap = false;

	/** The label image; {@code null} if it is not requested. */
	ImagePlus labels(final Mask mask, final Workplace place) {
		return labels ? LabelImages.toImagePlus(mask, corners, place.image()) : null;
	}

	/**
	 * The heat map; {@code null} if it is not requested.
	 *
	 * @param factor pixels per value of the map
	 */
	ImagePlus heatMap(final DifferenceMap map, final Workplace place, final int factor, final boolean smooth) {
		if (!heatMap) return null;
		return HeatMaps.toImagePlus(map.values(), map.width(), place.padding(factor), smooth, place.view().region(), place.image());
	}
}
