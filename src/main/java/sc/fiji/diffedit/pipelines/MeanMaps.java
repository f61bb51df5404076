package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.tensor.Tensor;

/** Means of maps that come one after another, image by image, a fixed number for each. */
final class MeanMaps {

	private final double[][] sums;
	private final int mapsPerImage;
	private final int width;
	private final int height;
	private int count;

	MeanMaps(final int images, final int mapsPerImage, final int width, final int height) {
		this.sums = new double[images][width * height];
		this.mapsPerImage = mapsPerImage;
		this.width = width;
		this.height = height;
	}

	/** @param maps shape (any, height, width) */
	void add(final Tensor maps) {
		final float[] values = maps.toFloatArray();
		final int size = width * height;
		for (int i = 0; i < values.length; i++) sums[(count + i / size) / mapsPerImage][i % size] += values[i];
		count += values.length / size;
	}

	/** One map for each image. */
	List<DifferenceMap> means() {
		final List<DifferenceMap> means = new ArrayList<>();
		for (final double[] sum : sums) {
			final float[] mean = new float[sum.length];
			for (int i = 0; i < mean.length; i++) mean[i] = (float) (sum[i] / mapsPerImage);
			means.add(new DifferenceMap(width, height, mean));
		}
		return means;
	}
}
