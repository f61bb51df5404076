package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Predictions for regions of one image with prompts of their own, composed place by place: each prompt's prediction counts within its
 * region, and where regions overlap their mean, weighted by the masks. That is MultiDiffusion for regions (Bar-Tal, Yariv, Lipman, Dekel:
 * "MultiDiffusion: Fusing Diffusion Paths for Controlled Image Generation", 2023, section 4.2), whose mean of the latents after a step is the step of the
 * mean prediction, for schedulers that are linear in it as DDIM is. Rows of all regions go through the network together.
 */
final class RegionGuidance implements NoisePredictor {

	private final NoisePredictor each;
	private final int regions;
	/** Shape (regions, 1, 1, h, w); their sum over the regions is 1. */
	private final Tensor weights;

	/**
	 * @param each predicts rows for every region and copy, copies of a region one after another
	 * @param masks of the regions, at the resolution of the latents
	 * @param placed brings a tensor to the latents' type and place
	 */
	RegionGuidance(final NoisePredictor each, final List<Mask> masks, final UnaryOperator<Tensor> placed) {
		this.each = each;
		regions = masks.size();
		weights = placed.apply(weights(masks));
	}

	/** Where no region is nothing is kept of a prediction; there the first one counts. */
	private static Tensor weights(final List<Mask> masks) {
		final int size = masks.get(0).values().length;
		final float[] sums = new float[size];
		for (final Mask mask : masks) for (int i = 0; i < size; i++) sums[i] += mask.values()[i];
		final List<Tensor> planes = new ArrayList<>();
		for (int region = 0; region < masks.size(); region++) {
			final float[] values = Arrays.copyOf(masks.get(region).values(), size);
			for (int i = 0; i < size; i++) values[i] = sums[i] > 0 ? values[i] / sums[i] : region == 0 ? 1 : 0;
			planes.add(Tensor.of(values, 1, 1, 1, masks.get(region).height(), masks.get(region).width()));
		}
		return Tensor.cat(planes, 0);
	}

	@Override
	public Tensor predict(final Tensor latents, final double timestep, final StepOfRun step) {
		try (Scope scope = Scope.open()) {
			final Tensor rows = each.predict(latents.repeat(regions), timestep, step);
			final long[] shape = latents.shape();
			return scope.keep(rows.reshape(regions, shape[0], shape[1], shape[2], shape[3]).multiply(weights).sum(false, 0));
		}
	}
}
