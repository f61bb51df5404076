package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;

import org.scijava.plugin.Parameter;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.InversionImages;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.ProvenanceFile;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.pipelines.InversionMethod;
import sc.fiji.diffedit.tensor.Mask;

/** An image that is edited within a mask, and whether it has been inverted already. */
final class InvertedImageInputs extends MaskedImageInputs {

	private static final String NOW = "Made now", INVERSION_IMAGE = "Inversion image";

	@Parameter(label = "Inversion", choices = { NOW, INVERSION_IMAGE }, persist = false,
		description = "Whether the image is inverted now, or an image that Invert Image... has made is used.", callback = MemoryLine.CHANGED)
	private String inversionFrom = NOW;
	@Parameter(label = "Inverted image", required = false, autoFill = false, persist = false,
		description = "Tells the steps, intensities, channels and region too. Used with Inversion image.", callback = MemoryLine.CHANGED)
	private ImagePlus inverted;

	private Optional<InvertedImage> saved = Optional.empty();

	InvertedImageInputs() {
		onlyWith("inverted", "inversionFrom", INVERSION_IMAGE);
	}

	@Override
	protected void check() {
		Choices.require("inversionFrom", inversionFrom, NOW, INVERSION_IMAGE);
	}

	@Override
	protected Optional<String> wrong(final String input) {
		return input.equals("inverted") && isInverted() && inverted != null ? failure(() -> InversionImages.made(inverted)) : super.wrong(input);
	}

	/** Whether the image has been inverted before. */
	boolean isInverted() {
		return Choices.same(inversionFrom, INVERSION_IMAGE);
	}

	/** The method of the inversion that is chosen, as far as it is known before the run. */
	InversionMethod method() {
		return info().map(InvertedImage::method).orElse(InversionMethod.DDIM);
	}

	/** The steps of the inversion that is chosen. @param asked what they are as long as none is */
	int steps(final int asked) {
		return info().map(InvertedImage::steps).orElse(asked);
	}

	private Optional<Provenance> info() {
		return Optional.ofNullable(inverted).flatMap(Provenance::read);
	}

	/** The inversion that is used; empty if the image is to be inverted now. */
	Optional<InvertedImage> saved() {
		return saved;
	}

	/** The part that was inverted, seen in the same way. */
	@Override
	Workplace place(final Snapshot snapshot) {
		final Mask mask = mask(snapshot);
		if (isInverted()) saved = Optional.of(new InvertedImage(required("inversion", inverted), snapshot.position()));
		else inverted = null;
		final Workplace place = saved.map(inversion -> inversion.place(snapshot, mask)).orElseGet(() -> Workplace.of(snapshot, mask, intensity(), channels()));
		if (place.limits().orElseThrow().isEmpty() && !hasSeveral()) {
			throw new DiffEditException("The mask lies outside of the region that was inverted; draw it there, or invert the whole image.");
		}
		return place;
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return super.addTo(made).with("inversionFrom", inversionFrom).with("inversionImage", inverted == null ? null : inverted.getTitle())
			.with(Provenance.INVERSION, saved.map(InvertedImage::made).map(ProvenanceFile::toJson).orElse(null));
	}
}
