package sc.fiji.diffedit.nn;

import sc.fiji.diffedit.tensor.Tensor;

/** Halves an image by a convolution with stride 2. */
public final class Downsample2D extends Block {

	public Downsample2D(final Parts parts, final long channels) {
		super(parts, new Leaves().conv("conv", channels, channels, 3, 2, 1));
	}

	/** @param x shape (batch, channels, height, width); an odd length is rounded up after halving */
	public Tensor forward(final Tensor x) {
		return call("unet_downsample", x);
	}
}
