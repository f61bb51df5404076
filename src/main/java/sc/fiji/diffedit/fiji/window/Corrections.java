package sc.fiji.diffedit.fiji.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ij.gui.Roi;

import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.tensor.MaskBits;

/**
 * What a user has added to a mask and removed from it, by selections of the image; the later one counts. They lie on the mask that
 * the settings make, so they stay when a threshold moves. Immutable.
 */
public final class Corrections {

	private final List<Correction> list;
	/** Of the image's size; empty without corrections. */
	private final Optional<Changed> changed;

	/** Pixels inside and outside whatever the settings make. No pixel is both. */
	private record Changed(MaskBits added, MaskBits removed) {}

	/**
	 * One of them.
	 *
	 * @param selection a copy of the selection, of an area
	 * @param isAdded whether it was added; else it was removed
	 */
	public record Correction(Roi selection, boolean isAdded) {}

	/** None. */
	static final Corrections NONE = new Corrections(List.of(), Optional.empty());

	private Corrections(final List<Correction> list, final Optional<Changed> changed) {
		this.list = List.copyOf(list);
		this.changed = changed;
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
		final MaskBits inside = Masks.inside(selection, width, height);
		final Changed before = changed.orElseGet(() -> new Changed(new MaskBits(width, height), new MaskBits(width, height)));
		final Changed after = isAdded ? new Changed(before.added.or(inside), before.removed.without(inside)) : new Changed(before.added.without(inside), before.removed.or(inside));
		final List<Correction> more = new ArrayList<>(list);
		more.add(new Correction((Roi) selection.clone(), isAdded));
		return new Corrections(more, Optional.of(after));
	}

	/** A mask with these corrections. */
	MaskBits on(final MaskBits mask) {
		return changed.map(hand -> mask.or(hand.added).without(hand.removed)).orElse(mask);
	}
}
