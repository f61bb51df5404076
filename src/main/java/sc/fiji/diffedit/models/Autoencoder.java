package sc.fiji.diffedit.models;

import sc.fiji.diffedit.tensor.FastPath;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The way between images and latents: {@link AutoencoderKL}, its small stand-in {@link AutoencoderTiny}, and what wraps
 * one of them to need less memory. Images are (batch, 3, height, width) in [-1, 1]; latents are (batch, channels,
 * height / factor, width / factor). Inputs are cast to {@link #dtype()}; results have it, or a
 * more precise type where this one does not suffice.
 */
public interface Autoencoder extends Network {

	/** The two ways to compute one. */
	final class Programs {

		private static final Kernels PLAIN = Kernels.load("layers", "attention", "plain_products", "plain_conv", "vae");
		private static final Kernels FAST = Kernels.load("layers", "attention", "onednn_products", "winograd", "doubled", "fast_conv", "vae").or(PLAIN);

		private Programs() {}
	}

	/** The program that the blocks of autoencoders call. */
	static Kernels kernels() {
		return FastPath.FAST_CONVOLUTIONS.isOn() ? Programs.FAST : Programs.PLAIN;
	}

	/**
	 * The latent distribution of an image, unscaled.
	 *
	 * @param image (batch, 3, height, width) in [-1, 1]; a rest of fewer pixels than the factor is dropped
	 * @return parameters of shape (batch, 2 x channels, height / factor, width / factor), in the innermost scope
	 */
	DiagonalGaussian encode(Tensor image);

	/**
	 * The image of unscaled latents.
	 *
	 * @param latents (batch, channels, height, width)
	 * @return (batch, 3, factor x height, factor x width), around [-1, 1] and not clamped, in the innermost scope
	 */
	Tensor decode(Tensor latents);

	/** From the encoder's latents to those the UNet was trained on. */
	Tensor scale(Tensor latents);

	/** From the UNet's latents to the decoder's input: the inverse of {@link #scale}. */
	Tensor unscale(Tensor latents);

	/** Pixels per latent and axis: 8 for every public Stable Diffusion model, 4 for small ones. */
	int scaleFactor();

	/** The same, for sizes. */
	default VaeScale vaeScale() {
		return new VaeScale(scaleFactor());
	}

	int latentChannels();

	/** Called in place of a call whose result is kept: a notice that the call would give is given here. */
	default void recalled() {}

	/** Edge of the images it was made for, in pixels: the default size of a tile. */
	int sampleSize();

	/** Whether half precision overflows according to the config (SDXL). */
	boolean forceUpcast();
}
