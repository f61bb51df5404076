package sc.fiji.diffedit.fiji.window;

import java.awt.image.BufferedImage;
import java.lang.ref.WeakReference;
import java.time.LocalTime;

import ij.ImagePlus;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.fiji.DisplayedPlane;
import sc.fiji.diffedit.fiji.PlaneRange;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.layer.HistoryEntry;
import sc.fiji.diffedit.fiji.layer.Thumbnail;

/**
 * A mask in the history.
 *
 * @param image that it is of; empty once nobody else has it
 * @param title of the image
 * @param isOfStack whether the image has several slices or frames
 * @param state the mask with all that made it
 * @param thumbnail the image, small, with the mask in colour
 * @param time when it came
 */
record MaskEntry(WeakReference<ImagePlus> image, String title, boolean isOfStack, MaskState state, BufferedImage thumbnail, LocalTime time) implements HistoryEntry {

	private static final int TINT = 0xff3030, PERCENT = 100;

	/** A mask. @param snapshot the image as it was then */
	static MaskEntry of(final ImagePlus image, final Snapshot snapshot, final MaskState state) {
		final ImagePlus plane = snapshot.plane();
		final int[] pixels = DisplayedPlane.of(plane);
		state.inside().pixels().stream().forEach(i -> pixels[i] = mixed(pixels[i]));
		return new MaskEntry(new WeakReference<>(image), plane.getTitle(), PlaneRange.isStack(image), state, Thumbnail.of(pixels, plane.getWidth(), plane.getHeight()),
			LocalTime.now());
	}

	/** Half way to the colour of the mask. */
	private static int mixed(final int rgb) {
		return (rgb >> 1 & 0x7f7f7f) + (TINT >> 1 & 0x7f7f7f);
	}

	/** Whether it is this mask, made in the same way. */
	boolean isOf(final MaskState other) {
		return state.map().equals(other.map()) && state.settings().equals(other.settings()) && state.corrections().list().equals(other.corrections().list());
	}

	@Override
	public String text() {
		final String target = state.map().isPresent() ? "\u201c" + state.answers().getOrDefault("target", "") + "\u201d" : "drawn";
		final int corrections = state.corrections().list().size();
		return "Mask " + target + ", " + Math.round(PERCENT * state.inside().area()) + "% of the image" + (corrections == 0 ? "" : ", " + Counted.of(corrections, "correction"));
	}

	/** The mask and both kinds of corrections have one bit per pixel each. */
	@Override
	public long bytes() {
		return 3 * state.inside().bytes();
	}
}
