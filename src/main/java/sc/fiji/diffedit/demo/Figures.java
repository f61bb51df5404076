package sc.fiji.diffedit.demo;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Overlap;
import sc.fiji.diffedit.tensor.Picture;

/**
 * How good a mask and an edit are, by the definitions of {@code scripts/train_demo_model.py} ({@code overlap},
 * {@code judge}).
 *
 * @param iou intersection over union of mask and truth, in [0, 1]
 * @param outsidePsnr PSNR in dB between input and result outside the truth, at 8 bits, at most 100
 * @param success whether the edited objects look more like the target than like the input: by mean colour for a change of
 *          colour, by pixels for a change of kind; false where the sample has no target
 * @param strict whether besides they are nearer to the target than half of the way from the input, which objects that merely vanish do
 *          not reach
 * @param outsideSsim structural similarity of input and result outside the truth, at most 1
 */
public record Figures(double iou, double outsidePsnr, boolean success, boolean strict, double outsideSsim) {

	private static final double LEAST_ERROR = 1e-10;

	/**
	 * Judges one result.
	 *
	 * @param mask at any resolution that divides the picture's
	 * @param result of the picture's size
	 */
	public static Figures of(final Sample sample, final Mask mask, final Picture result) {
		return of(sample, mask, result, sample.truth());
	}

	/** The same where more than the truth may change. @param changed outside of it nothing should */
	public static Figures of(final Sample sample, final Mask mask, final Picture result, final Mask changed) {
		final Picture input = sample.picture();
		if (result.width() != input.width() || result.height() != input.height()) {
			throw new DiffEditException("The result is " + result.width() + " x " + result.height() + " pixels, but sample " + sample.name()
				+ " has " + input.width() + " x " + input.height() + "; only results of the same size can be judged.");
		}
		final Picture rounded = Picture.ofRgb(result.width(), result.height(), result.toRgb());
		final double error = error(input, rounded, changed.inverted());
		final Nearness nearness = sample.target().map(target -> nearness(sample, target, rounded)).orElse(Nearness.UNKNOWN);
		return new Figures(Overlap.of(mask, sample.truth()).iou(), -10 * Math.log10(Math.max(LEAST_ERROR, error)),
			nearness.toTarget < nearness.toInput, nearness.toTarget < Math.min(nearness.toInput, 0.5 * nearness.apart), Similarity.mean(input, rounded, changed.inverted()));
	}

	/** How far a result is from the target and from the input, and these from each other. */
	private record Nearness(double toTarget, double toInput, double apart) {

		static final Nearness UNKNOWN = new Nearness(Double.NaN, Double.NaN, Double.NaN);
	}

	private static Nearness nearness(final Sample sample, final Picture target, final Picture result) {
		if (sample.change() == Sample.Change.KIND) {
			return new Nearness(error(result, target, sample.truth()), error(result, sample.picture(), sample.truth()), error(sample.picture(), target, sample.truth()));
		}
		final double[] colour = meanColour(result, sample.group()), wanted = meanColour(target, sample.group()), input = meanColour(sample.picture(), sample.group());
		return new Nearness(distance(colour, wanted), distance(colour, input), distance(input, wanted));
	}

	/** Mean squared difference inside a mask, over all channels. */
	private static double error(final Picture a, final Picture b, final Mask where) {
		double sum = 0;
		long count = 0;
		for (int channel = 0; channel < 3; channel++) {
			for (int y = 0; y < a.height(); y++) {
				for (int x = 0; x < a.width(); x++) {
					if (!where.isInside(x, y)) continue;
					final double difference = (double) a.get(channel, x, y) - b.get(channel, x, y);
					sum += difference * difference;
					count++;
				}
			}
		}
		return count == 0 ? 0 : sum / count;
	}

	private static double[] meanColour(final Picture picture, final Mask where) {
		final double[] sums = new double[3];
		int count = 0;
		for (int y = 0; y < picture.height(); y++) {
			for (int x = 0; x < picture.width(); x++) {
				if (!where.isInside(x, y)) continue;
				for (int channel = 0; channel < 3; channel++) sums[channel] += picture.get(channel, x, y);
				count++;
			}
		}
		for (int channel = 0; channel < 3; channel++) sums[channel] /= Math.max(1, count);
		return sums;
	}

	private static double distance(final double[] a, final double[] b) {
		double sum = 0;
		for (int i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
		return Math.sqrt(sum);
	}
}
