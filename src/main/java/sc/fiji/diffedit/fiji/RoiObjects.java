package sc.fiji.diffedit.fiji;

import java.awt.Rectangle;
import java.util.List;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.ImageRoi;
import ij.gui.Roi;
import ij.gui.TextRoi;
import ij.plugin.frame.RoiManager;
import ij.process.FloatProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.ObjectLabels;

/**
 * Selections that are the outlines of objects, one each; lines, points, texts and pictures among them are none. One with a position in
 * the stack lies there, any other on all planes. Where two overlap the pixels are those of the later one, as in a label image into
 * which they are drawn one after another.
 */
public final class RoiObjects {

	private final List<Roi> outlines;
	private final ImagePlus image;

	private RoiObjects(final List<Roi> outlines, final ImagePlus image) {
		this.outlines = outlines;
		this.image = image;
	}

	/**
	 * Those of a list.
	 *
	 * @param where they come from, for the message
	 * @param image to which their positions refer
	 * @throws DiffEditException if there is no area
	 */
	public static RoiObjects of(final List<Roi> rois, final String where, final ImagePlus image) {
		final List<Roi> outlines = rois.stream().filter(roi -> roi.isArea() && !(roi instanceof TextRoi) && !(roi instanceof ImageRoi)).toList();
		if (outlines.isEmpty()) throw new DiffEditException(where + " has no areas; add the outline of each object to it.");
		return new RoiObjects(outlines, image);
	}

	/** Those of the ROI Manager, if it is open. @throws DiffEditException if there is no area, and in macros where none can be, as without a display */
	public static RoiObjects managed(final ImagePlus image) {
		return of(MaskOutputs.openManager().map(RoiManager::getRoisAsArray).map(List::of).orElse(List.of()), "The ROI Manager", image);
	}

	/** Those of the image's overlay. */
	public static RoiObjects overlaid(final ImagePlus image) {
		return of(image.getOverlay() == null ? List.of() : List.of(image.getOverlay().toArray()), "The overlay of \"" + image.getTitle() + "\"", image);
	}

	/** The objects of a plane within a rectangle of it. */
	public ObjectLabels on(final Position plane, final Rectangle region) {
		final FloatProcessor labels = labels(plane);
		labels.setRoi(region);
		return ObjectLabels.of(region.width, region.height, (float[]) labels.crop().getPixels());
	}

	/** A label image of the image's size, of one plane if the image or all objects have no others. */
	public ImagePlus toLabelImage() {
		final boolean isFlat = outlines.stream().map(roi -> Position.of(roi, image)).allMatch(at -> at.slice() == 0 && at.frame() == 0);
		final int slices = isFlat ? 1 : image.getNSlices(), frames = isFlat ? 1 : image.getNFrames();
		final ImageStack stack = new ImageStack(image.getWidth(), image.getHeight());
		for (int frame = 1; frame <= frames; frame++) for (int slice = 1; slice <= slices; slice++) stack.addSlice(labels(new Position(1, slice, frame)));
		final ImagePlus labels = new ImagePlus("objects of " + image.getTitle(), stack);
		labels.setDimensions(1, slices, frames);
		return labels;
	}

	private FloatProcessor labels(final Position plane) {
		final FloatProcessor labels = new FloatProcessor(image.getWidth(), image.getHeight());
		for (int i = 0; i < outlines.size(); i++) {
			if (Position.of(outlines.get(i), image).isElsewhereThan(plane)) continue;
			labels.setValue(i + 1);
			labels.fill(outlines.get(i));
		}
		return labels;
	}
}
