package sc.fiji.diffedit.models;

import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** A UNet whose predictions are checked for NaN and infinity; the message tells whether the UNet or its input caused them. */
public final class FiniteUNet extends WrappedUNet {

	public FiniteUNet(final UNet inner) {
		super(inner);
	}

	@Override
	public List<Tensor> predict(final Tensor sample, final double timestep, final List<Conditioning> conditionings, final DeepFeatures features) {
		final List<Tensor> predictions = inner().predict(sample, timestep, conditionings, features);
		for (final Tensor prediction : predictions) {
			if (!prediction.isFinite()) throw cause(sample, conditionings, prediction.dtype());
		}
		return predictions;
	}

	private DiffEditException cause(final Tensor sample, final List<Conditioning> conditionings, final DType dtype) {
		if (!sample.isFinite()) {
			return new DiffEditException("The latents passed to the unet contain NaN or infinity; lower the guidance scale, choose another scheduler, "
				+ "or take a more precise type such as float32.");
		}
		final boolean sound = conditionings.stream().allMatch(conditioning -> conditioning.encoderHiddenStates().isFinite() && conditioning.added().values().stream().allMatch(Tensor::isFinite));
		if (!sound) return new DiffEditException("The embeddings passed to the unet contain NaN or infinity; encode the prompts again, or choose another file.");
		return Finite.overflow("unet", dtype);
	}
}
