package sc.fiji.diffedit.fiji;

import java.awt.Color;
import java.awt.GraphicsEnvironment;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.plugin.frame.RoiManager;

/** Where users look for a selection. */
public final class MaskOutputs {

	private MaskOutputs() {}

	/** Makes it the image's selection. */
	public static void select(final ImagePlus image, final Roi roi) {
		image.setRoi((Roi) roi.clone());
	}

	/** Adds it to the image's overlay, on the plane that is shown. */
	public static void overlay(final ImagePlus image, final Roi roi) {
		final Roi drawn = positioned(image, roi);
		drawn.setStrokeColor(Color.YELLOW);
		final Overlay overlay = image.getOverlay() == null ? new Overlay() : image.getOverlay();
		overlay.add(drawn);
		image.setOverlay(overlay);
	}

	/**
	 * Adds it to the ROI Manager, which opens if it is not there.
	 *
	 * @return false, and nothing is done, where there is no screen
	 */
	public static boolean manage(final ImagePlus image, final Roi roi) {
		if (GraphicsEnvironment.isHeadless()) return false;
		RoiManager.getRoiManager().add(positioned(image, roi), -1); // -1: the manager leaves name and position alone
		return true;
	}

	/** A copy that belongs to the plane that is shown, in all of its channels. */
	static Roi positioned(final ImagePlus image, final Roi roi) {
		final Roi positioned = (Roi) roi.clone();
		final Position shown = Position.of(image);
		if (image.isHyperStack() || image.isComposite()) positioned.setPosition(0, shown.slice(), shown.frame());
		else if (image.getStackSize() > 1) positioned.setPosition(image.getCurrentSlice());
		return positioned;
	}
}
