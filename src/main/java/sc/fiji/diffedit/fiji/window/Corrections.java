package sc.fiji.diffedit.fiji.window;

import java.util.ArrayList;
import java.util.List;

import ij.gui.Roi;

import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.tensor.MaskBits;

/**
 * What a user has added to a mask and removed from it, by selections of the image; the later one counts. They lie on the mask that
 * the settings make, so they stay when a threshold moves. Immutable; the pixels are computed when they are first asked for, on any thread.
 */
public final class Corrections {

	private final List<Correction> list;
	private final int width;
	private final int height;
	/** All but the last of them; null once the pixels are known. */
	private Corrections before;
	/** Of the image's size; null until it is asked for or without corrections. */
	private Changed changed;

	/** Pixels inside and outside whatever the settings make. No pixel is both. */
	private record Changed(MaskBits added, MaskBits removed, boolean isLastEmpty) {}

	/**
	 * One of them.
	 *
	 * @param selection a copy of the selection, of an area
	 * @param isAdded whether it was added; else it was removed
	 */
	public record Correction(Roi selection, boolean isAdded) {}

	/** None. */
	static final Corrections NONE = new Corrections(List.of(), 0, 0, null);

	private Corrections(final List<Correction> list, final int width, final int height, final Corrections before) {
		this.list = List.copyOf(list);
		this.width = width;
		this.height = height;
		this.before = before;
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
	Corrections with(final Roi selection, final boolean isAdded, final int imageWidth, final int imageHeight) {
		Masks.requireAreaOnImage(selection, imageWidth, imageHeight);
		final List<Correction> more = new ArrayList<>(list);
		more.add(new Correction((Roi) selection.clone(), isAdded));
		return new Corrections(more, imageWidth, imageHeight, this);
	}

	private synchronized Changed changed() {
		if (changed == null) {
			final Correction last = list.get(list.size() - 1);
			final MaskBits inside = Masks.pixels(last.selection(), width, height);
			final Changed all = before.list.isEmpty() ? new Changed(new MaskBits(width, height), new MaskBits(width, height), false) : before.changed();
			final MaskBits added = last.isAdded() ? all.added.or(inside) : all.added.without(inside), removed = last.isAdded() ? all.removed.without(inside) : all.removed.or(inside);
			changed = new Changed(added, removed, inside.count() == 0);
			before = null;
		}
		return changed;
	}

	/** Whether the last selection covers no pixel, which is not looked at before the pixels are computed. */
	boolean isLastEmpty() {
		return !list.isEmpty() && changed().isLastEmpty;
	}

	/** A mask with these corrections. */
	MaskBits on(final MaskBits mask) {
		return list.isEmpty() ? mask : mask.or(changed().added).without(changed().removed);
	}
}
