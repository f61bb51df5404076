package sc.fiji.diffedit.fiji;

import ij.gui.Overlay;
import ij.gui.Roi;

/** Elements of an image's overlay that a window of DiffEdit shows for as long as it is open: no copy of the image and no result has them. */
public final class TemporaryElements {

	private static final String MARK = "diffedit.temporary";

	private TemporaryElements() {}

	/** Marks an element as temporary. */
	public static void mark(final Roi element) {
		element.setProperty(MARK, "true");
	}

	static void removeFrom(final Overlay overlay) {
		for (int i = overlay.size() - 1; i >= 0; i--) {
			if (overlay.get(i).getProperty(MARK) != null) overlay.remove(i);
		}
	}
}
