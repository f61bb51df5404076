package sc.fiji.diffedit.results;

import java.util.List;
import java.util.function.Supplier;

import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.DiagonalGaussian;
import sc.fiji.diffedit.models.WrappedAutoencoder;
import sc.fiji.diffedit.results.ResultStore.Kind;
import sc.fiji.diffedit.tensor.Numbers;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * An autoencoder that caches the latent distributions of images and the images of latents. What is drawn from the
 * distribution of an image is drawn elsewhere, outside of the cache.
 */
public final class RememberedAutoencoder extends WrappedAutoencoder {

	private static final int CHANNELS = 3;

	private final NetworkResults results;

	public RememberedAutoencoder(final Autoencoder inner, final NetworkResults results) {
		super(inner);
		this.results = results;
	}

	@Override
	public DiagonalGaussian encode(final Tensor image) {
		final Tensor parameters = cached(Kind.ENCODED_IMAGE, image, () -> inner().encode(image).parameters());
		return parameters.size(1) == latentChannels() ? DiagonalGaussian.certain(parameters) : DiagonalGaussian.of(parameters);
	}

	/** An image that is too large to be kept makes no way through Java. */
	@Override
	public Tensor decode(final Tensor latents) {
		final long pixels = vaeScale().area(latents.size(0) * latents.size(2) * latents.size(3));
		if (!results.hasRoomFor(CHANNELS * pixels)) {
			final Tensor decoded = inner().decode(latents);
			results.check();
			return decoded;
		}
		return cached(Kind.DECODED_IMAGE, latents, () -> inner().decode(latents));
	}

	private Tensor cached(final Kind kind, final Tensor input, final Supplier<Tensor> otherwise) {
		final String key = results.call(kind).with(input).hex();
		final String label = input.size(0) + " of " + input.size(3) + " x " + input.size(2);
		return results.get(key, kind, label, input.device(), inner()::recalled, () -> {
			try (Scope scope = Scope.open()) {
				return List.of(Numbers.of(otherwise.get()));
			}
		}).get(0);
	}
}
