package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;

/**
 * A safety checker with its image processor: flagged pictures come back black.
 *
 * @param checker detects unsafe pictures
 * @param processor prepares them
 */
public record SafetyFilter(StableDiffusionSafetyChecker checker, CLIPImageProcessor processor) {

	/**
	 * Pictures after the check.
	 *
	 * @param pictures as many as went in; black where flagged
	 * @param flagged whether a picture came too close to an unwanted concept
	 */
	public record Checked(List<Picture> pictures, boolean[] flagged) {}

	/** Looks at pictures. They are not changed; flagged ones are replaced. */
	public Checked check(final List<Picture> pictures) {
		if (pictures.isEmpty()) return new Checked(pictures, new boolean[0]);
		try (Scope scope = Scope.open()) {
			final boolean[] flagged = checker.flags(processor.preprocess(pictures));
			final List<Picture> shown = new ArrayList<>();
			for (int i = 0; i < flagged.length; i++) shown.add(flagged[i] ? black(pictures.get(i)) : pictures.get(i));
			return new Checked(shown, flagged);
		}
	}

	private static Picture black(final Picture like) {
		return new Picture(like.width(), like.height(), like.channels(), new float[like.values().length]);
	}
}
