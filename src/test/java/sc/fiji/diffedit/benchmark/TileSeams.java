package sc.fiji.diffedit.benchmark;

import java.util.Locale;
import java.util.Optional;
import java.util.Random;

import org.scijava.Context;

import sc.fiji.diffedit.models.Tiles;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;

/**
 * How visible seams of tiles are, in images of 256 x 256 pixels by the demo model, which was made for 128 x 128: as a whole; in tiles
 * of 128 with 32 to share, whose predictions are averaged at each step; and as images that are made apart, from the same noise, and
 * blended in pixels. Printed is the mean step between neighbouring pixels across the middles of overlaps, divided by that elsewhere, and the
 * difference between the two versions of a pixel that two tiles that were made apart have.
 */
final class TileSeams {

	private static final int SIZE = 256, TILE = 128, SHARED = 32, CHANNELS = 4, FACTOR = 4, STEPS = 10, SEEDS = 3;

	private final ModelLease model;

	private TileSeams(final ModelLease model) {
		this.model = model;
	}

	public static void main(final String[] arguments) {
		try (Context context = new Context(DiffusionModelService.class); ModelLease model = context.service(DiffusionModelService.class).borrow("demo")) {
			new TileSeams(model).print();
		}
	}

	private void print() {
		double whole = 0, averaged = 0, apart = 0, differing = 0;
		for (int seed = 0; seed < SEEDS; seed++) {
			final Latents noise = noise(seed);
			whole += seams(made(noise, Tiles.OFF)) / SEEDS;
			averaged += seams(made(noise, Tiles.of(TILE, SHARED))) / SEEDS;
			final Picture left = made(cut(noise, 0), Tiles.OFF), right = made(cut(noise, (TILE - SHARED) / FACTOR), Tiles.OFF);
			differing += difference(left, right) / SEEDS;
			apart += seams(made(noise, Tiles.of(TILE, 0))) / SEEDS;
		}
		System.out.printf(Locale.ROOT, "whole %.2f  averaged at each step %.2f  without overlap %.2f  made apart, pixels in common differ by %.3f%n", whole, averaged, apart, differing);
	}

	private Picture made(final Latents noise, final Tiles tiles) {
		model.setTiles(tiles);
		final TextToImageRequest request = TextToImageRequest.of("green nuclei").withNumInferenceSteps(STEPS).withLatents(Optional.of(noise));
		return model.textToImage(request, StepListener.NONE).image();
	}

	private static Latents noise(final int seed) {
		final Random random = new Random(seed);
		final float[] values = new float[CHANNELS * SIZE / FACTOR * SIZE / FACTOR];
		for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
		return new Latents(1, CHANNELS, SIZE / FACTOR, SIZE / FACTOR, values);
	}

	/** A tile of the noise from the upper edge. */
	private static Latents cut(final Latents noise, final int from) {
		final int edge = TILE / FACTOR;
		final float[] values = new float[CHANNELS * edge * edge];
		for (int i = 0; i < values.length; i++) {
			final int c = i / (edge * edge), y = i / edge % edge, x = i % edge;
			values[i] = noise.values()[(c * noise.height() + y) * noise.width() + from + x];
		}
		return new Latents(1, CHANNELS, edge, edge, values);
	}

	/** The mean difference of the pixels that both tiles show. */
	private static double difference(final Picture left, final Picture right) {
		double sum = 0;
		for (int c = 0; c < 3; c++) {
			for (int y = 0; y < TILE; y++) {
				for (int x = 0; x < SHARED; x++) sum += Math.abs(left.get(c, TILE - SHARED + x, y) - right.get(c, x, y));
			}
		}
		return sum / (3 * TILE * SHARED);
	}

	/** Steps across the edges of tiles in comparison with those elsewhere. */
	private static double seams(final Picture picture) {
		double across = 0, elsewhere = 0;
		int edges = 0, others = 0;
		for (int x = 1; x < SIZE; x++) {
			double step = 0;
			for (int c = 0; c < 3; c++) {
				for (int y = 0; y < SIZE; y++) step += Math.abs(picture.get(c, x, y) - picture.get(c, x - 1, y));
			}
			if (x % (TILE / 2) == 0) {
				across += step;
				edges++;
			}
			else {
				elsewhere += step;
				others++;
			}
		}
		return across / edges / (elsewhere / others);
	}
}
