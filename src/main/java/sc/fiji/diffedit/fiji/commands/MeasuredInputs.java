package sc.fiji.diffedit.fiji.commands;

import java.io.File;
import java.util.List;
import java.util.Optional;

import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.MaskOutputs;
import sc.fiji.diffedit.fiji.MaskParts;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.inputs.InputGroup;

/** An image before and after an edit, its mask, and a reference for the mask. */
final class MeasuredInputs extends InputGroup {

	private static final String SELECTION = "Selection", MANAGER = "ROI Manager", IMAGE = "Mask image", NOTHING = "Nothing", REFERENCE = "Reference image";

	@Parameter(label = "Image before", persist = false)
	private ImagePlus image;
	@Parameter(label = "Image after", required = false, autoFill = false, persist = false, description = "The edited image; without one only the image before is measured.")
	private ImagePlus after;
	@Parameter(label = "What is measured", choices = { SELECTION, MANAGER, IMAGE }, persist = false,
		description = "The parts of the selection, each selection of the ROI Manager, or each label of an image.")
	private String maskFrom = SELECTION;
	@Parameter(label = "Mask image", required = false, autoFill = false, persist = false,
		description = "Labels, or a binary image of which each connected part is measured. Used with Mask image.")
	private ImagePlus drawnMask;
	@Parameter(label = "Parts that touch at corners are one", persist = false, description = "Whether pixels that touch at a corner are of the same part.")
	private boolean corners = false;
	@Parameter(label = "Compare with", choices = { NOTHING, REFERENCE, MANAGER }, persist = false, description = "What the mask should be: how much of it agrees is told as IoU, Dice, precision and recall.")
	private String referenceFrom = NOTHING;
	@Parameter(label = "Reference image", required = false, autoFill = false, persist = false, description = "Labels or binary; inside is what is not 0. Used with Reference image.")
	private ImagePlus reference;
	@Parameter(label = "Save as CSV file", required = false, persist = false, description = "The table of parts; the comparison goes to a second file beside it, whose name ends with -overlap.")
	private File csv;
	/** No form shows it: recorded calls say so what was drawn. */
	@Parameter(label = "Selection", required = false, persist = false, visibility = ItemVisibility.INVISIBLE, description = RecordedSelection.HELP)
	private String selection = "";

	MeasuredInputs() {
		onlyWith("drawnMask", "maskFrom", IMAGE);
		onlyWith("reference", "referenceFrom", REFERENCE);
		onlyIf("corners", () -> !Choices.same(maskFrom, MANAGER));
	}

	@Override
	protected void check() {
		Choices.require("maskFrom", maskFrom, SELECTION, MANAGER, IMAGE);
		Choices.require("referenceFrom", referenceFrom, NOTHING, REFERENCE, MANAGER);
		Snapshot.requirePixels(image);
		if (after != null) Snapshot.requirePixels(after);
	}

	ImagePlus before() {
		return image;
	}

	/** The edited image; {@code null} for none. */
	ImagePlus after() {
		return after;
	}

	MaskParts mask() {
		if (Choices.same(maskFrom, IMAGE)) return MaskParts.of(MaskedImageInputs.required("mask", drawnMask), image, corners);
		if (Choices.same(maskFrom, MANAGER)) return managed();
		final Roi selected = RecordedSelection.of(selection, image);
		if (selected == null) throw new DiffEditException("\"" + image.getTitle() + "\" has no selection; draw an area on it first.");
		return MaskParts.connected(selected, image, corners);
	}

	/** What the mask is compared with, if anything. */
	Optional<MaskParts> reference() {
		if (Choices.same(referenceFrom, NOTHING)) return Optional.empty();
		return Optional.of(Choices.same(referenceFrom, MANAGER) ? managed() : MaskParts.of(MaskedImageInputs.required("reference", reference), image, corners));
	}

	private MaskParts managed() {
		return MaskParts.of(List.of(MaskOutputs.manager().getRoisAsArray()), image);
	}

	/** Where the tables are to be saved, if anywhere. */
	Optional<File> csv() {
		return csv == null || csv.getPath().isBlank() ? Optional.empty() : Optional.of(csv);
	}
}
