package sc.fiji.diffedit.demo;

import java.util.Arrays;
import java.util.Optional;

import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/**
 * A picture with an edit whose correct mask is known, and mostly its result.
 *
 * @param name such as {@code 01}
 * @param picture the input
 * @param truth what the edit concerns, at the picture's resolution: the group of objects; for a change of kind, where it is
 *          before and after
 * @param group the group of objects in the input
 * @param target the expected result, if it is known
 * @param sourcePrompt what is in the picture
 * @param targetPrompt what should be there
 * @param change what the prompts disagree about
 * @param expected what diffusers 0.42.1 reached with seed 0 and the settings of the samples
 */
public record Sample(String name, Picture picture, Mask truth, Mask group, Optional<Picture> target, String sourcePrompt,
	String targetPrompt, Change change, Expected expected) {

	/** What an edit changes about a group of objects. */
	public enum Change {
		COLOUR, KIND
	}

	/**
	 * What the reference reached.
	 *
	 * @param iou overlap of its mask with the truth
	 * @param success whether its edit succeeded
	 * @param outsidePsnr PSNR in dB between its result and the input outside the truth
	 */
	public record Expected(double iou, boolean success, double outsidePsnr) {}

	/** Whether the other one is an edit of the same picture, to the last bit. */
	public boolean isOfPictureOf(final Sample other) {
		return picture.width() == other.picture.width() && Arrays.equals(picture.values(), other.picture.values());
	}
}
