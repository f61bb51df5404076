package sc.fiji.diffedit.fiji;

import ij.ImagePlus;
import ij.process.ColorProcessor;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.ARGBType;

import sc.fiji.diffedit.tensor.Picture;

/** Pictures that come from nowhere else: new RGB images. */
public final class Pictures {

	private Pictures() {}

	public static ImagePlus toImagePlus(final Picture picture, final String title) {
		return new ImagePlus(title, new ColorProcessor(picture.width(), picture.height(), opaque(picture)));
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
