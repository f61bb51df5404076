package sc.fiji.diffedit.fiji.layer;

import java.awt.image.BufferedImage;
import java.lang.ref.WeakReference;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.scijava.module.Module;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.DisplayedPlane;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.OutputStyle;
import sc.fiji.diffedit.fiji.Pictures;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.MaskBits;

/**
 * Edits of one image and mask, each a run of the command {@code Edit With Mask} with the mask as the selection: the same bits, info and
 * notices as from its form. All are of the image as it was when they were asked for.
 *
 * @param image that is edited
 * @param snapshot the image as it was when they were asked for
 * @param mask of the image's size: where it is edited
 * @param settings of each edit: values of {@code Edit With Mask}'s inputs by their names, the image and where it may change left out
 */
public record EditJob(ImagePlus image, Snapshot snapshot, Mask mask, List<Map<String, Object>> settings) {

	/**
	 * Takes a mask for all edits.
	 *
	 * @param snapshot the image as it was when they were asked for
	 * @throws DiffEditException if the mask is empty, or not of the image's size
	 */
	public static EditJob of(final ImagePlus image, final Snapshot snapshot, final Mask mask, final List<Map<String, Object>> settings) {
		if (mask.width() != image.getWidth() || mask.height() != image.getHeight()) {
			throw new DiffEditException("The mask is " + mask.width() + " x " + mask.height() + " pixels, but \"" + image.getTitle() + "\" has " + image.getWidth()
				+ " x " + image.getHeight() + "; find the mask again.");
		}
		if (mask.isEmpty()) throw new DiffEditException("The mask is empty, so nothing would change; lower the threshold, or add a selection to the mask.");
		return new EditJob(image, snapshot.withSelection(Masks.toRoi(mask)), mask, settings);
	}

	/** The inputs of one edit's command. */
	public Map<String, Object> inputs(final int edit) {
		final Map<String, Object> inputs = new LinkedHashMap<>(settings.get(edit));
		inputs.put("image", image);
		return inputs;
	}

	/**
	 * Prepares a command that has its inputs.
	 *
	 * @param preview takes the image on its way, on a thread of its own
	 */
	public void prepare(final EditWithMask command, final Consumer<BufferedImage> preview) {
		command.setSnapshot(snapshot);
		command.setPreview(picture -> preview.accept(Pictures.toImagePlus(picture, "").getBufferedImage()));
	}

	/** The edit that a command has made. */
	public Edit edit(final int edit, final Module done) {
		final ImagePlus result = (ImagePlus) done.getOutput("result");
		final List<String> notices = ((List<?>) done.getOutput(OutputStyle.NOTICES)).stream().map(Object::toString).toList();
		final BufferedImage thumbnail = Thumbnail.of(DisplayedPlane.of(result), result.getWidth(), result.getHeight());
		return new Edit(new WeakReference<>(image), Map.copyOf(settings.get(edit)), MaskBits.of(mask), snapshot.position(), image.getStackSize() > snapshot.plane().getStackSize(), snapshot.plane(), result, notices,
			thumbnail, LocalTime.now());
	}
}
