package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Tensor;

/** The masks of an edit: brought to the resolution of the latents on the way in, and to that of the pixels on the way out. */
final class EditMasks {

	/** Of a value that was written as a decimal number or as one of 255. */
	private static final double ROUNDING = 1e-6;

	private final EditRequest request;
	private final List<Mask> given;
	private final Inversion inversion;
	private final VaeScale scale;
	private final List<Mask> latent;

	/**
	 * @param given one for all images or one per image, at the size of the latents or, where the pictures are known, of a picture
	 * @param scale of the pixels that latents stand for
	 * @throws DiffEditException if one has another size
	 */
	EditMasks(final EditRequest request, final List<Mask> given, final Inversion inversion, final VaeScale scale) {
		this.request = request;
		this.given = given;
		this.inversion = inversion;
		this.scale = scale;
		this.latent = latentMasks();
	}

	private List<Mask> latentMasks() {
		final List<Mask> fitting = new ArrayList<>();
		for (int i = 0; i < inversion.count(); i++) fitting.add(atLatents(given(i)));
		return request.mode() == Mode.PARITY ? fitting.stream().map(Mask::binary).toList() : fitting;
	}

	/** A mask at the resolution of the latents. @throws DiffEditException if it has neither that nor the size of the picture */
	Mask atLatents(final Mask mask) {
		final Latents latents = inversion.trajectories().get(0);
		if (mask.width() == latents.width() && mask.height() == latents.height()) return mask;
		if (isPixelMask(mask)) return Sizes.toLatents(mask, scale);
		throw new DiffEditException("The mask is " + mask.width() + " x " + mask.height() + ", but the image's latents are "
			+ latents.width() + " x " + latents.height() + "; give a mask of that size" + pixelSize() + ".");
	}

	private Mask given(final int image) {
		return given.get(given.size() == 1 ? 0 : image);
	}

	private String pixelSize() {
		if (!pastesBack()) return "";
		final Picture original = inversion.originals().get(0);
		return " or of the image (" + original.width() + " x " + original.height() + ")";
	}

	private boolean isPixelMask(final Mask mask) {
		if (!pastesBack()) return false;
		final Picture original = inversion.originals().get(0);
		return mask.width() == original.width() && mask.height() == original.height();
	}

	/** Where any of the images changes, at the resolution of the latents. */
	Mask anywhere() {
		return Mask.together(latent);
	}

	/** Whether nothing is to be changed. */
	boolean isEmpty() {
		return latent.stream().allMatch(Mask::isEmpty);
	}

	/** Whether pixels outside the masks are those of the pictures that were inverted. */
	boolean pastesBack() {
		return request.mode() == Mode.DEFAULT && !inversion.originals().isEmpty();
	}

	/** How many results of an image are computed: one, unless chance or the mask makes them differ. */
	int copies() {
		return request.eta() > 0 || isTiled() ? request.numImagesPerPrompt() : 1;
	}

	/** Whether results of an image differ by their masks: diffusers lays masks out as a, b, a, b beside images a, a, b, b. */
	private boolean isTiled() {
		return request.mode() == Mode.PARITY && given.size() > 1;
	}

	/** One for each result, shape (images * copies, 1, h, w), on the CPU. @param taken steps of the edit that are behind */
	Tensor after(final int taken) {
		final List<Tensor> planes = new ArrayList<>();
		for (final Mask mask : latent) planes.add(Tensor.of(isSoft() ? changed(mask, taken) : mask.values(), 1, 1, mask.height(), mask.width()));
		final Tensor all = Tensor.cat(planes, 0);
		return isTiled() ? all.repeat(copies()) : all.repeatInterleave(copies());
	}

	private boolean isSoft() {
		return request.maskUse() == MaskUse.SOFT;
	}

	/** 1 where the steps that are left are no more than a value's own. */
	private float[] changed(final Mask mask, final int taken) {
		final float[] changed = new float[mask.values().length];
		final double left = 1 - (double) taken / request.steps();
		for (int i = 0; i < changed.length; i++) changed[i] = mask.values()[i] > 0 && mask.values()[i] >= left - ROUNDING ? 1 : 0;
		return changed;
	}

	/** The decoded pictures inside the masks, the input's own pixels outside. */
	List<Picture> pasted(final List<Picture> decoded) {
		if (!pastesBack()) return decoded;
		final List<Picture> pasted = new ArrayList<>();
		for (int i = 0; i < decoded.size(); i++) {
			final int image = i / copies();
			final Picture original = inversion.originals().get(image);
			final Mask mask = given(image);
			final Mask pixels = isPixelMask(mask) ? mask : Sizes.toPixels(latent.get(image), scale, original.width(), original.height());
			pasted.add(Sizes.pasted(Sizes.cropped(decoded.get(i), original.width(), original.height()), original, isSoft() ? pixels.touched() : pixels));
		}
		return pasted;
	}
}
