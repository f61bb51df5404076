package sc.fiji.diffedit.models;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Tensor;

/** An autoencoder whose latents and images are checked for NaN and infinity; the message names the component that caused them. */
public final class FiniteAutoencoder extends WrappedAutoencoder {

	public FiniteAutoencoder(final Autoencoder inner) {
		super(inner);
	}

	@Override
	public DiagonalGaussian encode(final Tensor image) {
		final DiagonalGaussian encoded = inner().encode(image);
		Finite.result("vae's encoder", encoded.parameters());
		return encoded;
	}

	@Override
	public Tensor decode(final Tensor latents) {
		final Tensor decoded = inner().decode(latents);
		if (decoded.isFinite()) return decoded;
		if (latents.isFinite()) throw Finite.overflow("vae's decoder", decoded.dtype());
		throw new DiffEditException("The input of the autoencoder contains NaN or infinity, so no image can be computed; "
			+ "lower the guidance scale or take a more precise type such as float32.");
	}
}
