package sc.fiji.diffedit.fiji;

import ij.ImagePlus;
import ij.gui.Roi;

/**
 * A place in a stack, each number counted from 1; 0 stands for all of them.
 */
public record Position(int channel, int slice, int frame) {

	/** The plane that is shown. ImageJ's own getters for channel, slice and frame lag behind in images without a window. */
	public static Position of(final ImagePlus image) {
		final int[] position = image.convertIndexToPosition(image.getCurrentSlice());
		return new Position(position[0], position[1], position[2]);
	}

	/** Where an element of an overlay belongs. Its place is a channel, slice and frame, or a number in the stack, as in plain stacks. */
	static Position of(final Roi element, final ImagePlus image) {
		if (element.hasHyperStackPosition()) return new Position(element.getCPosition(), element.getZPosition(), element.getTPosition());
		if (element.getPosition() <= 0) return new Position(0, 0, 0);
		final int[] position = image.convertIndexToPosition(element.getPosition());
		return new Position(position[0], position[1], position[2]);
	}

	/** Whether both are of the same slice and frame. */
	public boolean isOnPlaneOf(final Position other) {
		return slice == other.slice && frame == other.frame;
	}

	/** Whether this belongs to another slice or frame. */
	boolean isElsewhereThan(final Position other) {
		return slice > 0 && slice != other.slice || frame > 0 && frame != other.frame;
	}
}
