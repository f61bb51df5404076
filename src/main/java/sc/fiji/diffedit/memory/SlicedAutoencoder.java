package sc.fiji.diffedit.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.DiagonalGaussian;
import sc.fiji.diffedit.models.WrappedAutoencoder;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** VAE slicing: the images of a batch one at a time, both ways, as diffusers' {@code enable_slicing}. */
public final class SlicedAutoencoder extends WrappedAutoencoder {

	public SlicedAutoencoder(final Autoencoder inner) {
		super(inner);
	}

	@Override
	public DiagonalGaussian encode(final Tensor image) {
		if (image.size(0) == 1) return inner().encode(image);
		final boolean[] certain = new boolean[1];
		final Tensor parameters = each(image, one -> {
			final DiagonalGaussian encoded = inner().encode(one);
			certain[0] = encoded.isCertain();
			return encoded.parameters();
		});
		return certain[0] ? DiagonalGaussian.certain(parameters) : DiagonalGaussian.of(parameters);
	}

	@Override
	public Tensor decode(final Tensor latents) {
		return latents.size(0) == 1 ? inner().decode(latents) : each(latents, inner()::decode);
	}

	private static Tensor each(final Tensor batch, final UnaryOperator<Tensor> operation) {
		try (Scope scope = Scope.open()) {
			final List<Tensor> results = new ArrayList<>();
			for (long i = 0; i < batch.size(0); i++) {
				try (Tensor one = batch.slice(0, i, i + 1)) {
					results.add(operation.apply(one));
				}
			}
			return scope.keep(Tensor.cat(results, 0));
		}
	}
}
