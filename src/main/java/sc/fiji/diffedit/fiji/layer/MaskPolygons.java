package sc.fiji.diffedit.fiji.layer;

import java.awt.Polygon;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import ij.plugin.filter.ThresholdToSelection;
import ij.process.Blitter;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.tensor.Mask;

/**
 * A mask as polygons along the edges of pixels, which do not overlap and have no holes: their union is the mask to the last pixel, in
 * whatever order they are added or subtracted. A part with holes is cut through them.
 */
final class MaskPolygons {

	private static final int INSIDE = 255;

	private final List<Polygon> polygons = new ArrayList<>();

	private MaskPolygons() {}

	/** The polygons in whole numbers; none for an empty mask. */
	static List<Polygon> of(final Mask mask) {
		final MaskPolygons found = new MaskPolygons();
		found.collect(Masks.toBytes(mask), 0, 0);
		return found.polygons;
	}

	/** @param x where the part lies in the mask */
	private void collect(final ByteProcessor part, final int x, final int y) {
		final List<Polygon> outlines = outlines(part);
		final Optional<Polygon> hole = outlines.stream().filter(outline -> isHole(part, outline)).findFirst();
		if (hole.isEmpty()) {
			outlines.forEach(outline -> outline.translate(x, y));
			polygons.addAll(outlines);
			return;
		}
		final Polygon around = outlines.stream().filter(outline -> !isHole(part, outline) && surrounds(outline, hole.get())).reduce(MaskPolygons::smaller).orElseThrow();
		final ByteProcessor cut = taken(part, around);
		collect(part, x, y);
		final Rectangle bounds = around.getBounds(), open = hole.get().getBounds();
		final int at = (int) open.getCenterX();
		collect(cropped(cut, bounds.x, at, bounds), x + bounds.x, y + bounds.y);
		collect(cropped(cut, at, bounds.x + bounds.width, bounds), x + at, y + bounds.y);
	}

	private static Polygon smaller(final Polygon one, final Polygon other) {
		final Rectangle a = one.getBounds(), b = other.getBounds();
		return (long) a.width * a.height <= (long) b.width * b.height ? one : other;
	}

	/** Takes what is within an outline out of the part. */
	private static ByteProcessor taken(final ByteProcessor part, final Polygon outline) {
		final ByteProcessor within = new ByteProcessor(part.getWidth(), part.getHeight());
		within.setColor(INSIDE);
		within.fill(new PolygonRoi(outline, Roi.TRACED_ROI));
		final ByteProcessor taken = (ByteProcessor) part.duplicate();
		taken.copyBits(within, 0, 0, Blitter.AND);
		part.copyBits(taken, 0, 0, Blitter.SUBTRACT);
		return taken;
	}

	private static ByteProcessor cropped(final ByteProcessor part, final int from, final int to, final Rectangle bounds) {
		part.setRoi(from, bounds.y, to - from, bounds.height);
		return (ByteProcessor) part.crop();
	}

	private static List<Polygon> outlines(final ByteProcessor part) {
		part.setThreshold(INSIDE, INSIDE, ImageProcessor.NO_LUT_UPDATE);
		final Roi traced = new ThresholdToSelection().convert(part);
		part.resetThreshold();
		final List<Polygon> outlines = new ArrayList<>();
		if (traced instanceof ShapeRoi several) for (final Roi one : several.getRois()) outlines.add(one.getPolygon());
		else if (traced != null) outlines.add(traced.getPolygon());
		return outlines;
	}

	private static boolean isHole(final ByteProcessor part, final Polygon outline) {
		final int first = first(outline);
		return part.get(outline.xpoints[first], outline.ypoints[first]) == 0;
	}

	private static boolean surrounds(final Polygon outline, final Polygon other) {
		final int first = first(other);
		return outline.contains(other.xpoints[first] + 0.5, other.ypoints[first] + 0.5);
	}

	/** The pixel right below this corner, at the left end of the uppermost edge, is within the outline. */
	private static int first(final Polygon outline) {
		int first = 0;
		for (int i = 1; i < outline.npoints; i++) {
			final boolean higher = outline.ypoints[i] < outline.ypoints[first];
			if (higher || outline.ypoints[i] == outline.ypoints[first] && outline.xpoints[i] < outline.xpoints[first]) first = i;
		}
		return first;
	}
}
