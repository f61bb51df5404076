package sc.fiji.diffedit.benchmark;

import java.io.PrintStream;
import java.util.List;

import com.google.gson.JsonParser;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.memory.PackedWeights;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.DeepFeatures;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;

/**
 * Times one call of the UNet of SD 1.5 at batch 2, full size with random weights, on plain and on packed weights, a call of
 * each in turn, and says by how much the results differ, and how long the outer layers take for DeepCache and one row does in place of two. Arguments: element type, then image sides in pixels, with
 * {@code rounds=N} (default 3) anywhere. Times are the least of all rounds, first calls apart; run it on a quiet machine.
 */
public final class UNetBenchmark {

	private static final String CONFIG = "{'cross_attention_dim': 768}";

	private final PrintStream out;
	private final DType dtype;
	private final int rounds;

	private UNetBenchmark(final PrintStream out, final DType dtype, final int rounds) {
		this.out = out;
		this.dtype = dtype;
		this.rounds = rounds;
	}

	public static void main(final String[] arguments) {
		Torch.prepareThread();
		final List<String> words = List.of(arguments);
		final int rounds = words.stream().filter(w -> w.startsWith("rounds=")).mapToInt(w -> Integer.parseInt(w.substring(7))).findFirst().orElse(3);
		final UNetBenchmark benchmark = new UNetBenchmark(System.out, DType.of(words.get(0)), rounds);
		words.stream().skip(1).filter(w -> !w.startsWith("rounds=")).mapToInt(Integer::parseInt).forEach(benchmark::compare);
	}

	private void compare(final int side) {
		final UNet2DConditionConfig config = UNet2DConditionConfig.of(new Config("benchmark", JsonParser.parseString(CONFIG).getAsJsonObject()));
		final RandomWeights weights = new RandomWeights(config, dtype);
		try (Scope scope = Scope.open(); UNet2DConditionModel plain = new UNet2DConditionModel(config, weights, dtype);
			UNet2DConditionModel packed = new UNet2DConditionModel(config, weights, dtype))
		{
			final Generator generator = Generator.of(1);
			final Tensor sample = generator.randn(dtype, 2, 4, side / 8, side / 8);
			final Conditioning conditioning = Conditioning.of(generator.randn(dtype, 2, 77, 768));
			final boolean has = PackedWeights.attach(packed, 0);
			final Timed firstPlain = timed(plain, sample, conditioning);
			final Timed firstPacked = timed(packed, sample, conditioning);
			double plainSeconds = Double.MAX_VALUE;
			double packedSeconds = Double.MAX_VALUE;
			for (int i = 0; i < rounds; i++) {
				plainSeconds = Math.min(plainSeconds, timed(plain, sample, conditioning).seconds);
				packedSeconds = Math.min(packedSeconds, timed(packed, sample, conditioning).seconds);
			}
			out.printf("UNet %s %dx%d batch 2, %d threads: plain %.3f s, packed %.3f s%s, ratio %.2f; first calls %.2f and %.2f s; largest difference %.1e of %.1e%n",
				dtype, side, side, Torch.threads(), plainSeconds, packedSeconds, has ? "" : " (not available here)", plainSeconds / packedSeconds,
				firstPlain.seconds, firstPacked.seconds, firstPlain.difference(firstPacked), firstPlain.largest());
			final Conditioning one = conditioning.map(t -> t.slice(0, 0, 1));
			double single = Double.MAX_VALUE;
			for (int i = 0; i <= rounds; i++) single = Math.min(single, timed(packed, sample.slice(0, 0, 1), one).seconds);
			out.printf("one row, packed: %.3f s%n", single);
			for (int branch = 0; branch < 4; branch++) out.printf("outer layers of branch %d, packed: %.3f s%n", branch, outer(packed, sample, conditioning, branch));
			out.printf("blocks with plain tensors in memory: %d and %d%n", loaded(plain), loaded(packed));
		}
	}

	/** Least seconds of a call that takes over deep features. */
	private double outer(final UNet2DConditionModel unet, final Tensor sample, final Conditioning conditioning, final int branch) {
		double least = Double.MAX_VALUE;
		try (Scope scope = Scope.open()) {
			final DeepFeatures features = DeepFeatures.ofBranch(branch);
			unet.predict(sample, 481, List.of(conditioning), features);
			for (int i = 0; i < 2 * rounds; i++) {
				final long start = System.nanoTime();
				unet.predict(sample, 481, List.of(conditioning), features).get(0).close();
				least = Math.min(least, (System.nanoTime() - start) * 1e-9);
			}
		}
		return least;
	}

	private static long loaded(final UNet2DConditionModel unet) {
		return unet.blocks().stream().filter(Block::isLoaded).count();
	}

	private static Timed timed(final UNet2DConditionModel unet, final Tensor sample, final Conditioning conditioning) {
		final long start = System.nanoTime();
		try (Tensor noise = unet.predict(sample, 481, conditioning)) {
			return new Timed(noise.toFloatArray(), (System.nanoTime() - start) * 1e-9);
		}
	}

	/** A result and how long it took. */
	private static final class Timed {

		private final float[] values;
		private final double seconds;

		Timed(final float[] values, final double seconds) {
			this.values = values;
			this.seconds = seconds;
		}

		double largest() {
			double largest = 0;
			for (final float value : values) largest = Math.max(largest, Math.abs(value));
			return largest;
		}

		double difference(final Timed other) {
			double largest = 0;
			for (int i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] - other.values[i]));
			return largest;
		}
	}
}
