package sc.fiji.diffedit.fiji;

import java.util.Objects;
import java.util.Optional;

import ij.ImagePlus;
import ij.ImageStack;
import ij.WindowManager;
import ij.gui.Roi;

import sc.fiji.diffedit.DiffEditException;

/**
 * All that a run needs of an image, taken once at its start: users go on scrolling, drawing and closing while a model
 * computes, and a result must be of one image, not of a mixture. Of a stack only the plane that is shown is copied, in all of
 * its channels, so that virtual stacks are never loaded whole.
 */
public final class Snapshot {

	private final ImagePlus image;
	private final ImagePlus plane;
	private final Position position;
	private final Roi selection;
	private final boolean wasOpen;

	private Snapshot(final ImagePlus image, final ImagePlus plane, final Position position, final Roi selection, final boolean wasOpen) {
		this.image = image;
		this.plane = plane;
		this.position = position;
		this.selection = selection;
		this.wasOpen = wasOpen;
	}

	/** @throws DiffEditException if the image has no pixels or has been closed */
	public static Snapshot of(final ImagePlus image) {
		requirePixels(image);
		final Position position = Position.of(image);
		final Roi selection = image.getRoi() == null ? null : (Roi) image.getRoi().clone();
		return new Snapshot(image, ImagePlusView.copy(image, position), position, selection, isOpen(image));
	}

	/** The same with another selection than the image had. */
	public Snapshot withSelection(final Roi other) {
		return new Snapshot(image, plane, position, (Roi) other.clone(), wasOpen);
	}

	/**
	 * Another plane of the same image, as it is now, with what was selected when this was taken.
	 *
	 * @throws DiffEditException if the image has been closed since, or has no such plane any more
	 */
	public Snapshot at(final Position other) {
		if (isGone()) throw new DiffEditException("\"" + plane.getTitle() + "\" was closed during the run.");
		final int index = image.getStackIndex(other.channel(), other.slice(), other.frame());
		if (!isOfSameSize() || image.getNChannels() != plane.getStackSize() || other.slice() > image.getNSlices() || other.frame() > image.getNFrames() || index < 1) {
			throw new DiffEditException("\"" + plane.getTitle() + "\" was changed during the run and has no plane z=" + other.slice() + " t=" + other.frame() + " of that kind any more.");
		}
		return new Snapshot(image, ImagePlusView.copy(image, other), other, selection, wasOpen);
	}

	/** @throws DiffEditException if the image has no pixels or has been closed */
	public static void requirePixels(final ImagePlus image) {
		if (image.getProcessor() != null) return;
		throw new DiffEditException("The image \"" + image.getTitle() + "\" has no pixels, or was closed; open one and try again.");
	}

	/**
	 * A copy of the plane that was shown: its channels, calibration, look-up tables, display ranges, overlay, title and info.
	 * Nobody else has it.
	 */
	public ImagePlus plane() {
		return plane;
	}

	/** Which plane of the image that was. */
	public Position position() {
		return position;
	}

	/** What was selected, if anything. */
	public Optional<Roi> selection() {
		return Optional.ofNullable(selection);
	}

	/** The image itself, as it is by now; empty if it was closed or has another size, so that nothing can be drawn on it. */
	public Optional<ImagePlus> present() {
		return isGone() || !isOfSameSize() ? Optional.empty() : Optional.of(image);
	}

	/** What has become of the image since, as a sentence for the user; empty if its plane is as it was. */
	public Optional<String> change() {
		final String title = "\"" + plane.getTitle() + "\"";
		final String was = "; the result is of the image as it was at the start.";
		if (isGone()) return Optional.of(title + " was closed during the run" + was);
		if (!isOfSameSize()) {
			return Optional.of(title + " had " + sizeOf(plane) + " pixels at the start of the run and has " + sizeOf(image) + " now" + was);
		}
		return hasSamePixels() ? Optional.empty() : Optional.of(title + " was changed during the run" + was);
	}

	private boolean isGone() {
		return image.getProcessor() == null || wasOpen && !isOpen(image);
	}

	/** Whether ImageJ lists it: in a window, or hidden in batch mode. Images of scripts never are, and never close. */
	private static boolean isOpen(final ImagePlus image) {
		return WindowManager.getImage(image.getID()) == image;
	}

	private boolean isOfSameSize() {
		return image.getWidth() == plane.getWidth() && image.getHeight() == plane.getHeight();
	}

	private static String sizeOf(final ImagePlus image) {
		return image.getWidth() + " x " + image.getHeight();
	}

	private boolean hasSamePixels() {
		final ImageStack stack = image.getStack();
		for (int c = 1; c <= plane.getStackSize(); c++) {
			final int index = image.getStackIndex(c, position.slice(), position.frame());
			if (image.getNChannels() != plane.getStackSize() || index < 1 || index > stack.size()) return false;
			if (!Objects.deepEquals(ImagePlusView.processor(image, index).getPixels(), plane.getStack().getPixels(c))) return false;
		}
		return true;
	}
}
