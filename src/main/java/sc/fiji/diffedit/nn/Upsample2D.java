package sc.fiji.diffedit.nn;

import sc.fiji.diffedit.tensor.Tensor;

/** Enlarges an image by repeating pixels, followed by a convolution. */
public final class Upsample2D extends Block {

	public Upsample2D(final Parts parts, final long channels) {
		super(parts, new Leaves().conv("conv", channels, channels, 3, 1, 2));
	}

	/**
	 * @param x shape (batch, channels, rows, columns)
	 * @param height wanted, about twice as many as there are rows
	 * @param width wanted
	 */
	public Tensor forward(final Tensor x, final long height, final long width) {
		return call("unet_upsample", x, height, width);
	}
}
