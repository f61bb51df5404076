package sc.fiji.diffedit.memory;

import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.DiagonalGaussian;
import sc.fiji.diffedit.models.WrappedAutoencoder;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** An autoencoder on another device than the latents: inputs are moved there, and results are moved back. */
public final class PlacedAutoencoder extends WrappedAutoencoder {

	private final Device device;

	public PlacedAutoencoder(final Autoencoder inner, final Device device) {
		super(inner);
		this.device = device;
	}

	@Override
	public DiagonalGaussian encode(final Tensor image) {
		try (Scope scope = Scope.open()) {
			final DiagonalGaussian encoded = inner().encode(image.to(device));
			final Tensor parameters = scope.keep(encoded.parameters().to(image.device()));
			return encoded.isCertain() ? DiagonalGaussian.certain(parameters) : DiagonalGaussian.of(parameters);
		}
	}

	@Override
	public Tensor decode(final Tensor latents) {
		try (Scope scope = Scope.open()) {
			return scope.keep(inner().decode(latents.to(device)).to(latents.device()));
		}
	}
}
