package sc.fiji.diffedit.fiji;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.plugin.filter.ThresholdToSelection;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;

/** The parts of a mask on the planes of an image, each as a selection. */
public final class MaskParts {

	/** A part. @param name of a label or selection @param plane of the image */
	public record Part(String name, Position plane, Roi roi) {}

	private final List<Part> parts;
	private final int width;
	private final int height;

	private MaskParts(final List<Part> parts, final ImagePlus image) {
		this.parts = List.copyOf(parts);
		width = image.getWidth();
		height = image.getHeight();
	}

	public List<Part> parts() {
		return parts;
	}

	/**
	 * Selections, each of which is a part. One with a position in the stack belongs there, any other to the plane that is shown.
	 *
	 * @throws DiffEditException if there is none, or one that has no area
	 */
	public static MaskParts of(final List<Roi> rois, final ImagePlus image) {
		if (rois.isEmpty()) throw new DiffEditException("There are no selections to measure; add some to the ROI Manager.");
		final Position shown = Position.of(image);
		final List<Part> parts = new ArrayList<>();
		for (final Roi roi : rois) {
			if (!roi.isArea()) throw new DiffEditException("The selection " + roi.getName() + " has no area; keep only areas.");
			final Position at = Position.of(roi, image);
			final int slice = at.slice() == 0 ? shown.slice() : at.slice(), frame = at.frame() == 0 ? shown.frame() : at.frame();
			final String name = roi.getName() == null ? String.valueOf(parts.size() + 1) : roi.getName();
			parts.add(new Part(name, new Position(shown.channel(), slice, frame), roi));
		}
		return new MaskParts(parts, image);
	}

	/** The connected parts of a selection on the plane that is shown. @param corners whether pixels that touch at a corner belong together */
	public static MaskParts connected(final Roi selection, final ImagePlus image, final boolean corners) {
		final Mask mask = Masks.of(selection, image.getWidth(), image.getHeight());
		return new MaskParts(labelled(labels(mask, corners), Position.of(image)), image);
	}

	/**
	 * The labels of a label image; or, where all of its pixels that are not 0 have the same value, their connected parts.
	 *
	 * @param labels of one plane or several; see {@link PlaneMatch} for which planes of the image these are
	 */
	public static MaskParts of(final ImagePlus labels, final ImagePlus image, final boolean corners) {
		final PlaneMatch match = new PlaneMatch(labels, image);
		final boolean binary = isBinary(match);
		final List<Part> parts = new ArrayList<>();
		for (final Position plane : match.planes()) {
			final ImageProcessor pixels = match.of(plane).orElseThrow();
			parts.addAll(labelled(binary ? labels(Masks.of(pixels), corners) : pixels, plane));
		}
		return new MaskParts(parts, image);
	}

	private static boolean isBinary(final PlaneMatch match) {
		float only = 0;
		for (final Position plane : match.planes()) {
			final ImageProcessor pixels = match.of(plane).orElseThrow();
			if (pixels instanceof ColorProcessor) return true;
			for (int i = 0; i < pixels.getPixelCount(); i++) {
				final float value = pixels.getf(i);
				if (value == 0 || Float.isNaN(value)) continue;
				if (only != 0 && value != only) return false;
				only = value;
			}
		}
		return true;
	}

	private static ImageProcessor labels(final Mask mask, final boolean corners) {
		return LabelImages.pixels(LabelImages.labels(mask, corners));
	}

	/** A part for each number of a plane but 0, in their order. */
	private static List<Part> labelled(final ImageProcessor labels, final Position plane) {
		final Map<Float, Rectangle> bounds = new TreeMap<>();
		for (int y = 0; y < labels.getHeight(); y++) {
			for (int x = 0; x < labels.getWidth(); x++) {
				final float label = labels.getf(x, y);
				if (label != 0 && !Float.isNaN(label)) bounds.computeIfAbsent(label, key -> new Rectangle(-1, -1)).add(new Rectangle(x, y, 1, 1));
			}
		}
		final List<Part> parts = new ArrayList<>();
		bounds.forEach((label, box) -> parts.add(new Part(label == Math.rint(label) ? String.valueOf(label.longValue()) : label.toString(), plane, outline(labels, label, box))));
		return parts;
	}

	private static Roi outline(final ImageProcessor labels, final float label, final Rectangle box) {
		final ByteProcessor inside = new ByteProcessor(box.width, box.height);
		for (int i = 0; i < box.width * box.height; i++) if (labels.getf(box.x + i % box.width, box.y + i / box.width) == label) inside.set(i, 255);
		inside.setThreshold(255, 255, ImageProcessor.NO_LUT_UPDATE);
		final Roi roi = new ThresholdToSelection().convert(inside);
		roi.setLocation(box.x + roi.getBounds().x, box.y + roi.getBounds().y);
		return roi;
	}

	/** Where any part is on a plane; empty if none is there. */
	Optional<Mask> on(final Position plane) {
		final float[] values = new float[width * height];
		boolean any = false;
		for (final Part part : parts) {
			if (!part.plane().isOnPlaneOf(plane)) continue;
			any = true;
			final float[] own = Masks.of(part.roi(), width, height).values();
			for (int i = 0; i < values.length; i++) values[i] = Math.max(values[i], own[i]);
		}
		return any ? Optional.of(new Mask(width, height, values)) : Optional.empty();
	}
}
