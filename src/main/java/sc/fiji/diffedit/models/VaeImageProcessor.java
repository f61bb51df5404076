package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Raster;
import sc.fiji.diffedit.tensor.Region;
import sc.fiji.diffedit.tensor.Resampling;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Pictures to tensors and back, for an autoencoder of a given factor (diffusers {@code image_processor.py},
 * {@code VaeImageProcessor} for PIL images). A picture that keeps its size keeps its numbers; one that is resized goes
 * through 8 bits and a Lanczos filter, as with diffusers.
 */
public final class VaeImageProcessor {

	private final VaeScale scale;

	/** @param vaeScaleFactor pixels per latent and axis: sizes are rounded down to multiples of it */
	public VaeImageProcessor(final int vaeScaleFactor) {
		this.scale = new VaeScale(vaeScaleFactor);
	}

	public static VaeImageProcessor of(final Autoencoder vae) {
		return new VaeImageProcessor(vae.scaleFactor());
	}

	// -- in --

	/**
	 * Images of one size as a batch.
	 *
	 * @param pictures of 3 channels; the first one's size, where the fit has none, holds for all
	 * @return (batch, 3, height, width) in [-1, 1], 32-bit floats, in the innermost scope
	 */
	public Tensor preprocess(final List<Picture> pictures, final ImageFit fit) {
		if (pictures.isEmpty()) throw new DiffEditException("There is no image; give at least one.");
		final ImageFit sized = sized(fit, pictures.get(0).width(), pictures.get(0).height());
		final List<Picture> fitted = new ArrayList<>();
		for (final Picture picture : pictures) fitted.add(fitted(picture, sized));
		try (Scope scope = Scope.open()) {
			final List<Tensor> tensors = new ArrayList<>();
			for (final Picture picture : fitted) {
				tensors.add(Tensor.of(picture.values(), 1, picture.channels(), picture.height(), picture.width()).multiply(2).minus(1));
			}
			return scope.keep(tensors.size() == 1 ? tensors.get(0) : Tensor.cat(tensors, 0));
		}
	}

	/** A picture at its own size, rounded down. */
	public Picture fitted(final Picture picture) {
		return fitted(picture, sized(ImageFit.OWN_SIZE, picture.width(), picture.height()));
	}

	/** The mask at the size of the images, 1 where it is at least one half, else 0: shape (1, 1, height, width). */
	public Tensor preprocessMask(final Mask mask, final ImageFit fit) {
		final ImageFit sized = sized(fit, mask.width(), mask.height());
		final boolean same = sized.crop() == null && sized.width() == mask.width() && sized.height() == mask.height();
		final Mask fitted = (same ? mask : resized(Raster.of(mask), sized).toMask()).binary();
		return Tensor.of(fitted.values(), 1, 1, fitted.height(), fitted.width());
	}

	/** The size that images get: that of the fit, or that of the image, rounded down to multiples of the factor. */
	public ImageFit sized(final ImageFit fit, final int width, final int height) {
		final int newWidth = rounded(fit.width() > 0 ? fit.width() : fit.crop() == null ? width : fit.crop().width());
		final int newHeight = rounded(fit.height() > 0 ? fit.height() : fit.crop() == null ? height : fit.crop().height());
		return new ImageFit(newWidth, newHeight, fit.mode(), fit.crop());
	}

	private int rounded(final int length) {
		if (length < scale.factor()) {
			throw new DiffEditException("The image is " + Counted.of(length, "pixel") + " along one axis; this model needs at least " + scale.factor() + ".");
		}
		return scale.roundedDown(length);
	}

	/** Everything that happens to a picture before it becomes numbers of the network. */
	private static Picture fitted(final Picture picture, final ImageFit fit) {
		if (fit.crop() == null && fit.width() == picture.width() && fit.height() == picture.height()) return picture;
		return resized(Raster.of(picture), fit).toPicture();
	}

	private static Raster resized(final Raster raster, final ImageFit fit) {
		final Raster part = fit.crop() == null ? raster : raster.cropped(fit.crop());
		switch (fit.mode()) {
			case FILL:
				return filled(part, fit.width(), fit.height());
			case CROP:
				return covered(part, fit.width(), fit.height());
			default:
				return part.resized(fit.width(), fit.height(), Resampling.LANCZOS);
		}
	}

	/** {@code _resize_and_fill}: the free stripes are the outermost two rows or columns, sharpened as Pillow does it. */
	private static Raster filled(final Raster image, final int width, final int height) {
		final double ratio = (double) width / height;
		final double own = (double) image.width() / image.height();
		final int newWidth = ratio < own ? width : Math.max(1, (int) ((long) image.width() * height / image.height()));
		final int newHeight = ratio >= own ? height : Math.max(1, (int) ((long) image.height() * width / image.width()));
		final Raster inner = image.resized(newWidth, newHeight, Resampling.LANCZOS);
		final int left = width / 2 - newWidth / 2;
		final int top = height / 2 - newHeight / 2;
		Raster result = Raster.black(width, height, image.channels()).withPasted(inner, left, top);
		if (ratio < own && top > 0) {
			result = result.withPasted(inner.resized(width, top, Resampling.BICUBIC, 0, 0, width, 0), 0, 0);
			return result.withPasted(inner.resized(width, top, Resampling.BICUBIC, 0, newHeight, width, newHeight), 0, top + newHeight);
		}
		if (ratio > own && left > 0) {
			result = result.withPasted(inner.resized(left, height, Resampling.BICUBIC, 0, 0, 0, height), 0, 0);
			return result.withPasted(inner.resized(left, height, Resampling.BICUBIC, newWidth, 0, newWidth, height), left + newWidth, 0);
		}
		return result;
	}

	/** {@code _resize_and_crop}. */
	private static Raster covered(final Raster image, final int width, final int height) {
		final double ratio = (double) width / height;
		final double own = (double) image.width() / image.height();
		final int newWidth = ratio > own ? width : Math.max(1, (int) ((long) image.width() * height / image.height()));
		final int newHeight = ratio <= own ? height : Math.max(1, (int) ((long) image.height() * width / image.width()));
		final Raster inner = image.resized(newWidth, newHeight, Resampling.LANCZOS);
		return Raster.black(width, height, image.channels()).withPasted(inner, width / 2 - newWidth / 2, height / 2 - newHeight / 2);
	}

	// -- masks --

	/** A mask with soft edges ({@code VaeImageProcessor.blur}), in 256 levels. */
	public static Mask blurred(final Mask mask, final double radius) {
		return radius == 0 ? mask : Raster.of(mask).blurred(radius).toMask();
	}

	/**
	 * The part of an image around a mask, in the shape of the image to be computed ({@code get_crop_region}).
	 *
	 * @param width of the image to be computed, with {@code height}: only their ratio counts
	 * @param pad margin around the mask in pixels
	 * @throws DiffEditException if the mask is empty
	 */
	public static Region cropRegion(final Mask mask, final int width, final int height, final int pad) {
		if (mask.isEmpty()) throw new DiffEditException("The mask is empty, so there is nothing to crop to; draw a mask or switch cropping off.");
		final int[] columns = extent(mask, true);
		final int[] rows = extent(mask, false);
		final int x1 = Math.max(columns[0] - pad, 0);
		final int x2 = Math.min(columns[1] + pad, mask.width());
		final int y1 = Math.max(rows[0] - pad, 0);
		final int y2 = Math.min(rows[1] + pad, mask.height());
		final double ratio = (double) width / height;
		if ((double) (x2 - x1) / (y2 - y1) > ratio) {
			final int[] taller = widened(y1, y2, (x2 - x1) / ratio, mask.height());
			return new Region(x1, taller[0], x2, taller[1]);
		}
		final int[] wider = widened(x1, x2, (y2 - y1) * ratio, mask.width());
		return new Region(wider[0], y1, wider[1], y2);
	}

	/** First and last-but-one index along an axis at which the mask, in 256 levels, is not zero. */
	private static int[] extent(final Mask mask, final boolean columns) {
		final Raster levels = Raster.of(mask);
		final int length = columns ? mask.width() : mask.height();
		final int[] extent = { length, 0 };
		for (int y = 0; y < mask.height(); y++) {
			for (int x = 0; x < mask.width(); x++) {
				if (levels.get(0, x, y) == 0) continue;
				final int index = columns ? x : y;
				extent[0] = Math.min(extent[0], index);
				extent[1] = Math.max(extent[1], index + 1);
			}
		}
		if (extent[1] == 0) throw new DiffEditException("The mask is nearly empty: no value reaches 1/255; draw a mask or switch cropping off.");
		return extent;
	}

	/** An interval made longer on both sides, moved and cut so that it stays within the image. */
	private static int[] widened(final int from, final int to, final double desired, final int limit) {
		final int more = (int) (desired - (to - from));
		int first = from - Math.floorDiv(more, 2);
		int last = to + more - Math.floorDiv(more, 2);
		if (last >= limit) {
			first -= last - limit;
			last = limit;
		}
		if (first < 0) {
			last -= first;
			first = 0;
		}
		return new int[] { first, Math.min(last, limit) };
	}

	// -- out --

	/**
	 * Pictures of a decoder's output.
	 *
	 * @param images (batch, 3, height, width) around [-1, 1]; what lies outside is clamped
	 * @return pictures with values in [0, 1]
	 */
	public static List<Picture> postprocess(final Tensor images) {
		final List<Picture> pictures = new ArrayList<>();
		try (Scope scope = Scope.open()) {
			final Tensor clamped = images.to(DType.FLOAT32).multiply(0.5).plus(0.5).clamp(0, 1);
			for (long i = 0; i < clamped.size(0); i++) {
				pictures.add(new Picture((int) clamped.size(3), (int) clamped.size(2), (int) clamped.size(1), clamped.get(i).toFloatArray()));
			}
		}
		return pictures;
	}

	/**
	 * The computed image inside the mask, the original outside ({@code apply_overlay}), in 256 levels.
	 *
	 * @param mask at the size of the original; soft edges blend
	 * @param image the computed one; at the size of the original when {@code crop} is null, else any size
	 * @param crop the part of the original that was computed, or null for all of it
	 */
	public static Picture applyOverlay(final Mask mask, final Picture original, final Picture image, final Region crop) {
		final Raster below = crop == null ? Raster.of(image) : inPlace(Raster.of(image), original, crop);
		return Raster.of(original).over(below, Raster.of(mask.inverted())).toPicture();
	}

	private static Raster inPlace(final Raster image, final Picture original, final Region crop) {
		return Raster.black(original.width(), original.height(), image.channels())
			.withPasted(covered(image, crop.width(), crop.height()), crop.x1(), crop.y1());
	}
}
