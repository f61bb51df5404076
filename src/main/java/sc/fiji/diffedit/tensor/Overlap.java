package sc.fiji.diffedit.tensor;

/**
 * How well a mask agrees with a reference, in numbers of pixels that are inside.
 *
 * @param mask of the mask
 * @param reference of the reference
 * @param both of both of them
 */
public record Overlap(long mask, long reference, long both) {

	/** Of a mask and a reference without pixels. */
	public static final Overlap EMPTY = new Overlap(0, 0, 0);

	/** @param found a mask at any resolution; it counts at that of the reference */
	public static Overlap of(final Mask found, final Mask reference) {
		final Mask mask = found.width() == reference.width() && found.height() == reference.height() ? found : found.resized(reference.width(), reference.height());
		long ofMask = 0, ofReference = 0, ofBoth = 0;
		for (int y = 0; y < mask.height(); y++) {
			for (int x = 0; x < mask.width(); x++) {
				final boolean one = mask.isInside(x, y), other = reference.isInside(x, y);
				if (one) ofMask++;
				if (other) ofReference++;
				if (one && other) ofBoth++;
			}
		}
		return new Overlap(ofMask, ofReference, ofBoth);
	}

	/** Of these pixels and more ones together. */
	public Overlap plus(final Overlap more) {
		return new Overlap(mask + more.mask, reference + more.reference, both + more.both);
	}

	/** Intersection over union (Jaccard), in [0, 1]; 1 when both are empty, since they are the same then. */
	public double iou() {
		final long either = mask + reference - both;
		return either == 0 ? 1 : (double) both / either;
	}

	/** Twice the intersection over the sum of both, in [0, 1]; 1 when both are empty. */
	public double dice() {
		return mask + reference == 0 ? 1 : 2.0 * both / (mask + reference);
	}

	/** How much of the mask is in the reference, in [0, 1]; NaN of an empty mask. */
	public double precision() {
		return (double) both / mask;
	}

	/** How much of the reference is in the mask, in [0, 1]; NaN of an empty reference. */
	public double recall() {
		return (double) both / reference;
	}
}
