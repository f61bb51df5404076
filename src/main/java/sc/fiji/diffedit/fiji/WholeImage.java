package sc.fiji.diffedit.fiji;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;

import sc.fiji.diffedit.DiffEditException;

/** Copies of images with all of their planes. */
public final class WholeImage {

	private WholeImage() {}

	/**
	 * A copy of an image in which one plane, in all of its channels, is another one. The image stays as it is.
	 *
	 * @param plane what the copy has there; its info becomes the copy's
	 * @param at slice and frame
	 * @throws DiffEditException if the image has other channels, another type or size than the plane, or there is too little memory for a copy
	 */
	public static ImagePlus withPlane(final ImagePlus image, final ImagePlus plane, final Position at) {
		requireFit(image, plane, at);
		requireMemory(image);
		final ImageStack from = image.getStack(), to = new ImageStack(image.getWidth(), image.getHeight());
		for (int i = 1; i <= from.size(); i++) to.addSlice(from.getSliceLabel(i), ImagePlusView.processor(image, i).duplicate());
		for (int c = 1; c <= plane.getStackSize(); c++) to.setProcessor(plane.getStack().getProcessor(c).duplicate(), image.getStackIndex(c, at.slice(), at.frame()));
		if (from.getColorModel() != null) to.setColorModel(from.getColorModel());
		final ImagePlus plain = new ImagePlus(Titles.of(image, "edit"), to);
		plain.setDimensions(image.getNChannels(), image.getNSlices(), image.getNFrames());
		final ImagePlus copy = image instanceof CompositeImage composite ? Descriptions.composite(plain, composite) : plain;
		ImagePlusView.copyDisplay(image, copy);
		copy.setOpenAsHyperStack(image.isHyperStack() || image.getOpenAsHyperStack());
		Descriptions.copyAll(image, copy);
		copy.setProperty("Info", plane.getProperty("Info"));
		copy.setPosition(at.channel(), at.slice(), at.frame());
		return copy;
	}

	private static void requireFit(final ImagePlus image, final ImagePlus plane, final Position at) {
		final boolean fits = image.getWidth() == plane.getWidth() && image.getHeight() == plane.getHeight() && image.getType() == plane.getType()
			&& image.getNChannels() == plane.getNChannels() && at.slice() <= image.getNSlices() && at.frame() <= image.getNFrames();
		if (!fits) throw new DiffEditException("\"" + image.getTitle() + "\" has another type, size or number of planes now than when it was edited; keep the edit as an image instead.");
	}

	private static void requireMemory(final ImagePlus image) {
		final long bytes = (long) image.getStackSize() * image.getWidth() * image.getHeight() * image.getBytesPerPixel();
		if (!JavaMemory.has(bytes)) {
			throw new DiffEditException("A copy of \"" + image.getTitle() + "\" takes " + (bytes >> 20) + " MB, and " + (JavaMemory.free() >> 20)
				+ " MB are free; keep the edit as an image instead, which takes only its plane.");
		}
	}
}
