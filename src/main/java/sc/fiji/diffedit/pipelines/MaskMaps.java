package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The maps of noisy copies, gathered into one heat map for each image. With one strength that is their mean. With several, the maps
 * of each strength are divided by their mean before they are averaged, since differences grow with the noise; the likelihood may
 * favour the target too, and only where it does not is it counted. Attention is made of probabilities, which compare as they are.
 */
final class MaskMaps {

	private final MaskRequest request;
	private final int width;
	private final int height;
	/** Means over the copies of a strength, image by image, strength by strength. */
	private final double[][][] differences, likelihoods;
	/** Sums over copies, strengths and prompts, image by image. */
	private final double[][] attention;
	/** How many copies of an image were added. */
	private final int[] copies;

	MaskMaps(final MaskRequest request, final int images, final int width, final int height) {
		this.request = request;
		this.width = width;
		this.height = height;
		differences = new double[images][request.maskSource().strengths()][width * height];
		likelihoods = new double[images][request.maskSource().strengths()][width * height];
		attention = new double[images][width * height];
		copies = new int[images];
	}

	/**
	 * Adds the differences of some copies.
	 *
	 * @param first of the copies, which are counted over all images
	 * @param maps shape (copies, height, width)
	 */
	void addDifferences(final int first, final Tensor maps) {
		add(differences, first, maps);
		for (int i = 0; i < maps.size(0); i++) copies[(first + i) / request.numMapsPerMask()]++;
	}

	/** The same for how much worse the target explains the noise. */
	void addLikelihoods(final int first, final Tensor maps) {
		add(likelihoods, first, maps);
	}

	/**
	 * Adds where the changed words of a prompt are looked for.
	 *
	 * @param first of some copies of one image
	 * @param copies how many they are
	 * @param map mean of theirs, of the latents' size
	 */
	void addAttention(final int first, final int copies, final float[] map) {
		final double[] sum = attention[first / request.numMapsPerMask()];
		for (int i = 0; i < map.length; i++) sum[i] += copies * (double) map[i];
	}

	private void add(final double[][][] sums, final int first, final Tensor maps) {
		final float[] values = maps.toFloatArray();
		final int size = width * height, most = request.numMapsPerMask();
		for (int i = 0; i < values.length; i++) {
			final int copy = first + i / size;
			final int strength = request.maskSource().strengthOf(copy % most, most);
			sums[copy / most][strength][i % size] += values[i];
		}
	}

	/** One map for each image. */
	List<DifferenceMap> maps() {
		final List<DifferenceMap> maps = new ArrayList<>();
		for (int i = 0; i < differences.length; i++) maps.add(map(i));
		return maps;
	}

	/** That of an image, of the copies so far. */
	DifferenceMap map(final int image) {
		return new DifferenceMap(width, height, floats(heat(image)));
	}

	private double[] heat(final int image) {
		return switch (request.maskSource()) {
			case DIFFERENCE -> scaled(differences[image][0], 1.0 / copies[image]);
			case DIFFERENCES -> meanOfOne(together(differences[image]));
			case DIFFERENCE_AND_LIKELIHOOD -> sum(meanOfOne(together(differences[image])), meanOfOne(positive(together(likelihoods[image]))));
			case CROSS_ATTENTION -> meanOfOne(aboveLeast(attention[image]));
			case DIFFERENCES_AND_CROSS_ATTENTION -> within(aboveLeast(attention[image]), meanOfOne(together(differences[image])));
		};
	}

	/** Every place attends a little to every word, which says nothing. */
	private static double[] aboveLeast(final double[] map) {
		final double least = Arrays.stream(map).min().getAsDouble();
		return Arrays.stream(map).map(value -> value - least).toArray();
	}

	/** A map where another one is in its own mask by the usual threshold, and 0 elsewhere. */
	private double[] within(final double[] other, final double[] map) {
		final Mask inside = Threshold.Top.USUAL.mask(new DifferenceMap(width, height, floats(other)));
		final double[] within = new double[map.length];
		for (int i = 0; i < map.length; i++) within[i] = inside.values()[i] * map[i];
		return within;
	}

	private static float[] floats(final double[] map) {
		final float[] floats = new float[map.length];
		for (int i = 0; i < map.length; i++) floats[i] = (float) map[i];
		return floats;
	}

	/** The sum of maps, each divided by the mean of its absolute values. Strengths that no copy had are maps of zeros. */
	private static double[] together(final double[][] strengths) {
		double[] all = new double[strengths[0].length];
		for (final double[] map : strengths) all = sum(all, meanOfOne(map));
		return all;
	}

	private static double[] meanOfOne(final double[] map) {
		double sum = 0;
		for (final double value : map) sum += Math.abs(value);
		return sum > 0 ? scaled(map, map.length / sum) : map;
	}

	private static double[] scaled(final double[] map, final double factor) {
		final double[] scaled = new double[map.length];
		for (int i = 0; i < map.length; i++) scaled[i] = map[i] * factor;
		return scaled;
	}

	private static double[] sum(final double[] a, final double[] b) {
		final double[] sum = new double[a.length];
		for (int i = 0; i < a.length; i++) sum[i] = a[i] + b[i];
		return sum;
	}

	private static double[] positive(final double[] map) {
		final double[] positive = new double[map.length];
		for (int i = 0; i < map.length; i++) positive[i] = Math.max(0, map[i]);
		return positive;
	}
}
