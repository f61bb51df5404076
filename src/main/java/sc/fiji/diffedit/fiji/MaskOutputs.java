package sc.fiji.diffedit.fiji;

import java.awt.Color;
import java.awt.HeadlessException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.plugin.frame.RoiManager;

import sc.fiji.diffedit.DiffEditException;

/** Destinations of a selection in Fiji. */
public final class MaskOutputs {

	private MaskOutputs() {}

	/** Makes it the image's selection. */
	public static void select(final ImagePlus image, final Roi roi) {
		image.setRoi((Roi) roi.clone());
	}

	/** Adds it to the image's overlay on a plane, in all of its channels. An overlay that the user has hidden stays hidden. */
	public static void overlay(final ImagePlus image, final Roi roi, final Position at) {
		final Overlay overlay = image.getOverlay() == null ? new Overlay() : image.getOverlay();
		final Set<String> names = new HashSet<>();
		for (final Roi one : overlay) names.add(one.getName());
		final Roi drawn = positioned(image, roi, at);
		drawn.setStrokeColor(Color.YELLOW);
		drawn.setName(numbered(names, ""));
		overlay.add(drawn);
		final boolean hidden = image.getHideOverlay();
		image.setOverlay(overlay);
		image.setHideOverlay(hidden);
	}

	/**
	 * Adds it to the ROI Manager, which opens if it is not there, under a name of its own.
	 *
	 * @throws DiffEditException where there is none and none can open, as without a display
	 */
	public static void manage(final ImagePlus image, final Roi roi, final Position at) {
		final RoiManager manager = manager();
		final Set<String> names = new HashSet<>();
		for (int i = 0; i < manager.getCount(); i++) names.add(manager.getName(i));
		final Roi managed = positioned(image, roi, at);
		managed.setName(numbered(names, " - " + image.getTitle()));
		manager.add(managed, -1); // -1: the manager leaves name and position alone
	}

	/**
	 * The ROI Manager that is open, the hidden one of a macro in batch mode, or a new one.
	 *
	 * @throws DiffEditException where none can be
	 */
	public static RoiManager manager() {
		return orSentence(() -> openManager().orElseGet(RoiManager::getRoiManager));
	}

	/**
	 * The ROI Manager that is open, or the hidden one of a macro in batch mode, which ImageJ makes when it is asked for.
	 *
	 * @throws DiffEditException where that cannot be
	 */
	static Optional<RoiManager> openManager() {
		return orSentence(() -> Optional.ofNullable(RoiManager.getInstance2()));
	}

	private static <T> T orSentence(final Supplier<T> manager) {
		try {
			return manager.get();
		}
		catch (final HeadlessException e) {
			throw new DiffEditException("The ROI Manager needs a display, and there is none; use a selection, the overlay or a label image instead.", e);
		}
	}

	private static String numbered(final Set<String> taken, final String of) {
		int number = 1;
		while (taken.contains("Mask " + number + of)) number++;
		return "Mask " + number + of;
	}

	/** A copy that belongs to a plane, in all of its channels. */
	static Roi positioned(final ImagePlus image, final Roi roi, final Position at) {
		final Roi positioned = (Roi) roi.clone();
		place(positioned, image, at);
		return positioned;
	}

	/** Lets an element belong to a plane, in all of its channels. */
	static void place(final Roi roi, final ImagePlus image, final Position at) {
		if (image.isHyperStack() || image.isComposite()) roi.setPosition(0, at.slice(), at.frame());
		else if (image.getStackSize() > 1) roi.setPosition(image.getStackIndex(at.channel(), at.slice(), at.frame()));
	}
}
