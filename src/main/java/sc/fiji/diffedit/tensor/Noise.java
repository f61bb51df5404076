package sc.fiji.diffedit.tensor;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/**
 * Where the noise of a batch of images comes from: one generator for the whole batch, or one for each image, as in
 * {@code randn_tensor} of diffusers' {@code utils/torch_utils.py}. With one generator for each image, an image is the
 * same whatever else is in its batch. Draws are made on the CPU in the requested element type, in the order of the calls.
 * The generators belong to the innermost {@link Scope} of the thread that made them, unless closed before.
 */
public final class Noise implements AutoCloseable {

	private final List<Generator> generators;

	private Noise(final List<Generator> generators) {
		this.generators = generators;
	}

	/** One generator for all images of a batch. */
	public static Noise of(final long seed) {
		return of(Generator.of(seed));
	}

	/** Noise from a generator that is shared with other code. */
	public static Noise of(final Generator generator) {
		return new Noise(List.of(generator));
	}

	/**
	 * One generator for each image of a batch. A single seed means the same as {@link #of(long)}.
	 *
	 * @throws DiffEditException if there are no seeds
	 */
	public static Noise of(final List<Long> seeds) {
		return perImage(seeds.stream().mapToLong(Long::longValue).toArray());
	}

	/** The same for plain numbers. */
	public static Noise perImage(final long... seeds) {
		if (seeds.length == 0) throw new DiffEditException("Got no seeds, but one is needed for each image; give at least one.");
		final List<Generator> generators = new ArrayList<>();
		for (final long seed : seeds) generators.add(Generator.of(seed));
		return new Noise(generators);
	}

	/** Number of images this noise is for; 1 if it serves a batch of any size. */
	public int images() {
		return generators.size();
	}

	/**
	 * Numbers of the standard normal distribution. With several generators, each draws its share of the batch in turn: one
	 * entry if there is a generator for each, several in one draw if there is one for each image and an image has several.
	 *
	 * @param shape batch first
	 * @throws DiffEditException if the batch cannot be shared out evenly
	 */
	public Tensor randn(final DType dtype, final long... shape) {
		if (generators.size() == 1) return generators.get(0).randn(dtype, shape);
		if (shape[0] % generators.size() != 0) throw new DiffEditException("Got " + Counted.of(generators.size(), "seed") + " for a batch of "
			+ shape[0] + "; give one seed, or one for each image of the batch.");
		final long[] share = shape.clone();
		share[0] /= generators.size();
		try (Scope scope = Scope.open()) {
			final List<Tensor> draws = new ArrayList<>();
			for (final Generator generator : generators) draws.add(generator.randn(dtype, share));
			return scope.keep(Tensor.cat(draws, 0));
		}
	}

	/** One whole number in [0, high), from the first generator. */
	public long randint(final long high) {
		return randint(0, high);
	}

	/** One whole number in [0, high), from the generator that serves the {@code image}-th image of the batch. */
	public long randint(final int image, final long high) {
		return generators.get(generators.size() == 1 ? 0 : image).randint(high);
	}

	@Override
	public void close() {
		generators.forEach(Generator::close);
	}
}
