package sc.fiji.diffedit.fiji.commands;

import java.util.Arrays;
import java.util.function.Consumer;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.MaskOutputs;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.tensor.Mask;

/** Shows a mask in the requested form: in one place, or in several with commas between them, such as {@code Selection, Overlay}. */
final class FoundMask {

	static final String SELECTION = "Selection", OVERLAY = "Overlay", MANAGER = "ROI Manager", NOTHING = "Nothing";

	private FoundMask() {}

	/** Refuses what cannot be shown, before anything is computed. */
	static void require(final String show) {
		for (final String place : show.split(",", -1)) Choices.require("show", place.strip(), SELECTION, OVERLAY, MANAGER, NOTHING);
		if (isIn(show, MANAGER)) MaskOutputs.manager();
	}

	/** Whether an image is drawn on. */
	static boolean isDrawn(final String show) {
		return isIn(show, SELECTION) || isIn(show, OVERLAY);
	}

	private static boolean isIn(final String show, final String place) {
		return Arrays.stream(show.split(",")).anyMatch(one -> Choices.same(one, place));
	}

	/**
	 * Shows a mask.
	 *
	 * @param image of the mask's size
	 * @param at the plane of the image that the mask belongs to
	 * @param notices takes sentences on what the user may not expect
	 * @return the mask as a selection; null when it is empty
	 */
	static Roi show(final String show, final Mask mask, final ImagePlus image, final Position at, final Consumer<String> notices) {
		final Roi roi = Masks.toRoi(mask);
		if (isIn(show, SELECTION)) select(roi, image, at, notices);
		if (roi == null) return null;
		if (isIn(show, OVERLAY)) overlay(roi, image, at, notices);
		if (isIn(show, MANAGER)) MaskOutputs.manage(image, roi, at);
		return roi;
	}

	/** A selection that was there before must not pass for the mask. */
	private static void select(final Roi roi, final ImagePlus image, final Position at, final Consumer<String> notices) {
		if (roi == null) {
			if (image.getRoi() == null) return;
			image.deleteRoi();
			notices.accept("There is no selection on \"" + image.getTitle() + "\" any more, since the mask is empty;"
				+ " Edit > Selection > Restore Selection brings the old one back.");
			return;
		}
		MaskOutputs.select(image, roi);
		final Position shown = Position.of(image);
		if (shown.slice() != at.slice() || shown.frame() != at.frame()) {
			notices.accept("\"" + image.getTitle() + "\" shows another plane now; the selection is of slice " + at.slice() + ", frame " + at.frame() + ".");
		}
	}

	private static void overlay(final Roi roi, final ImagePlus image, final Position at, final Consumer<String> notices) {
		MaskOutputs.overlay(image, roi, at);
		if (image.getHideOverlay()) {
			notices.accept("The overlay of \"" + image.getTitle() + "\" is hidden, and the mask with it; Image > Overlay > Show Overlay shows them.");
		}
	}
}
