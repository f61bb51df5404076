package sc.fiji.diffedit.fiji.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;

import sc.fiji.diffedit.demo.Figures;
import sc.fiji.diffedit.demo.MaskFigures;
import sc.fiji.diffedit.demo.Sample;

/**
 * One way to edit on one sample.
 *
 * @param mask figures of the mask that was found, before it was grown; of the true mask those of a heat map that is not there are NaN
 * @param edit figures of the edit
 * @param lossRatio what the model makes of the edit, as {@link sc.fiji.diffedit.pipelines.EditCheck} has it; NaN if it was not asked
 * @param cost of mask, inversion and edit
 * @param nativeBytes of weights and activations outside of Java, as the plugin counts them before a run
 */
record Trial(Sample sample, MaskFigures mask, Figures edit, double lossRatio, Cost cost, double nativeBytes) {

	Map<String, Object> json() {
		final Map<String, Object> json = new LinkedHashMap<>();
		json.put("sample", sample.name());
		for (final Figure figure : Figure.values()) json.put(figure.key(), Double.isNaN(figure.of(this)) ? null : figure.of(this));
		return json;
	}

	/** Least of the worst edit: one that fails before one that succeeds, and of these the one with the worse mask. */
	double[] rank() {
		return new double[] { Figure.SUCCESS.of(this), Figure.STRICT.of(this), Figure.IOU.of(this), Figure.PSNR.of(this) };
	}
}
