package sc.fiji.diffedit.fiji.layer;

import ij.ImagePlus;
import ij.process.ColorProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Descriptions;
import sc.fiji.diffedit.fiji.DisplayState;
import sc.fiji.diffedit.fiji.DisplayedPlane;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.Titles;
import sc.fiji.diffedit.fiji.WholeImage;

/** New images of an edit. The image that was edited is never changed. */
public final class EditOutputs {

	/** Pixels between before and after. */
	static final int GAP = 4;

	private static final int WHITE = 0xffffff;

	private EditOutputs() {}

	/** The edited plane alone, as the command {@code Edit With Mask} gives it. */
	public static ImagePlus plane(final Edit edit) {
		final ImagePlus copy = Snapshot.of(edit.result()).plane();
		copy.setTitle(Titles.of(edit.before(), "edit"));
		return copy;
	}

	/**
	 * A copy of the whole image with the edit in its place.
	 *
	 * @throws DiffEditException if the image is gone or has become another one
	 */
	public static ImagePlus wholeImage(final Edit edit) {
		final ImagePlus image = edit.present().orElseThrow(() -> new DiffEditException("\"" + edit.before().getTitle() + "\" is not open any more; keep the edit as an image instead."));
		return WholeImage.withPlane(image, edit.result(), edit.at());
	}

	/** An RGB image of the plane before and after the edit, side by side as they are displayed. */
	public static ImagePlus sideBySide(final Edit edit) {
		final int width = edit.result().getWidth(), height = edit.result().getHeight();
		final DisplayState like = DisplayState.of(edit.present().filter(edit::fits).orElse(edit.result()));
		final ColorProcessor both = new ColorProcessor(2 * width + GAP, height);
		both.setColor(WHITE);
		both.fill();
		both.insert(new ColorProcessor(width, height, DisplayedPlane.of(edit.before(), like)), 0, 0);
		both.insert(new ColorProcessor(width, height, DisplayedPlane.of(edit.result(), like)), width + GAP, 0);
		final ImagePlus image = new ImagePlus(Titles.of(edit.before(), "before and after"), both);
		Descriptions.copyPlace(edit.before(), image);
		image.setProperty("Info", edit.result().getProperty("Info"));
		return image;
	}
}
