package sc.fiji.diffedit.fiji.commands;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.tensor.Mask;

/** The mask that a form names: the image's selection or another image. */
final class DrawnMask {

	static final String SELECTION = "Selection", IMAGE = "Mask image";

	private DrawnMask() {}

	/**
	 * A mask of the image's size.
	 *
	 * @param from {@link #SELECTION} or {@link #IMAGE}
	 * @param drawn binary or labels; looked at when {@code from} says so
	 */
	static Mask of(final Snapshot image, final String from, final ImagePlus drawn) {
		Choices.require("maskFrom", from, SELECTION, IMAGE);
		return Choices.same(from, SELECTION) ? Masks.of(Workplace.selection(image), image.plane().getWidth(), image.plane().getHeight())
			: Masks.of(required("mask", drawn), image.plane().getWidth(), image.plane().getHeight());
	}

	/** The mask image if it plays a role, else {@code null}: images that play none are not recorded. */
	static ImagePlus ifUsed(final String from, final ImagePlus drawn) {
		return Choices.same(from, IMAGE) ? drawn : null;
	}

	static ImagePlus required(final String what, final ImagePlus chosen) {
		if (chosen == null) throw new DiffEditException("No " + what + " image is chosen; open one and choose it.");
		Snapshot.requirePixels(chosen);
		return chosen;
	}
}
