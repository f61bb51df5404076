package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.scijava.plugin.Parameter;

import ij.ImagePlus;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.LabelImages;
import sc.fiji.diffedit.fiji.MaskText;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.tensor.Mask;

/** An image that may change within a mask only: its selection, or another image. */
abstract class MaskedImageInputs extends ImageInputs {

	private static final String SELECTION = "Selection", IMAGE = "Mask image";

	@Parameter(label = "Where it may change", choices = { SELECTION, IMAGE }, persist = false, description = "Where the image may change.")
	private String maskFrom = SELECTION;
	@Parameter(label = "Mask image", required = false, autoFill = false, persist = false,
		description = "Of the image's size: binary or labels, inside is what is not 0; with a soft change grey values from 0 (keep) to 255 (change). Used with Mask image.")
	private ImagePlus drawnMask;

	/** What was drawn, of the image's size. */
	private Mask drawn;
	/** Its pixels, if it was drawn in another image. */
	private ImageProcessor labels;
	private BooleanSupplier soft = () -> false;
	private BooleanSupplier labelled = () -> false;

	MaskedImageInputs() {
		onlyWith("drawnMask", "maskFrom", IMAGE);
	}

	/** When values of a mask image are degrees. */
	final void softIf(final BooleanSupplier holds) {
		soft = holds;
	}

	/** When values of a mask image are labels that count. */
	final void labelledIf(final BooleanSupplier holds) {
		labelled = holds;
	}

	/** The labels of the present plane's mask image, of the image's size. */
	final ImageProcessor labels() {
		return labels;
	}

	final boolean isMaskImage() {
		return Choices.same(maskFrom, IMAGE);
	}

	@Override
	protected Optional<String> wrong(final String input) {
		return switch (input) {
			case "maskFrom" -> isMaskImage() ? Optional.empty() : withoutSelection("Where it may change");
			case "drawnMask" -> isMaskImage() ? ofOtherSize("mask", drawnMask) : Optional.empty();
			default -> super.wrong(input);
		};
	}

	/** Whether nothing may change in the present plane; only planes of several can have such a mask. */
	final boolean isMaskEmpty() {
		return drawn.isEmpty();
	}

	/** The mask, of the image's size. A mask image that plays no role is forgotten, so that no macro records it. */
	final Mask mask(final Snapshot snapshot) {
		drawn = read(snapshot);
		return drawn;
	}

	private Mask read(final Snapshot snapshot) {
		Choices.require("maskFrom", maskFrom, SELECTION, IMAGE);
		final int width = snapshot.plane().getWidth(), height = snapshot.plane().getHeight();
		if (!isMaskImage()) {
			drawnMask = null;
			return Masks.of(Workplace.selection(snapshot), width, height);
		}
		final ImagePlus masks = required("mask", drawnMask);
		final int shown = masks.getCurrentSlice(), index = hasSeveral() ? planeFor(masks, snapshot.position()) : shown;
		final Mask mask = soft.getAsBoolean() ? Masks.soft(masks, index, width, height) : Masks.ofPlane(masks, index, width, height);
		if (mask.isEmpty() && (!hasSeveral() || planes(masks) == 1)) throw new DiffEditException("The mask \"" + masks.getTitle() + "\" is 0 everywhere; mark where the image may change.");
		labels = LabelImages.plane(masks, index);
		return mask;
	}

	private static int planes(final ImagePlus masks) {
		return masks.getNSlices() * masks.getNFrames();
	}

	/** Of a mask with as many slices and frames as the image, or as many planes as are worked on, the plane's own; else the one that is shown. */
	private int planeFor(final ImagePlus masks, final Position at) {
		final ImagePlus image = chosen();
		final int planes = planes(masks);
		if (planes == 1) return masks.getCurrentSlice();
		final boolean same = masks.getNSlices() == image.getNSlices() && masks.getNFrames() == image.getNFrames();
		if (!same && planes != range().count()) {
			throw new DiffEditException("The mask \"" + masks.getTitle() + "\" has " + Counted.of(planes, "plane") + ", but the work is on " + Counted.of(range().count(), "plane") + " of \"" + image.getTitle()
				+ "\"; give a mask of one plane, or of as many as these, or as the image has.");
		}
		final int slice = same ? at.slice() : 1, frame = same ? at.frame() : 1, skipped = same ? 0 : range().planes().indexOf(at);
		return masks.getStackIndex(1, slice, frame) + skipped * masks.getNChannels();
	}

	/** An image that the other answers make necessary. */
	static ImagePlus required(final String what, final ImagePlus chosen) {
		if (chosen == null) throw new DiffEditException("No " + what + " image is chosen; open one and choose it.");
		Snapshot.requirePixels(chosen);
		return chosen;
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return super.addTo(made).with("maskFrom", maskFrom).with("maskImage", drawnMask == null ? null : drawnMask.getTitle())
			.with(Provenance.MASK, drawnMask != null && (hasSeveral() || soft.getAsBoolean() || labelled.getAsBoolean()) ? null : MaskText.of(drawn).orElse(null));
	}
}
