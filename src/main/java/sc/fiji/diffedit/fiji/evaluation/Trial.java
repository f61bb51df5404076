package sc.fiji.diffedit.fiji.evaluation;

import sc.fiji.diffedit.demo.Figures;
import sc.fiji.diffedit.demo.MaskFigures;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.SampleResult;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.service.DiffEdit;

/**
 * One way to edit on one sample.
 *
 * @param mask figures of the mask that was found, before it was grown
 * @param edit figures of the edit
 * @param seconds that all took
 */
record Trial(String sample, MaskFigures mask, Figures edit, double seconds) {

	static Trial of(final DiffEdit model, final Method method, final Sample sample, final Samples.Settings settings) {
		final long start = System.nanoTime();
		final SampleResult done = method.on(model, sample, settings);
		final double seconds = (System.nanoTime() - start) / 1e9;
		return new Trial(sample.name(), MaskFigures.of(done.mask(), done.map(), sample.truth()), done.figures(), seconds);
	}
}
