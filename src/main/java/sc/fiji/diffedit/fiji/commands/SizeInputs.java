package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.inputs.InputGroup;

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
