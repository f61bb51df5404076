package sc.fiji.diffedit.fiji.commands;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.MaskOutputs;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.tensor.Mask;

/** Puts a mask where the user wants to see it. */
final class FoundMask {

	static final String SELECTION = "Selection", OVERLAY = "Overlay", MANAGER = "ROI Manager", NOTHING = "Nothing";

	private FoundMask() {}

	static void require(final String show) {
		Choices.require("show", show, SELECTION, OVERLAY, MANAGER, NOTHING);
	}

	/** @return the mask as a selection; null when it is empty */
	static Roi show(final String show, final Mask mask, final ImagePlus image) {
		final Roi roi = Masks.toRoi(mask);
		if (roi == null) return null;
		if (Choices.same(show, SELECTION)) MaskOutputs.select(image, roi);
		if (Choices.same(show, OVERLAY)) MaskOutputs.overlay(image, roi);
		if (Choices.same(show, MANAGER)) MaskOutputs.manage(image, roi);
		return roi;
	}
}
