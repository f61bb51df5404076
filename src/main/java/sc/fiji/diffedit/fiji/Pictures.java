package sc.fiji.diffedit.fiji;

import java.awt.Color;
import java.util.List;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ColorProcessor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.ARGBType;

import sc.fiji.diffedit.tensor.Picture;

/** Pictures that come from nowhere else: new RGB images. */
public final class Pictures {

	private Pictures() {}

	public static ImagePlus toImagePlus(final Picture picture, final String title) {
		return new ImagePlus(title, processor(picture));
	}

	/** Pictures of one size, one above the other. */
	public static ImagePlus toStack(final List<Picture> pictures, final List<String> labels, final String title) {
		final ImageStack stack = new ImageStack(pictures.get(0).width(), pictures.get(0).height());
		for (int i = 0; i < pictures.size(); i++) stack.addSlice(labels.get(i), processor(pictures.get(i)));
		final ImagePlus image = new ImagePlus(title, stack);
		if (pictures.size() == 1) image.setProperty("Label", labels.get(0));
		return image;
	}

	/** Pictures of one size side by side in rows, about as many of them as columns; places that are left over are white. */
	public static ImagePlus toMontage(final List<Picture> pictures, final String title) {
		final int columns = (int) Math.ceil(Math.sqrt(pictures.size())), rows = (pictures.size() + columns - 1) / columns;
		final int width = pictures.get(0).width(), height = pictures.get(0).height();
		final ColorProcessor sheet = new ColorProcessor(Math.multiplyExact(columns, width), Math.multiplyExact(rows, height));
		sheet.setColor(Color.WHITE);
		sheet.fill();
		for (int i = 0; i < pictures.size(); i++) sheet.insert(processor(pictures.get(i)), i % columns * width, i / columns * height);
		return new ImagePlus(title, sheet);
	}

	private static ColorProcessor processor(final Picture picture) {
		return new ColorProcessor(picture.width(), picture.height(), opaque(picture));
	}

	public static RandomAccessibleInterval<ARGBType> toImg(final Picture picture) {
		return ArrayImgs.argbs(opaque(picture), picture.width(), picture.height());
	}

	private static int[] opaque(final Picture picture) {
		final int[] pixels = picture.toRgb();
		for (int i = 0; i < pixels.length; i++) pixels[i] |= 0xff000000;
		return pixels;
	}
}
