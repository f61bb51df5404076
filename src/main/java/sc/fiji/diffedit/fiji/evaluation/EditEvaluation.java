package sc.fiji.diffedit.fiji.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.service.DiffEdit;

/** Whole edits by several methods, on samples; each method is compared with the first one, sample by sample. */
final class EditEvaluation {

	/** How far the IoU of a mask may be from what its sample expects: a few pixels lie within rounding of the threshold. */
	private static final double TOLERANCE = 0.02;

	private final Map<Method, List<Trial>> trials = new LinkedHashMap<>();
	private final List<Sample> samples;

	/** @param progress hears which sample is next */
	EditEvaluation(final DiffEdit model, final List<Method> methods, final Samples samples, final Consumer<String> progress) {
		this.samples = samples.list();
		for (final Method method : methods) {
			final List<Trial> each = new ArrayList<>();
			for (final Sample sample : samples.list()) {
				progress.accept("Edit of " + sample.name() + ": " + method.word());
				each.add(Trial.of(model, method, sample, samples.settings()));
			}
			trials.put(method, each);
		}
	}

	private static Mean mean(final List<Trial> trials, final ToDoubleFunction<Trial> figure) {
		return Mean.of(trials.stream().map(figure::applyAsDouble).toList());
	}

	List<String> lines() {
		final List<String> lines = new ArrayList<>(List.of("Edits:"));
		trials.forEach((method, each) -> {
			lines.add(String.format(Locale.ROOT, "  %-17s IoU %s  Dice %s  average precision %s", method.word(), mean(each, t -> t.mask().iou()), mean(each, t -> t.mask().dice()),
				mean(each, t -> t.mask().averagePrecision())));
			lines.add(String.format(Locale.ROOT, "  %-17s success %s  strict %s  outside %.1f dB, SSIM %.4f  %.2f s each", "", mean(each, t -> t.edit().success() ? 1 : 0),
				mean(each, t -> t.edit().strict() ? 1 : 0), mean(each, t -> t.edit().outsidePsnr()).mean(), mean(each, t -> t.edit().outsideSsim()).mean(),
				mean(each, Trial::seconds).mean()));
		});
		final List<Map.Entry<Method, List<Trial>>> all = List.copyOf(trials.entrySet());
		for (final Map.Entry<Method, List<Trial>> other : all.subList(1, all.size())) lines.addAll(pairs(all.get(0), other));
		return lines;
	}

	private static List<String> pairs(final Map.Entry<Method, List<Trial>> first, final Map.Entry<Method, List<Trial>> other) {
		return List.of(String.format(Locale.ROOT, "  %s less %s, pairs: IoU %s  success %s  strict %s", first.getKey().word(), other.getKey().word(),
			less(first.getValue(), other.getValue(), t -> t.mask().iou()), less(first.getValue(), other.getValue(), t -> t.edit().success() ? 1 : 0),
			less(first.getValue(), other.getValue(), t -> t.edit().strict() ? 1 : 0)));
	}

	private static Mean less(final List<Trial> one, final List<Trial> other, final ToDoubleFunction<Trial> figure) {
		final List<Double> differences = new ArrayList<>();
		for (int i = 0; i < one.size(); i++) differences.add(figure.applyAsDouble(one.get(i)) - figure.applyAsDouble(other.get(i)));
		return Mean.of(differences);
	}

	/** The masks of {@link Method#PARITY} whose IoU is far from what their samples expect. */
	List<String> unexpected() {
		final List<String> far = new ArrayList<>();
		final List<Trial> parity = trials.getOrDefault(Method.PARITY, List.of());
		for (int i = 0; i < parity.size(); i++) {
			final double found = parity.get(i).mask().iou(), expected = samples.get(i).expected().iou();
			if (!(Math.abs(found - expected) <= TOLERANCE)) far.add(String.format(Locale.ROOT, "%s (IoU %.3f in place of %.3f)", samples.get(i).name(), found, expected));
		}
		return far;
	}

	Map<String, Object> json() {
		final Map<String, Object> json = new LinkedHashMap<>();
		trials.forEach((method, each) -> json.put(method.word(), each));
		return json;
	}
}
