package sc.fiji.diffedit.fiji.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import sc.fiji.diffedit.demo.ContactSheet;
import sc.fiji.diffedit.demo.ContactSheet.Column;
import sc.fiji.diffedit.demo.Sample;

/** Whole edits in several ways, on samples; each way is compared with the first one, sample by sample. */
final class EditEvaluation {

	/** How far the IoU of a mask may be from what its sample expects: a few pixels lie within rounding of the threshold. */
	private static final double TOLERANCE = 0.02;

	private final Map<Setup, List<Trial>> trials = new LinkedHashMap<>();
	private final WorstSheet worst;

	/** @param progress hears which sample is next */
	EditEvaluation(final Workbench bench, final List<Setup> setups, final List<Sample> samples, final Consumer<String> progress) {
		final boolean isJudged = samples.stream().anyMatch(sample -> sample.target().isPresent());
		worst = new WorstSheet(isJudged ? List.of(Column.values()) : List.of(Column.INPUT, Column.HEAT, Column.MASK, Column.EDIT), ContactSheet::caption);
		setups.forEach(setup -> trials.put(setup, new ArrayList<>()));
		for (final Sample sample : samples) {
			final Trials ofSample = new Trials(bench, sample, samples.stream().filter(sample::isOfPictureOf).toList());
			for (final Setup setup : setups) {
				progress.accept("Edit of " + sample.name() + ": " + setup.word());
				final Trials.Done done = ofSample.of(setup);
				trials.get(setup).add(done.trial());
				if (setup == setups.get(0)) worst.add(done.result(), done.trial().rank());
			}
		}
	}

	/** The pictures on which the first way did worst. */
	WorstSheet worst() {
		return worst;
	}

	List<String> lines() {
		final List<String> lines = new ArrayList<>(List.of("Edits:"));
		lines.addAll(means().lines());
		lines.addAll(checks());
		if (trials.size() < 2) return lines;
		lines.add("Less those of " + first().word() + ", in pairs:");
		lines.addAll(pairs().lines());
		if (first(trials).size() > 1) lines.add(chosen());
		return lines;
	}

	/** How far the loss ratios can be trusted, where they were taken. */
	private List<String> checks() {
		final List<String> lines = new ArrayList<>();
		trials.forEach((setup, each) -> {
			for (final Figure success : List.of(Figure.SUCCESS, Figure.STRICT)) {
				final CheckScore score = CheckScore.of(each, success);
				if (score.isKnown()) lines.add("Loss ratio of " + setup.word() + ", " + score.text(success.heading()));
			}
		});
		return lines;
	}

	/** Each way with its figures. */
	TextTable means() {
		final TextTable table = new TextTable(headings("", List.of(Figure.values())));
		trials.forEach((setup, each) -> table.add(row(setup, List.of(Figure.values()), figure -> figure.text(figure.mean(each)))));
		return table;
	}

	/** Each way on each sample. */
	TextTable each() {
		final List<String> headings = new ArrayList<>(List.of("way", "sample"));
		for (final Figure figure : Figure.values()) headings.add(figure.key());
		final TextTable table = new TextTable(headings);
		trials.forEach((setup, each) -> each.forEach(trial -> {
			final List<String> row = new ArrayList<>(List.of(setup.word(), trial.sample().name()));
			for (final Figure figure : Figure.values()) row.add(Double.isNaN(figure.of(trial)) ? "" : String.format(Locale.ROOT, "%.6g", figure.of(trial)));
			table.add(row);
		}));
		return table;
	}

	private TextTable pairs() {
		final TextTable table = new TextTable(headings("", Figure.PAIRED));
		trials.forEach((setup, each) -> {
			if (setup != first()) table.add(row(setup, Figure.PAIRED, figure -> figure.text(less(figure, each, first(trials)))));
		});
		return table;
	}

	private static List<String> headings(final String first, final List<Figure> figures) {
		final List<String> headings = new ArrayList<>(List.of(first));
		figures.forEach(figure -> headings.add(figure.heading()));
		return headings;
	}

	/** What a cell says about a figure. */
	private interface Cell {

		String of(Figure figure);
	}

	private static List<String> row(final Setup setup, final List<Figure> figures, final Cell cell) {
		final List<String> row = new ArrayList<>(List.of(setup.word()));
		figures.forEach(figure -> row.add(cell.of(figure)));
		return row;
	}

	private static Mean less(final Figure figure, final List<Trial> trials, final List<Trial> than) {
		return Mean.of(IntStream.range(0, trials.size()).mapToObj(i -> figure.of(trials.get(i)) - figure.of(than.get(i))).filter(number -> !Double.isNaN(number)).toList());
	}

	private Setup first() {
		return trials.keySet().iterator().next();
	}

	private static List<Trial> first(final Map<Setup, List<Trial>> trials) {
		return trials.values().iterator().next();
	}

	// -- chosen on one half, reported on the other --

	private String chosen() {
		final Setup even = best(0), odd = best(1);
		final List<Trial> others = new ArrayList<>();
		for (int i = 0; i < first(trials).size(); i++) others.add(trials.get(i % 2 == 0 ? odd : even).get(i));
		final List<String> figures = Figure.CHOICE.stream().map(figure -> figure.heading() + " " + figure.text(figure.mean(others))).toList();
		return "Each half of the samples in the way that is best for the other half (" + (even == odd ? even.word() : odd.word() + "; " + even.word()) + "): " + String.join(", ", figures);
	}

	/** The best way for every second sample. */
	private Setup best(final int half) {
		return trials.keySet().stream().reduce((best, other) -> isBetter(other, best, half) ? other : best).orElseThrow();
	}

	private boolean isBetter(final Setup one, final Setup other, final int half) {
		for (final Figure figure : Figure.CHOICE) {
			final int order = Double.compare(mean(figure, one, half), mean(figure, other, half));
			if (order != 0) return order > 0;
		}
		return false;
	}

	private double mean(final Figure figure, final Setup setup, final int half) {
		final List<Trial> all = trials.get(setup);
		return figure.mean(IntStream.range(0, all.size()).filter(i -> i % 2 == half).mapToObj(all::get).toList()).mean();
	}

	/** The masks of {@link Method#PARITY} whose IoU is far from what their samples expect. */
	List<String> unexpected() {
		final List<String> far = new ArrayList<>();
		trials.forEach((setup, each) -> {
			if (setup.method() != Method.PARITY) return;
			for (final Trial trial : each) {
				final double found = trial.mask().iou(), expected = trial.sample().expected().iou();
				if (!(Math.abs(found - expected) <= TOLERANCE)) far.add(String.format(Locale.ROOT, "%s (IoU %.3f in place of %.3f)", trial.sample().name(), found, expected));
			}
		});
		return far;
	}

	/** What a picture of the results shows: success, strict success and IoU of each way, as far as they are known. */
	DotPlot plot() {
		final DotPlot plot = new DotPlot("mean over samples, with standard error", trials.keySet().stream().map(Setup::word).toList());
		for (final Figure figure : Figure.CHOICE) if (figure.mean(first(trials)).count() > 0) plot.add(figure.heading(), trials.values().stream().map(figure::mean).toList());
		return plot;
	}

	Map<String, Object> json() {
		final Map<String, Object> json = new LinkedHashMap<>();
		trials.forEach((setup, each) -> json.put(setup.word(), each.stream().map(Trial::json).toList()));
		return json;
	}
}
