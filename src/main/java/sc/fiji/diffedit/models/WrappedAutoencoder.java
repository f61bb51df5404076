package sc.fiji.diffedit.models;

import java.util.List;

import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** An autoencoder that answers what another one does, in another way. Closing it closes the other one. */
public abstract class WrappedAutoencoder implements Autoencoder {

	private final Autoencoder inner;

	protected WrappedAutoencoder(final Autoencoder inner) {
		this.inner = inner;
	}

	/** The one that computes. */
	public final Autoencoder inner() {
		return inner;
	}

	@Override
	public final Tensor scale(final Tensor latents) {
		return inner.scale(latents);
	}

	@Override
	public final Tensor unscale(final Tensor latents) {
		return inner.unscale(latents);
	}

	@Override
	public final int scaleFactor() {
		return inner.scaleFactor();
	}

	@Override
	public final int latentChannels() {
		return inner.latentChannels();
	}

	@Override
	public final int sampleSize() {
		return inner.sampleSize();
	}

	@Override
	public final boolean forceUpcast() {
		return inner.forceUpcast();
	}

	@Override
	public void recalled() {
		inner.recalled();
	}

	@Override
	public List<Block> blocks() {
		return inner.blocks();
	}

	@Override
	public final long parameterCount() {
		return inner.parameterCount();
	}

	@Override
	public final DType dtype() {
		return inner.dtype();
	}

	@Override
	public void close() {
		inner.close();
	}
}
