package sc.fiji.diffedit.fiji.commands;

import java.util.OptionalInt;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.pipelines.InpaintRequest;

/** An image that gets new content within a mask with a soft edge, and the margin around the mask. */
final class InpaintedImageInputs extends MaskedImageInputs {

	@Parameter(label = "Soften the mask (pixels)", min = "0", persist = false, description = "Radius in pixels by which the mask's edge is softened, to both sides.")
	private double blur = InpaintRequest.DEFAULTS.maskBlur();
	@Parameter(label = "Look closely at the mask", persist = false,
		description = "The part around the mask is computed at the full size, which shows more detail; else the whole image.")
	private boolean crop = false;
	@Parameter(label = "Pixels around the mask", min = "0", persist = false, description = "Pixels around the mask that are looked at with it.")
	private int margin = 32;

	InpaintedImageInputs() {
		onlyIf("margin", () -> crop);
	}

	/** The soft mask is the limits of the place: edges are softened where pixels are pasted. */
	@Override
	Workplace place(final Snapshot snapshot) {
		return Workplace.of(snapshot, Masks.blurred(mask(snapshot), blur), intensity(), channels());
	}

	/** For {@link InpaintRequest#paddingMaskCrop}: pixels around the mask; empty for the whole image. */
	OptionalInt paddingMaskCrop() {
		return crop ? OptionalInt.of(margin) : OptionalInt.empty();
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		return super.addTo(made).with("blur", blur).with("crop", crop).with("margin", margin);
	}
}
