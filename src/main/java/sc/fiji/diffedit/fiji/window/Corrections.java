package sc.fiji.diffedit.fiji.window;

import java.util.ArrayList;
import java.util.List;

import ij.gui.Roi;

import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.tensor.Mask;

/**
 * What a user has added to a mask and removed from it, by selections of the image; the later one counts. They lie on the mask that
 * the settings make, so they stay when a threshold moves. Immutable.
 */
public final class Corrections {

	private static final byte ADDED = 1, REMOVED = -1;

	private final List<Correction> list;
	/** Pixel by pixel of the image: {@link #ADDED}, {@link #REMOVED} or 0; empty without corrections. */
	private final byte[] plane;

	/**
	 * One of them.
	 *
	 * @param selection a copy of the selection, of an area
	 * @param isAdded whether it was added; else it was removed
	 */
	public record Correction(Roi selection, boolean isAdded) {}

	/** None. */
	static final Corrections NONE = new Corrections(List.of(), new byte[0]);

	private Corrections(final List<Correction> list, final byte[] plane) {
		this.list = List.copyOf(list);
		this.plane = plane;
	}

	/** In the order in which they were made. */
	public List<Correction> list() {
		return list;
	}

	/**
	 * These and one more.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if the selection is no area of the image
	 */
	Corrections with(final Roi selection, final boolean isAdded, final int width, final int height) {
		final float[] inside = Masks.of(selection, width, height).values();
		final byte[] changed = plane.length == 0 ? new byte[inside.length] : plane.clone();
		for (int i = 0; i < changed.length; i++) if (inside[i] > 0) changed[i] = isAdded ? ADDED : REMOVED;
		final List<Correction> more = new ArrayList<>(list);
		more.add(new Correction((Roi) selection.clone(), isAdded));
		return new Corrections(more, changed);
	}

	/** A mask with these corrections. */
	Mask on(final Mask mask) {
		if (plane.length == 0) return mask;
		final float[] values = mask.values().clone();
		for (int i = 0; i < values.length; i++) {
			if (plane[i] == ADDED) values[i] = 1;
			else if (plane[i] == REMOVED) values[i] = 0;
		}
		return new Mask(mask.width(), mask.height(), values);
	}
}
