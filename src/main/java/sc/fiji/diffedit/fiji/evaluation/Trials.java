package sc.fiji.diffedit.fiji.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.demo.Figures;
import sc.fiji.diffedit.demo.MaskFigures;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.SampleRequests;
import sc.fiji.diffedit.demo.SampleResult;
import sc.fiji.diffedit.pipelines.CheckRequest;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.EditRegion;
import sc.fiji.diffedit.pipelines.EditResult;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/** Edits of one sample. A mask that several ways to edit ask for is made once, and counts in the time of each. */
final class Trials {

	private final Workbench bench;
	private final Sample sample;
	private final List<Sample> ofPicture;
	private final ImageInput image;
	private final Map<MaskRequest, Cost.Of<MaskResult>> masks = new HashMap<>();

	/** @param ofPicture all edits of the sample's picture, this one among them */
	Trials(final Workbench bench, final Sample sample, final List<Sample> ofPicture) {
		this.bench = bench;
		this.sample = sample;
		this.ofPicture = ofPicture;
		this.image = ImageInput.of(sample.picture());
	}

	/** An edit, and its figures. */
	record Done(Trial trial, SampleResult result) {}

	Done of(final Setup setup) {
		final SampleRequests ask = setup.requests(sample);
		if (setup.method().hasTruth()) {
			final MaskFigures known = new MaskFigures(1, 1, Double.NaN);
			return done(ask, sample.truth(), List.of(EditRegion.of(sample.truth(), sample.targetPrompt())), known, truth(), Cost.NONE);
		}
		final List<EditRegion> regions = new ArrayList<>();
		Cost cost = Cost.NONE;
		for (final Sample other : setup.method().isTogether() ? ofPicture : List.of(sample)) {
			final Cost.Of<MaskResult> found = found(setup.requests(other).mask());
			regions.add(EditRegion.of(setup.method().forEdit(found.result(), ask.edit().maskUse()), other.targetPrompt()));
			cost = cost.and(found.cost());
		}
		final MaskResult own = found(ask.mask()).result();
		return done(ask, own.mask(), regions, MaskFigures.of(own.mask(), own.refinedMap(), sample.truth()), own.refinedMap(), cost);
	}

	private Cost.Of<MaskResult> found(final MaskRequest request) {
		return masks.computeIfAbsent(request, asked -> Cost.of(() -> bench.model().generateMask(image, asked)));
	}

	/** Of the sample's own region; it takes no part in the time. */
	private double lossRatio(final List<EditRegion> regions, final EditResult edited) {
		if (!bench.checks()) return Double.NaN;
		final Mask mask = regions.get(regions.size() == 1 ? 0 : ofPicture.indexOf(sample)).mask();
		return bench.model().check(CheckRequest.between(sample.sourcePrompt(), sample.targetPrompt()), List.of(mask), edited.latents(), StepListener.NONE).ratio();
	}

	/** Where there is no heat map the true mask stands for it in pictures. */
	private DifferenceMap truth() {
		return new DifferenceMap(sample.truth().width(), sample.truth().height(), sample.truth().values());
	}

	private Done done(final SampleRequests ask, final Mask found, final List<EditRegion> regions, final MaskFigures figures, final DifferenceMap map, final Cost before) {
		final Cost.Of<EditResult> edited = Cost.of(() -> bench.model().editRegions(ask.edit(), regions, bench.model().invert(image, ask.invert()), StepListener.NONE));
		final Picture picture = edited.result().image();
		final Figures edit = Figures.of(sample, found, picture, Mask.together(ofPicture.stream().map(Sample::truth).toList()));
		return new Done(new Trial(sample, figures, edit, lossRatio(regions, edited.result()), before.and(edited.cost()), bench.nativeBytes(sample.picture(), ask, regions.size())), new SampleResult(sample, map, found, picture, edit));
	}
}
