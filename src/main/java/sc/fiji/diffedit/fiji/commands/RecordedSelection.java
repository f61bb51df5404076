package sc.fiji.diffedit.fiji.commands;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.MaskText;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.tensor.Mask;

/** The selection of an image, which a recorded call may say itself: ImageJ's recorder has no exact line for many that can be drawn. */
final class RecordedSelection {

	static final String HELP = "A selection that was recorded, as a packed text; it takes the place of the image's own.";

	private RecordedSelection() {}

	static boolean isSaid(final String text) {
		return text != null && !text.isBlank();
	}

	/**
	 * What is selected on an image; {@code null} for nothing.
	 *
	 * @param text what the call says; if nothing, the image's own selection counts
	 * @throws DiffEditException if the text is damaged, of an image of another size, or selects nothing
	 */
	static Roi of(final String text, final ImagePlus image) {
		if (!isSaid(text)) return image.getRoi();
		final Mask drawn = MaskText.parse(text);
		if (drawn.width() != image.getWidth() || drawn.height() != image.getHeight()) {
			throw new DiffEditException("The recorded selection is of an image of " + drawn.width() + " x " + drawn.height() + " pixels, but \"" + image.getTitle() + "\" has " + image.getWidth()
				+ " x " + image.getHeight() + "; leave out 'selection' to use what is selected on it.");
		}
		if (drawn.isEmpty()) throw new DiffEditException("The recorded selection is empty; leave out 'selection' to use what is selected on the image.");
		return Masks.toRoi(drawn);
	}
}
