package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.PlaneRange;
import sc.fiji.diffedit.fiji.PlaneStack;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.tensor.Mask;

/** The masks of planes, one after another, and what shows them. */
final class FoundMasks {

	private final PlanesCommand<?> command;
	private final MaskInputs mask;
	private final MaskImageInputs images;
	private final String ifEmpty;
	private final List<Roi> selections = new ArrayList<>();
	private PlaneStack labels;
	private PlaneStack heatMaps;
	private boolean onCopy;

	/**
	 * @param command that finds them
	 * @param mask how masks are shown on images
	 * @param images which new images are made
	 * @param ifEmpty what is told of an empty mask
	 */
	FoundMasks(final PlanesCommand<?> command, final MaskInputs mask, final MaskImageInputs images, final String ifEmpty) {
		this.command = command;
		this.mask = mask;
		this.images = images;
		this.ifEmpty = ifEmpty;
	}

	/** Tells what the search for a mask of the present plane has to say, or that it is empty. @param label what sets it apart; empty for the only one */
	void tell(final String label, final MaskResult found, final Mask mask) {
		found.notices().forEach(notice -> command.noticePlane(label, notice));
		if (mask.isEmpty() && found.map().mean() > 0) command.noticePlane(label, ifEmpty);   // equal descriptions are a notice already
	}

	/** Adds the only one of the next plane, and tells what the search for it has to say. @param pixels the mask of the whole image */
	void addOnly(final LocatedMap map, final Mask pixels, final Workplace place) {
		tell("", map.found(), pixels);
		add(map, pixels, place);
	}

	/** Adds that of the next plane. @param pixels the mask of the whole image */
	void add(final LocatedMap map, final Mask pixels, final Workplace place) {
		selections.add(Masks.toRoi(pixels));
		if (labels == null) {
			labels = command.output();
			heatMaps = command.output();
		}
		images.labels(pixels, place).ifPresent(plane -> labels.add(plane, place.image()));
		images.heatMap(map, mask.shape(), place).ifPresent(plane -> heatMaps.add(plane, place.image()));
	}

	/**
	 * Shows them on the image, or that of a single plane on a copy, if the image was closed meanwhile.
	 *
	 * @return the mask of the plane that is shown; null when it is empty or not there
	 */
	Roi show(final Workplace place, final PlaneRange range, final Consumer<String> notices) {
		final Optional<ImagePlus> present = place.snapshot().present();
		if (present.isPresent()) return mask.show(selections, present.get(), range.planes().subList(0, selections.size()), notices);
		if (range.count() > 1) return null;
		onCopy = mask.isDrawn();
		return mask.show(selections, place.image(), List.of(Position.of(place.image())), notices);
	}

	/** Shows them on the image of the command's results. @return the mask of the plane that is shown; null when it is empty */
	Roi showOnResult(final ImagePlus result, final Consumer<String> notices) {
		return mask.show(selections, result, command.results().places(), notices);
	}

	/** Whether they were drawn on a copy of the image. */
	boolean areOnCopy() {
		return onCopy;
	}

	/** The label images as one image; null if they are not requested. */
	ImagePlus labels(final Provenance made) {
		return command.titled(labels, "mask", made);
	}

	/** The heat maps as one image; null if they are not requested. */
	ImagePlus heatMaps(final Provenance made) {
		return command.titled(heatMaps, "differences", made);
	}
}
