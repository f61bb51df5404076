package sc.fiji.diffedit.fiji.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.MaskSource;
import sc.fiji.diffedit.pipelines.Threshold;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.tensor.Overlap;

/** All ways to make masks, on samples: the model runs once for each sample and source, since refinement and threshold are free. */
final class MaskEvaluation {

	private final List<Sample> samples;
	private final List<MaskScore> scores = new ArrayList<>();

	/** @param progress hears which sample is next */
	MaskEvaluation(final DiffEdit model, final List<Sample> samples, final Consumer<String> progress) {
		this.samples = samples;
		for (final MaskSource source : MaskSource.values()) {
			final List<MaskResult> found = new ArrayList<>();
			for (final Sample sample : samples) {
				progress.accept("Mask of " + sample.name() + ": " + source.word());
				found.add(model.generateMask(ImageInput.of(sample.picture()), MaskRequest.between(sample.sourcePrompt(), sample.targetPrompt()).withMaskSource(source)));
			}
			for (final MaskRefinement refinement : MaskRefinement.values()) score(source, refinement, found);
		}
	}

	private void score(final MaskSource source, final MaskRefinement refinement, final List<MaskResult> found) {
		final List<MaskResult> refined = found.stream().map(one -> MaskResult.of(one.maps(), one.guides(), one.request().withMaskRefinement(refinement))).toList();
		for (final Cut cut : Cut.all()) {
			final List<List<Double>> iou = new ArrayList<>();
			for (final Threshold threshold : cut.thresholds()) {
				final List<Double> each = new ArrayList<>();
				for (int i = 0; i < samples.size(); i++) each.add(Overlap.of(refined.get(i).withThreshold(threshold).mask(), samples.get(i).truth()).iou());
				iou.add(each);
			}
			scores.add(new MaskScore(source, refinement, cut, iou));
		}
	}

	List<String> lines() {
		final List<String> lines = new ArrayList<>(List.of("Masks, each half of the samples at the number that is best for the other half:"));
		scores.forEach(score -> lines.add("  " + score.line()));
		return lines;
	}

	List<Map<String, Object>> json() {
		return scores.stream().map(MaskScore::json).toList();
	}
}
