package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.ImageFit;
import sc.fiji.diffedit.models.VaeImageProcessor;
import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Raster;
import sc.fiji.diffedit.tensor.Region;
import sc.fiji.diffedit.tensor.Resampling;
import sc.fiji.diffedit.tensor.Tensor;

/** One image and its mask on the way into inpainting, and the result on the way out. */
final class InpaintSource {

	private final DiffusionModel model;
	private final InpaintRequest request;
	private final ImageInput input;
	private final Picture original;
	private final Mask mask;
	private final ImageFit fit;

	private InpaintSource(final DiffusionModel model, final InpaintRequest request, final ImageInput input, final Picture original, final Mask mask) {
		this.model = model;
		this.request = request;
		this.input = input;
		this.original = original;
		this.mask = VaeImageProcessor.blurred(mask, request.maskBlur());
		this.fit = original == null ? ImageFit.OWN_SIZE : fit();
	}

	/** One per picture, or one for all latents. In parity mode a mask of any size is stretched over the image. */
	static List<InpaintSource> of(final DiffusionModel model, final ImageInput input, final List<Mask> masks, final InpaintRequest request) {
		final List<InpaintSource> sources = new ArrayList<>();
		if (input instanceof ImageInput.Encoded encoded) {
			final Latents latents = encoded.latents();
			final Mask mask = masks.get(0);
			if (masks.size() > 1) throw new DiffEditException("Latents take one mask for all; there are " + masks.size() + ".");
			final VaeScale scale = model.vae().vaeScale();
			final int width = scale.toPixels(latents.width()), height = scale.toPixels(latents.height());
			final Mask fitting = mask.width() == width && mask.height() == height ? Sizes.toLatents(mask, scale) : mask;
			requireSize(fitting, latents.width(), latents.height(), width, height);
			sources.add(new InpaintSource(model, request.withMaskBlur(0), input, null, fitting));
			return sources;
		}
		final List<Picture> pictures = ((ImageInput.Pictures) input).pictures();
		for (int i = 0; i < pictures.size(); i++) {
			final Mask mask = masks.get(masks.size() == 1 ? 0 : i);
			final Mask pixels = request.mode() == Mode.PARITY ? mask : pixelMask(model, pictures.get(i), mask);
			sources.add(new InpaintSource(model, request, input, pictures.get(i), pixels));
		}
		return sources;
	}

	/** The mask at the size of the image; a mask of latents, such as DiffEdit's, is enlarged. */
	private static Mask pixelMask(final DiffusionModel model, final Picture picture, final Mask mask) {
		if (mask.width() == picture.width() && mask.height() == picture.height()) return mask;
		final VaeScale scale = model.vae().vaeScale();
		final int width = scale.toLatentsCovering(picture.width());
		final int height = scale.toLatentsCovering(picture.height());
		if (mask.width() == width && mask.height() == height) return Sizes.toPixels(mask, scale, picture.width(), picture.height());
		requireSize(mask, picture.width(), picture.height(), width, height);
		return mask;
	}

	private static void requireSize(final Mask mask, final int width, final int height, final int otherWidth, final int otherHeight) {
		if (mask.width() == width && mask.height() == height) return;
		throw new DiffEditException("The mask is " + mask.width() + " x " + mask.height() + "; give one of " + width + " x " + height + " or "
			+ otherWidth + " x " + otherHeight + ".");
	}

	boolean isPicture() {
		return original != null;
	}

	ImageInput input() {
		return input;
	}

	// -- in --

	private ImageFit fit() {
		final VaeScale scale = model.vae().vaeScale();
		final int width = request.width() > 0 ? request.width() : rounded(original.width(), scale);
		final int height = request.height() > 0 ? request.height() : rounded(original.height(), scale);
		if (!scale.fits(width) || !scale.fits(height)) {
			throw new DiffEditException("The size to compute at is " + width + " x " + height + "; both must be multiples of " + scale.factor() + ".");
		}
		if (request.paddingMaskCrop().isEmpty()) return ImageFit.to(width, height);
		return ImageFit.cropped(VaeImageProcessor.cropRegion(mask, width, height, request.paddingMaskCrop().getAsInt()), width, height);
	}

	/** An image's own length: mirrored up to whole latents, in parity mode cut down to them. */
	private int rounded(final int length, final VaeScale scale) {
		return request.mode() == Mode.DEFAULT ? scale.roundedUp(length) : scale.roundedDown(length);
	}

	/** Whether the image is only lengthened to the next multiple, by mirroring, and cut again afterwards. */
	private boolean mirrored() {
		return request.mode() == Mode.DEFAULT && fit.crop() == null && request.width() == 0 && request.height() == 0;
	}

	/** Shape (1, 3, height, width) in [-1, 1]. */
	Tensor image() {
		if (!mirrored()) return VaeImageProcessor.of(model.vae()).preprocess(List.of(original), fit);
		final Picture fitting = Sizes.mirrored(original, model.vae().vaeScale());
		return Tensor.of(fitting.values(), 1, 3, fitting.height(), fitting.width()).multiply(2).minus(1);
	}

	/** What the mask leaves of the image: grey (0) inside. */
	Tensor maskedImage() {
		return image().multiply(pixels().multiply(-1).plus(1));
	}

	/** Shape (1, 1, height, width), 1 inside. */
	private Tensor pixels() {
		if (!mirrored()) return VaeImageProcessor.of(model.vae()).preprocessMask(mask, fit);
		final VaeScale scale = model.vae().vaeScale();
		final float[] values = new float[fit.width() * fit.height()];
		final Mask binary = mask.binary();
		for (int y = 0; y < mask.height(); y++) System.arraycopy(binary.values(), y * mask.width(), values, y * fit.width(), mask.width());
		return Tensor.of(values, 1, 1, scale.roundedUp(mask.height()), scale.roundedUp(mask.width()));
	}

	/** Shape (1, 1, h, w) at the resolution of latents. diffusers looks at one pixel per latent; by default any pixel counts. */
	Tensor latentMask() {
		if (!isPicture()) return Tensor.of(mask.binary().values(), 1, 1, mask.height(), mask.width());
		final Tensor pixels = pixels();
		final int width = (int) pixels.size(3);
		final Mask whole = new Mask(width, (int) pixels.size(2), pixels.toFloatArray());
		final VaeScale scale = model.vae().vaeScale();
		final Mask small = request.mode() == Mode.PARITY ? corners(whole, scale) : Sizes.toLatents(whole, scale);
		return Tensor.of(small.values(), 1, 1, small.height(), small.width());
	}

	private static Mask corners(final Mask mask, final VaeScale scale) {
		final int width = scale.toLatents(mask.width());
		final int height = scale.toLatents(mask.height());
		final float[] values = new float[width * height];
		for (int i = 0; i < values.length; i++) values[i] = mask.values()[scale.toPixels(i / width) * mask.width() + scale.toPixels(i % width)];
		return new Mask(width, height, values);
	}

	// -- out --

	/** What is shown: in parity mode as diffusers, else the original with the computed picture inside the mask. */
	Picture finished(final Picture computed) {
		if (!isPicture()) return computed;
		if (request.mode() == Mode.PARITY) {
			return fit.crop() == null ? computed : VaeImageProcessor.applyOverlay(mask, original, computed, fit.crop());
		}
		return Sizes.pasted(inPlace(computed), original, mask);
	}

	/** The computed picture at the place and size of the original. */
	private Picture inPlace(final Picture computed) {
		if (mirrored()) return Sizes.cropped(computed, original.width(), original.height());
		final Region region = fit.crop() == null ? new Region(0, 0, original.width(), original.height()) : fit.crop();
		if (fit.crop() != null) return VaeImageProcessor.applyOverlay(Mask.filled(original.width(), original.height(), 1), original, computed, region);
		return Raster.of(computed).resized(original.width(), original.height(), Resampling.LANCZOS).toPicture();
	}
}
