package sc.fiji.diffedit.fiji.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A figure of an edit. It is NaN where it is not known, as success without a target. */
enum Figure {
	IOU("IoU", "iou", 3, trial -> trial.mask().iou()),
	DICE("Dice", "dice", 3, trial -> trial.mask().dice()),
	AVERAGE_PRECISION("precision", "averagePrecision", 3, trial -> trial.mask().averagePrecision()),
	SUCCESS("success", "success", 3, trial -> judged(trial, trial.edit().success())),
	STRICT("strict", "strict", 3, trial -> judged(trial, trial.edit().strict())),
	PSNR("dB outside", "outsidePsnr", 1, trial -> trial.edit().outsidePsnr()),
	SSIM("SSIM outside", "outsideSsim", 4, trial -> trial.edit().outsideSsim()),
	/** NaN where the model was not asked. */
	LOSS_RATIO("loss ratio", "lossRatio", 3, Trial::lossRatio),
	SECONDS("seconds", "seconds", 2, trial -> trial.cost().seconds()),
	RESIDENT("MB resident", "megabytesResident", 0, trial -> trial.cost().resident() / 1e6),
	EXPECTED("MB native", "megabytesNative", 1, trial -> trial.nativeBytes() / 1e6);

	/** By which settings are chosen on one half, in this order. */
	static final List<Figure> CHOICE = List.of(SUCCESS, STRICT, IOU);
	/** That are compared in pairs. */
	static final List<Figure> PAIRED = List.of(IOU, AVERAGE_PRECISION, SUCCESS, STRICT, PSNR, SECONDS);

	private final String heading;
	private final String key;
	private final int digits;
	private final ToDoubleFunction<Trial> value;

	Figure(final String heading, final String key, final int digits, final ToDoubleFunction<Trial> value) {
		this.heading = heading;
		this.key = key;
		this.digits = digits;
		this.value = value;
	}

	private static double judged(final Trial trial, final boolean is) {
		if (trial.sample().target().isEmpty()) return Double.NaN;
		return is ? 1 : 0;
	}

	/** Of its column. */
	String heading() {
		return heading;
	}

	/** By which JSON and CSV name it. */
	String key() {
		return key;
	}

	double of(final Trial trial) {
		return value.applyAsDouble(trial);
	}

	/** Over those trials in which it is known. */
	Mean mean(final List<Trial> trials) {
		return Mean.of(trials.stream().map(this::of).filter(number -> !Double.isNaN(number)).toList());
	}

	/** With as many digits as it deserves; a dash where it is not known. */
	String text(final Mean mean) {
		if (mean.count() == 0) return "-";
		final String number = String.format(Locale.ROOT, "%." + digits + "f", mean.mean());
		return mean.count() < 2 ? number : number + String.format(Locale.ROOT, " +- %." + digits + "f", mean.standardError());
	}
}
