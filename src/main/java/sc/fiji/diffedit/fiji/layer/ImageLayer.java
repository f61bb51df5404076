package sc.fiji.diffedit.fiji.layer;

import java.lang.ref.WeakReference;
import java.util.Optional;

import ij.ImageListener;
import ij.ImagePlus;

import sc.fiji.diffedit.fiji.DisplayState;
import sc.fiji.diffedit.fiji.TemporaryElements;

/**
 * Shows an edit over its image, in the image's overlay: left of a divider the image as it is, right of it the edit. The image's
 * pixels and the overlay's other elements stay as they are. The edit follows the image's display range, look-up tables and active
 * channels. To be used on the event thread.
 */
public final class ImageLayer implements AutoCloseable {

	private final WeakReference<ImagePlus> image;
	private final Edit edit;
	private final ImageListener listener = new Follower();
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

	/** The edit that is shown. */
	public Edit edit() {
		return edit;
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

	/** Shows the edit as the image is displayed now. */
	void follow(final ImagePlus present) {
		if (closed) return;
		if (!edit.fits(present)) {
			remove();
			return;
		}
		final DisplayState now = DisplayState.of(present);
		if (shown != null && now.equals(display)) return;
		display = now;
		remove();
		shown = new LayerRoi(LayerPicture.of(edit.result(), edit.mask(), present), divider);
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
		ImagePlus.removeImageListener(listener);
		remove();
	}

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
