package sc.fiji.diffedit.fiji;

import net.imglib2.RandomAccess;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.ARGBType;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import net.imglib2.view.Views;

/** One channel of one plane of an image, from (0, 0): read and written where it lies. For one thread at a time. */
abstract class Plane {

	private final int width;
	private final int height;

	Plane(final RandomAccessibleInterval<?> pixels) {
		width = Math.toIntExact(pixels.dimension(0));
		height = Math.toIntExact(pixels.dimension(1));
	}

	final int width() {
		return width;
	}

	final int height() {
		return height;
	}

	abstract double get(int x, int y);

	/** Writes the nearest value that the type can hold. */
	abstract void set(int x, int y, double value);

	abstract Plane cropped(int x, int y, int width, int height);

	/** Whether pixels are whole numbers between {@link #least} and {@link #most}. */
	abstract boolean isWhole();

	abstract double least();

	abstract double most();

	private static <T> RandomAccessibleInterval<T> crop(final RandomAccessibleInterval<T> pixels, final int x, final int y,
		final int width, final int height)
	{
		return Views.zeroMin(Views.interval(pixels, new long[] { x, y }, new long[] { x + width - 1L, y + height - 1L }));
	}

	/** Pixels that are numbers. */
	static final class Real<T extends RealType<T>> extends Plane {

		private final RandomAccessibleInterval<T> pixels;
		private final RandomAccess<T> access;
		private final boolean whole;

		Real(final RandomAccessibleInterval<T> pixels) {
			super(pixels);
			this.pixels = pixels;
			this.access = pixels.randomAccess();
			this.whole = pixels.getType() instanceof IntegerType;
		}

		@Override
		double get(final int x, final int y) {
			return access.setPositionAndGet(x, y).getRealDouble();
		}

		@Override
		void set(final int x, final int y, final double value) {
			access.setPositionAndGet(x, y).setReal(whole ? Math.min(most(), Math.max(least(), Math.rint(value))) : value);
		}

		@Override
		Plane cropped(final int x, final int y, final int width, final int height) {
			return new Real<>(crop(pixels, x, y, width, height));
		}

		@Override
		boolean isWhole() {
			return whole;
		}

		@Override
		double least() {
			return pixels.getType().getMinValue();
		}

		@Override
		double most() {
			return pixels.getType().getMaxValue();
		}
	}

	/** The red, green or blue part of pixels that are colours. */
	static final class OfColors extends Plane {

		private final RandomAccessibleInterval<ARGBType> pixels;
		private final RandomAccess<ARGBType> access;
		private final int shift;

		/** @param shift 16 for red, 8 for green, 0 for blue */
		OfColors(final RandomAccessibleInterval<ARGBType> pixels, final int shift) {
			super(pixels);
			this.pixels = pixels;
			this.access = pixels.randomAccess();
			this.shift = shift;
		}

		@Override
		double get(final int x, final int y) {
			return access.setPositionAndGet(x, y).get() >> shift & 255;
		}

		@Override
		void set(final int x, final int y, final double value) {
			final ARGBType pixel = access.setPositionAndGet(x, y);
			final int level = (int) Math.min(255, Math.max(0, Math.rint(value)));
			pixel.set(pixel.get() & ~(255 << shift) | level << shift);
		}

		@Override
		Plane cropped(final int x, final int y, final int width, final int height) {
			return new OfColors(crop(pixels, x, y, width, height), shift);
		}

		@Override
		boolean isWhole() {
			return true;
		}

		@Override
		double least() {
			return 0;
		}

		@Override
		double most() {
			return 255;
		}
	}
}
