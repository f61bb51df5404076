package sc.fiji.diffedit.fiji.layer;

import java.awt.image.BufferedImage;
import java.lang.ref.WeakReference;
import java.util.Optional;

import ij.ImageListener;
import ij.ImagePlus;

import sc.fiji.diffedit.fiji.DisplayState;
import sc.fiji.diffedit.fiji.Latest;
import sc.fiji.diffedit.fiji.TemporaryElements;

/**
 * Shows an edit over its image, in the image's overlay: left of a divider the image as it is, right of it the edit. The image's
 * pixels and the overlay's other elements stay as they are. The edit follows the image's display range, look-up tables and active
 * channels; its picture is made on another thread, and what was seen stays until it is there. To be used on the event thread.
 */
public final class ImageLayer implements AutoCloseable {

	private final WeakReference<ImagePlus> image;
	private final ImageListener listener = new Follower();
	private final Latest<Drawn> pictures = new Latest<>(this::show);
	private Edit edit;
	private LayerRoi shown;
	private DisplayState display;
	private double divider;
	private double opacity = 1;
	private boolean closed;

	/** Shows an edit over its image until this is closed, or the image is. */
	public ImageLayer(final ImagePlus image, final Edit edit) {
		this.image = new WeakReference<>(image);
		this.edit = edit;
		ImagePlus.addImageListener(listener);
		follow(image);
	}

	/** Shows another edit of the image; the one before is seen until its picture is made. */
	public void show(final Edit other) {
		edit = other;
		display = null;
		final ImagePlus present = image.get();
		if (present != null) follow(present);
	}

	/** @param newDivider in [0, 1]: 0 shows the edit everywhere, 1 nowhere */
	public void setDivider(final double newDivider) {
		divider = newDivider;
		if (shown != null) shown.setDivider(newDivider);
		redraw();
	}

	/** @param newOpacity in [0, 1]: 0 shows the image as it is */
	public void setOpacity(final double newOpacity) {
		opacity = newOpacity;
		if (shown != null) shown.setOpacity(newOpacity);
		redraw();
	}

	/** Why the edit cannot be seen although it is there; empty when it can. */
	public Optional<String> hidden() {
		final ImagePlus present = image.get();
		if (present == null || !present.getHideOverlay()) return Optional.empty();
		return Optional.of("The overlay of \"" + present.getTitle() + "\" is hidden, and the edit with it; Image > Overlay > Show Overlay shows them.");
	}

	private void redraw() {
		final ImagePlus present = image.get();
		if (present != null) present.draw();
	}

	/** Shows the edit as the image is displayed now, as soon as the picture is made. */
	void follow(final ImagePlus present) {
		if (closed) return;
		if (!edit.fits(present)) {
			display = null;
			remove();
			return;
		}
		final DisplayState now = DisplayState.of(present);
		if (now.equals(display)) return;
		display = now;
		final Edit drawn = edit;
		pictures.compute(() -> new Drawn(LayerPicture.of(drawn.result(), drawn.mask(), now), now));
	}

	/** A picture for another display than the present one comes too late; the next one is on its way. */
	private void show(final Drawn drawn) {
		final ImagePlus present = image.get();
		if (closed || present == null || drawn.display() != display) return;
		remove();
		shown = new LayerRoi(drawn.picture(), divider);
		shown.setOpacity(opacity);
		TemporaryElements.addBelow(present, shown, edit.at());
	}

	private void remove() {
		final ImagePlus present = image.get();
		if (present != null) TemporaryElements.remove(present, shown);
		shown = null;
	}

	@Override
	public void close() {
		closed = true;
		pictures.close();
		ImagePlus.removeImageListener(listener);
		remove();
	}

	/** The edit as it looks in one state of the image's display. */
	private record Drawn(BufferedImage picture, DisplayState display) {}

	/** Hears of changes of the image's display and of its end; ImageJ tells on any thread. */
	private final class Follower implements ImageListener {

		@Override
		public void imageOpened(final ImagePlus opened) {}

		@Override
		public void imageUpdated(final ImagePlus updated) {
			if (updated == image.get()) java.awt.EventQueue.invokeLater(() -> follow(updated));
		}

		@Override
		public void imageClosed(final ImagePlus closed) {
			if (closed == image.get()) ImagePlus.removeImageListener(this);
		}
	}
}
