package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/** Brings pictures and masks to sizes that are whole numbers of latents, and back. */
final class Sizes {

	private Sizes() {}

	/** The picture with its right and lower edge mirrored up to the next whole latent. */
	static Picture mirrored(final Picture picture, final VaeScale scale) {
		final int width = scale.roundedUp(picture.width());
		final int height = scale.roundedUp(picture.height());
		if (width == picture.width() && height == picture.height()) return picture;
		final float[] values = new float[picture.channels() * width * height];
		int i = 0;
		for (int c = 0; c < picture.channels(); c++) {
			for (int y = 0; y < height; y++) {
				for (int x = 0; x < width; x++) values[i++] = picture.get(c, mirror(x, picture.width()), mirror(y, picture.height()));
			}
		}
		return new Picture(width, height, picture.channels(), values);
	}

	private static int mirror(final int position, final int length) {
		final int period = 2 * length;
		final int within = position % period;
		return within < length ? within : period - 1 - within;
	}

	/** The upper left part of a picture. */
	static Picture cropped(final Picture picture, final int width, final int height) {
		if (width == picture.width() && height == picture.height()) return picture;
		final float[] values = new float[picture.channels() * width * height];
		int i = 0;
		for (int c = 0; c < picture.channels(); c++) {
			for (int y = 0; y < height; y++) {
				for (int x = 0; x < width; x++) values[i++] = picture.get(c, x, y);
			}
		}
		return new Picture(width, height, picture.channels(), values);
	}

	/** A pixel mask at the resolution of latents: each latent pixel takes the largest value among its pixels. */
	static Mask toLatents(final Mask mask, final VaeScale scale) {
		final int width = scale.toLatentsCovering(mask.width());
		final int height = scale.toLatentsCovering(mask.height());
		final float[] values = new float[width * height];
		for (int y = 0; y < mask.height(); y++) {
			for (int x = 0; x < mask.width(); x++) {
				final int i = scale.toLatents(y) * width + scale.toLatents(x);
				values[i] = Math.max(values[i], mask.values()[y * mask.width() + x]);
			}
		}
		return new Mask(width, height, values);
	}

	/** A latent mask at the resolution of pixels, cut to the size of a picture. */
	static Mask toPixels(final Mask mask, final VaeScale scale, final int width, final int height) {
		final float[] values = new float[width * height];
		for (int y = 0; y < height; y++) {
			for (int x = 0; x < width; x++) values[y * width + x] = mask.values()[scale.toLatents(y) * mask.width() + scale.toLatents(x)];
		}
		return new Mask(width, height, values);
	}

	/** The edited picture where the mask is 1, the original where it is 0, both in between. */
	static Picture pasted(final Picture edited, final Picture original, final Mask mask) {
		final int plane = original.width() * original.height();
		final float[] values = original.values().clone();
		for (int i = 0; i < values.length; i++) {
			final float inside = mask.values()[i % plane];
			if (inside > 0) values[i] = edited.values()[i] * inside + original.values()[i] * (1 - inside);
		}
		return new Picture(original.width(), original.height(), original.channels(), values);
	}
}
