package sc.fiji.diffedit.fiji.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.demo.Figures;
import sc.fiji.diffedit.demo.MaskFigures;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.SampleRequests;
import sc.fiji.diffedit.demo.SampleResult;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/** Edits of one sample. A mask that several ways to edit ask for is made once, and counts in the time of each. */
final class Trials {

	private final Workbench bench;
	private final Sample sample;
	private final ImageInput image;
	private final Map<MaskRequest, Cost.Of<MaskResult>> masks = new HashMap<>();

	Trials(final Workbench bench, final Sample sample) {
		this.bench = bench;
		this.sample = sample;
		this.image = ImageInput.of(sample.picture());
	}

	/** An edit, and its figures. */
	record Done(Trial trial, SampleResult result) {}

	Done of(final Setup setup) {
		final SampleRequests ask = setup.requests(sample);
		if (setup.method().hasTruth()) {
			final MaskFigures known = new MaskFigures(1, 1, Double.NaN);
			return done(ask, sample.truth(), sample.truth(), known, truth(), Cost.NONE);
		}
		final Cost.Of<MaskResult> found = masks.computeIfAbsent(ask.mask(), request -> Cost.of(() -> bench.model().generateMask(image, request)));
		final MaskResult mask = found.result();
		return done(ask, mask.mask(), setup.method().forEdit(mask), MaskFigures.of(mask.mask(), mask.refinedMap(), sample.truth()), mask.refinedMap(), found.cost());
	}

	/** Where there is no heat map the true mask stands for it in pictures. */
	private DifferenceMap truth() {
		return new DifferenceMap(sample.truth().width(), sample.truth().height(), sample.truth().values());
	}

	private Done done(final SampleRequests ask, final Mask found, final Mask forEdit, final MaskFigures figures, final DifferenceMap map, final Cost before) {
		final Cost.Of<Picture> edited = Cost.of(() -> bench.model().edit(ask.edit(), List.of(forEdit), bench.model().invert(image, ask.invert())).image());
		final Figures edit = Figures.of(sample, found, edited.result());
		return new Done(new Trial(sample, figures, edit, before.and(edited.cost()), bench.nativeBytes(sample.picture(), ask)), new SampleResult(sample, map, found, edited.result(), edit));
	}
}
