package sc.fiji.diffedit.fiji.commands;

import java.util.Optional;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.fiji.inputs.Warning;
import sc.fiji.diffedit.models.VaeScale;

/** The size to compute at, in pixels; 0 for what is there. */
final class SizeInputs extends InputGroup {

	@Parameter(label = "Width (0: automatic)", min = "0", stepSize = "8", persist = false, callback = MemoryLine.CHANGED)
	private int width = 0;
	@Parameter(label = "Height (0: automatic)", min = "0", stepSize = "8", persist = false, callback = MemoryLine.CHANGED)
	private int height = 0;

	/** @param help what is so large, and what 0 means */
	SizeInputs(final String help) {
		setHelp("width", help);
		setHelp("height", help);
	}

	/** The length that a model cannot compute at. */
	Optional<Warning> noMultiple(final VaeScale scale) {
		if (!scale.fits(widthOr(scale.factor()))) return Optional.of(noMultiple("width", scale));
		return scale.fits(heightOr(scale.factor())) ? Optional.empty() : Optional.of(noMultiple("height", scale));
	}

	private static Warning noMultiple(final String input, final VaeScale scale) {
		return Warning.about(input, "must be a multiple of " + scale.factor() + ".");
	}

	int width() {
		return width;
	}

	int height() {
		return height;
	}

	int widthOr(final int own) {
		return width > 0 ? width : own;
	}

	int heightOr(final int own) {
		return height > 0 ? height : own;
	}
}
