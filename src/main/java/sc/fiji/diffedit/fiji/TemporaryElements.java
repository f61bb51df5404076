package sc.fiji.diffedit.fiji;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;

/** Puts temporary elements into an image's overlay and takes them out. Other elements stay, and an overlay that the user has hidden stays hidden. */
public final class TemporaryElements {

	private TemporaryElements() {}

	/** Shows an element over all others. */
	public static void add(final ImagePlus image, final TemporaryRoi element, final Position at) {
		final Overlay overlay = image.getOverlay() == null ? new Overlay() : image.getOverlay();
		overlay.add(prepared(image, element, at));
		set(image, overlay);
	}

	/** Shows an element below all others, which may lie within it. */
	public static void addBelow(final ImagePlus image, final TemporaryRoi element, final Position at) {
		final Overlay overlay = image.getOverlay() == null ? new Overlay() : image.getOverlay();
		final Roi[] others = overlay.toArray();
		overlay.clear();
		overlay.add(prepared(image, element, at));
		for (final Roi other : others) overlay.add(other);
		set(image, overlay);
	}

	private static Roi prepared(final ImagePlus image, final TemporaryRoi element, final Position at) {
		MaskOutputs.place(element, image, at);
		return element;
	}

	/** Takes an element away; it may be null, or not there any more. */
	public static void remove(final ImagePlus image, final TemporaryRoi element) {
		final Overlay overlay = image.getOverlay();
		if (overlay == null || element == null) return;
		for (int i = overlay.size() - 1; i >= 0; i--) if (overlay.get(i) == element) overlay.remove(i);    // Overlay.remove(Roi) takes any of the same outline
		set(image, overlay);
	}

	private static void set(final ImagePlus image, final Overlay overlay) {
		final boolean hidden = image.getHideOverlay();
		image.setOverlay(overlay.size() == 0 ? null : overlay);
		if (image.getOverlay() != null) image.setHideOverlay(hidden);
	}

	static void removeFrom(final Overlay overlay) {
		for (int i = overlay.size() - 1; i >= 0; i--) {
			if (TemporaryRoi.isOne(overlay.get(i))) overlay.remove(i);
		}
	}
}
