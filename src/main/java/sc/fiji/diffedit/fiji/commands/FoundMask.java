package sc.fiji.diffedit.fiji.commands;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.MaskOutputs;
import sc.fiji.diffedit.fiji.Position;

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
	 * Shows the masks of planes: as selection only that of the plane which the image shows, in the other forms all.
	 *
	 * @param masks as selections, null for an empty one
	 * @param image of the masks' size
	 * @param at the plane of the image that each mask belongs to
	 * @param notices takes sentences on what the user may not expect
	 * @return the mask of the plane that is shown, or that of the only one; null when it is empty or not there
	 */
	static Roi show(final String show, final List<Roi> masks, final ImagePlus image, final List<Position> at, final Consumer<String> notices) {
		final int shown = masks.size() == 1 ? 0 : shown(image, at);
		if (shown >= 0 && isIn(show, SELECTION)) select(masks.get(shown), image, at.get(shown), notices);
		for (int i = 0; i < masks.size(); i++) {
			if (masks.get(i) == null) continue;
			if (isIn(show, OVERLAY)) overlay(masks.get(i), image, at.get(i), notices);
			if (isIn(show, MANAGER)) MaskOutputs.manage(image, masks.get(i), at.get(i));
		}
		return shown < 0 ? null : masks.get(shown);
	}

	/** Which of the planes the image shows; -1 for none. */
	private static int shown(final ImagePlus image, final List<Position> planes) {
		final Position now = Position.of(image);
		for (int i = 0; i < planes.size(); i++) {
			if (planes.get(i).isOnPlaneOf(now)) return i;
		}
		return -1;
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
