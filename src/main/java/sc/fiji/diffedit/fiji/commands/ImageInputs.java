package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;

import org.scijava.plugin.Parameter;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.IntensityRange;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.pipelines.ImageSize;

/** The image that a command processes, and how it is shown to the model. Subclasses determine the part of the image. */
abstract class ImageInputs extends InputGroup {

	@Parameter(label = "Image", persist = false, callback = MemoryLine.CHANGED)
	private ImagePlus image;
	@Parameter(label = "Intensity range", choices = { IntensityRange.AUTO_CHOICE, IntensityRange.PERCENTILE_CHOICE,
		IntensityRange.DISPLAY_CHOICE, IntensityRange.FULL_CHOICE }, persist = false,
		description = "Which pixel values the model sees as dark and bright. Auto: percentiles, but all of 8-bit and RGB images.")
	private String intensity = IntensityRange.AUTO_CHOICE;
	@Parameter(label = "Channels", required = false, persist = false, description = "Such as 1,3; empty for those that are shown.")
	private String channels = "";

	private Snapshot snapshot;
	private Workplace place;

	/** The part of an image that is worked on. */
	abstract Workplace place(Snapshot snapshot);

	/** Works on the image as it was, and as it was selected, when somebody else took it. */
	final void use(final Snapshot taken) {
		snapshot = taken;
	}

	/** Takes the image as it is now, unless it has been taken: what users do to it later changes no result. */
	final void take() {
		if (snapshot == null) snapshot = Snapshot.of(image);
		place = place(snapshot);
	}

	/** What is worked on, once it has been taken. */
	final Workplace place() {
		return place;
	}

	/** What users have done to the image since it was taken, if it matters. */
	final Optional<String> change() {
		return snapshot.change();
	}

	/** What to do where the image has no selection of an area. */
	final Optional<String> withoutSelection(final String label) {
		if (image == null || image.getRoi() != null && image.getRoi().isArea()) return Optional.empty();
		return Optional.of("\"" + image.getTitle() + "\" has no selection of an area; cancel and draw one, or choose something else in '" + label + "'.");
	}

	/** What to do where another image has not the image's size. */
	final Optional<String> ofOtherSize(final ImagePlus mask) {
		if (image == null || mask == null || mask.getWidth() == image.getWidth() && mask.getHeight() == image.getHeight()) return Optional.empty();
		return Optional.of("\"" + mask.getTitle() + "\" has " + mask.getWidth() + " x " + mask.getHeight() + " pixels, but \"" + image.getTitle() + "\" has "
			+ image.getWidth() + " x " + image.getHeight() + ": choose a mask of the image's size.");
	}

	/** The image that is chosen in the form; it may have been closed. */
	final ImagePlus chosen() {
		if (image == null) throw new DiffEditException("no image is open.");
		return image;
	}

	/** The size of the part, as far as it is known before the run. */
	ImageSize size() {
		return new ImageSize(chosen().getHeight(), chosen().getWidth());
	}

	final String intensity() {
		return intensity;
	}

	final String channels() {
		return channels;
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return place.describe(made.with("image", place.image().getTitle()));
	}
}
