package sc.fiji.diffedit.nn;

import sc.fiji.diffedit.tensor.Tensor;

/** Two convolutions with a residual connection, and the time embedding added between them; diffusers' {@code ResnetBlock2D} with its default time shift. */
public final class ResnetBlock2D extends Block {

	private final int groups;
	private final double eps;

	/**
	 * @param timeChannels length of the time embedding
	 * @param groups of both group norms
	 */
	public ResnetBlock2D(final Parts parts, final long in, final long out, final long timeChannels, final int groups, final double eps) {
		super(parts, leaves(in, out, timeChannels));
		this.groups = groups;
		this.eps = eps;
	}

	private static Leaves leaves(final long in, final long out, final long timeChannels) {
		final Leaves leaves = new Leaves().groupNorm("norm1", in).conv("conv1", in, out, 3)
			.linear("time_emb_proj", timeChannels, out).groupNorm("norm2", out).conv("conv2", out, out, 3);
		return in == out ? leaves : leaves.conv("conv_shortcut", in, out, 1);
	}

	/**
	 * @param x shape (batch, in, height, width)
	 * @param time shape (batch, timeChannels)
	 * @return shape (batch, out, height, width)
	 */
	public Tensor forward(final Tensor x, final Tensor time) {
		return call("unet_resnet", x, time, groups, eps);
	}
}
