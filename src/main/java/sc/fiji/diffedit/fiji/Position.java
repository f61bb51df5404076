package sc.fiji.diffedit.fiji;

import ij.ImagePlus;

/**
 * The plane of an image that is shown, each number counted from 1. ImageJ's own getters for channel, slice and frame lag
 * behind in images without a window.
 */
public record Position(int channel, int slice, int frame) {

	public static Position of(final ImagePlus image) {
		final int[] position = image.convertIndexToPosition(image.getCurrentSlice());
		return new Position(position[0], position[1], position[2]);
	}
}
