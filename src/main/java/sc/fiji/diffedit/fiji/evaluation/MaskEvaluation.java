package sc.fiji.diffedit.fiji.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

import sc.fiji.diffedit.demo.ContactSheet.Column;
import sc.fiji.diffedit.demo.Figures;
import sc.fiji.diffedit.demo.MaskFigures;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.SampleResult;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.MaskSource;
import sc.fiji.diffedit.pipelines.Threshold;
import sc.fiji.diffedit.tensor.Overlap;

/** All ways to make masks, on samples: the model runs once for each sample and source, since refinement and threshold are free. */
final class MaskEvaluation {

	/** Thresholds that a picture of the results shows. */
	private static final List<String> SHOWN = List.of(Threshold.TOP, "Otsu", Threshold.RATIO, Threshold.QUANTILE);

	private final List<Sample> samples;
	private final List<MaskScore> scores = new ArrayList<>();
	private final WorstSheet worst = new WorstSheet(List.of(Column.INPUT, Column.HEAT, Column.MASK, Column.TARGET), MaskEvaluation::caption);

	/** @param progress hears which sample is next */
	MaskEvaluation(final Workbench bench, final List<Sample> samples, final Consumer<String> progress) {
		this.samples = samples;
		for (final MaskSource source : MaskSource.values()) {
			final List<Cost.Of<MaskResult>> found = new ArrayList<>();
			for (final Sample sample : samples) {
				progress.accept("Mask of " + sample.name() + ": " + source.word());
				final MaskRequest request = MaskRequest.between(sample.sourcePrompt(), sample.targetPrompt()).withMaskSource(source);
				found.add(Cost.of(() -> bench.model().generateMask(ImageInput.of(sample.picture()), request)));
				if (source == MaskRequest.DEFAULTS.maskSource()) addToWorst(sample, found.get(found.size() - 1).result());
			}
			for (final MaskRefinement refinement : MaskRefinement.values()) score(source, refinement, found);
		}
	}

	private void addToWorst(final Sample sample, final MaskResult found) {
		final Figures figures = Figures.of(sample, found.mask(), sample.picture());
		worst.add(new SampleResult(sample, found.refinedMap(), found.mask(), sample.picture(), figures), figures.iou());
	}

	private static String caption(final SampleResult result) {
		return String.format(Locale.ROOT, "%s     mask IoU %.2f, %.1f %% of the picture; the true one %.1f %%", result.sample().name(), result.figures().iou(), 100 * result.mask().area(),
			100 * result.sample().truth().area());
	}

	private void score(final MaskSource source, final MaskRefinement refinement, final List<Cost.Of<MaskResult>> found) {
		final List<MaskResult> refined = found.stream().map(Cost.Of::result).map(one -> MaskResult.of(one.maps(), one.guides(), one.request().withMaskRefinement(refinement))).toList();
		final List<Double> precision = new ArrayList<>();
		for (int i = 0; i < samples.size(); i++) precision.add(MaskFigures.of(refined.get(i).mask(), refined.get(i).refinedMap(), samples.get(i).truth()).averagePrecision());
		final MaskScore.HeatScore heat = new MaskScore.HeatScore(precision, found.stream().map(Cost.Of::cost).toList());
		for (final Cut cut : Cut.all()) scores.add(new MaskScore(source, refinement, heat, cut, cut.thresholds().stream().map(threshold -> overlaps(refined, threshold)).toList()));
	}

	private List<Overlap> overlaps(final List<MaskResult> refined, final Threshold threshold) {
		final List<Overlap> each = new ArrayList<>();
		for (int i = 0; i < samples.size(); i++) each.add(Overlap.of(refined.get(i).withThreshold(threshold).mask(), samples.get(i).truth()));
		return each;
	}

	/** The pictures on which the default mask did worst. */
	WorstSheet worst() {
		return worst;
	}

	List<String> lines() {
		final List<String> lines = new ArrayList<>(List.of("Masks, each half of the samples at the number that is best for the other half:"));
		lines.addAll(means().lines());
		return lines;
	}

	/** Each way with its figures. */
	TextTable means() {
		final MaskScore usual = of(MaskRequest.DEFAULTS.maskSource(), MaskRequest.DEFAULTS.maskRefinement(), Threshold.TOP);
		final TextTable table = new TextTable(MaskScore.HEADINGS);
		scores.forEach(score -> table.add(score.row(usual)));
		return table;
	}

	private MaskScore of(final MaskSource source, final MaskRefinement refinement, final String threshold) {
		return scores.stream().filter(score -> score.source() == source && score.refinement() == refinement && score.cut().name().equals(threshold)).findFirst().orElseThrow();
	}

	/** What a picture of the results shows: a row for each heat map and refinement. */
	DotPlot plot() {
		final List<String> rows = new ArrayList<>();
		for (final MaskSource source : MaskSource.values()) for (final MaskRefinement refinement : MaskRefinement.values()) rows.add(source.word() + ", " + refinement.word().toLowerCase(Locale.ROOT));
		final DotPlot plot = new DotPlot("IoU: mean over samples, with standard error", rows);
		for (final String threshold : SHOWN) {
			plot.add(threshold, Arrays.stream(MaskSource.values()).flatMap(source -> Arrays.stream(MaskRefinement.values()).map(refinement -> of(source, refinement, threshold).meanIou())).toList());
		}
		return plot;
	}

	List<Map<String, Object>> json() {
		return scores.stream().map(MaskScore::json).toList();
	}
}
