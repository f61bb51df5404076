package sc.fiji.diffedit.pipelines;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the model makes of finished edits: how well the new description explains what is inside of the mask, over how well the old one does.
 *
 * @param ratios of each result: the loss with the target over the loss with the source, above 0; NaN where the mask is empty
 */
public record EditCheck(List<Double> ratios) {

	/** Above this an edit may have failed: found on drawn pictures with the model of this project. */
	public static final double LIMIT = 0.85;

	public EditCheck {
		ratios = List.copyOf(ratios);
	}

	/** The ratio of the first result. */
	public double ratio() {
		return ratios.get(0);
	}

	/** A sentence for the user if an edit may have failed. */
	public Optional<String> notice() {
		final List<Double> failed = ratios.stream().filter(ratio -> ratio > LIMIT).toList();
		if (failed.isEmpty()) return Optional.empty();
		return Optional.of(String.format(Locale.ROOT, "The edit may have failed: to the model the result does not look enough like the new description"
			+ " (loss ratio %.3f, above %.3f); look at it, and try another amount of change, mask or description.", failed.get(0), LIMIT));
	}
}
