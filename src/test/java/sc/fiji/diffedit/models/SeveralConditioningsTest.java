package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonParser;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.SafetensorsReader;
import sc.fiji.diffedit.benchmark.RandomWeights;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.memory.PackedWeights;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.BlockPolicy;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** Samples that are seen with several conditionings give what repeated samples give, in less work where the model allows it. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class SeveralConditioningsTest {

	private static final double TIMESTEP = 481;

	/** The model, whether on packed weights, samples, conditionings of each, height and width; the last model has no attention on its first level. */
	@ParameterizedTest
	@CsvSource({ "sd1,false,1,2,8,8", "sd1,false,2,2,8,8", "sd1,false,1,3,9,7", "sd1,false,2,3,9,7", "sd1,true,1,2,8,8", "sd1,true,2,3,9,7",
		"sd2,false,2,2,8,12", "sd2,true,1,3,8,12", "sd1-inpaint,false,2,2,8,8", "sdxl,false,1,2,8,8", "sdxl,false,2,3,9,7", "sdxl,true,2,2,8,8",
		"wide,false,1,2,16,16", "wide,false,2,3,15,17", "wide,true,1,2,16,16", "wide,true,2,3,15,17", "deep,false,1,2,8,8", "deep,false,2,3,9,7", "deep,true,2,2,8,8" })
	void givesWhatRepeatedSamplesGive(final String model, final boolean packed, final int batch, final int times, final int height, final int width) {
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = load(model)) {
			if (packed) assumeTrue(PackedWeights.attach(unet, 0));
			final Asked key = new Asked(unet, batch, times, height, width);
			assertClose(rounding(model), key.repeated(), key.answer());
		}
	}

	@Test
	void channelsMayComeLast() {
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = load("sd1")) {
			unet.setChannelsLast(true);
			final Asked key = new Asked(unet, 2, 2, 8, 8);
			assertClose(rounding("sd1"), key.repeated(), key.answer());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sd1", "sdxl" })
	void rowsMayHaveTimesOfTheirOwn(final String model) {
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = load(model)) {
			final Asked key = new Asked(unet, 2, 2, 8, 8);
			final Tensor times = Tensor.of(new float[] { 1, 20, 300, 999 }, 4);
			assertClose(rounding(model), unet.predict(key.sample.repeat(2), times, key.words), unet.predict(key.sample, times, key.words));
		}
	}

	/** However many rows may be computed at once, each answer is at its place. */
	@ParameterizedTest
	@CsvSource({ "sd1,1,2", "sd1,2,2", "sd1,3,2", "sd1,2,3", "sdxl,2,2", "wide,2,3" })
	void aBatchMayBeCut(final String model, final int batch, final int times) {
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = load(model)) {
			final Asked key = new Asked(unet, batch, times, 8, 8);
			final Tensor whole = key.repeated();
			for (int most = 1; most <= batch * times; most++) {
				final Rows rows = new Rows(unet);
				final int limit = most;
				assertClose(rounding(model), whole, key.answer(new BatchedUNet(unet, (of, all, height, width) -> Math.min(limit, all))));
				assertTrue(rows.most <= most, rows.most + " rows at once, " + most + " were allowed");
			}
		}
	}

	/** The first resnet sees each sample once, the last one each row. */
	@Test
	void whatIsTheSameIsComputedOnce() {
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = load("sd1")) {
			final Asked key = new Asked(unet, 2, 3, 8, 8);
			final Rows rows = new Rows(unet);
			key.answer();
			assertEquals("[2]", rows.seen("conv_in"));
			assertEquals("[2]", rows.seen("down_blocks.0.resnets.0."));
			assertEquals("[2, 6]", rows.seen("down_blocks.0.attentions.0.transformer_blocks.0."));
			assertEquals("[6]", rows.seen("down_blocks.0.resnets.1."));
			final Rows cut = new Rows(unet);
			key.answer(new BatchedUNet(unet, (of, all, height, width) -> 2));
			assertEquals("[2]", cut.seen("down_blocks.0.resnets.0."));
			assertEquals("[2, 2, 2, 2]", cut.seen("down_blocks.0.attentions.0.transformer_blocks.0."));
		}
	}

	/** One conditioning beside others, as the prompts of a mask. */
	@ParameterizedTest
	@CsvSource({ "sd1,false,8", "sd1,true,8", "sdxl,false,8", "sd1,false,1", "wide,true,8", "deep,true,8" })
	void aPredictionIsTheSameWhicheverOthersAreAsked(final String model, final boolean packed, final int most) {
		try (Scope scope = Scope.open(); UNet2DConditionModel network = load(model)) {
			if (packed) assumeTrue(PackedWeights.attach(network, 0));
			final UNet unet = new BatchedUNet(network, (of, all, height, width) -> Math.min(most, all));
			final Asked key = new Asked(network, 2, 3, 9, 7);
			final List<Conditioning> all = List.of(key.conditioning(0), key.conditioning(1), key.conditioning(2));
			final List<Tensor> together = unet.predict(key.sample, TIMESTEP, all);
			for (int i = 0; i < 3; i++) {
				assertArrayEquals(unet.predict(key.sample, TIMESTEP, all.get(i)).toFloatArray(), together.get(i).toFloatArray());
			}
			assertClose(rounding(model), key.repeated(), Tensor.cat(together, 0));
		}
	}

	/** With the deep features of the same sample the outer layers make the same prediction, also of parts and tiles, each of which keeps its own. */
	@ParameterizedTest
	@CsvSource({ "sd1,false", "sdxl,false", "wide,false", "wide,true", "deep,true" })
	void keptFeaturesMakeThePredictionOfWhichTheyCame(final String model, final boolean packed) {
		try (Scope scope = Scope.open(); UNet2DConditionModel network = load(model)) {
			if (packed) assumeTrue(PackedWeights.attach(network, 0));
			final Asked key = new Asked(network, 2, 3, 9, 14);
			final UNet cut = new BatchedUNet(network, (of, all, height, width) -> Math.min(2, all)), single = new BatchedUNet(network, (of, all, height, width) -> 1);
			final List<Conditioning> two = List.of(key.words, key.words.map(t -> t.multiply(0.5)));
			for (final UNet unet : List.of(network, cut, single, new TiledUNet(cut, 8, 2))) {
				for (int branch = 0; branch < network.config().skips(); branch++) {
					final DeepFeatures features = DeepFeatures.ofBranch(branch);
					final List<Tensor> whole = unet.predict(key.sample, TIMESTEP, two, features), outer = unet.predict(key.sample, TIMESTEP, two, features);
					for (int i = 0; i < 2; i++) assertClose(rounding(model), whole.get(i), outer.get(i));
					features.renew();
					assertArrayEquals(whole.get(0).toFloatArray(), unet.predict(key.sample, TIMESTEP, two, features).get(0).toFloatArray());
					features.renew();
				}
			}
		}
	}

	/** The outermost branch computes what is shared anyway, and the last layers of the way up. */
	@Test
	void deepLayersAreNotCalledWhileTheirFeaturesAreKept() {
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = load("sd1")) {
			final Asked key = new Asked(unet, 1, 2, 8, 8);
			final DeepFeatures features = DeepFeatures.ofBranch(0);
			unet.predict(key.sample, TIMESTEP, List.of(key.words), features);
			final Rows rows = new Rows(unet);
			unet.predict(key.sample, TIMESTEP, List.of(key.words), features);
			assertEquals(List.of("conv_in", "conv_norm_out", "time_embedding.", "up_blocks.2.attentions.2.", "up_blocks.2.attentions.2.transformer_blocks.0.", "up_blocks.2.resnets.2."),
				List.copyOf(rows.calls.keySet()));
		}
	}

	@Test
	void samplesAreGivenInEqualParts() {
		final UNet unet = new BatchedUNet(load("sd1"), BatchPolicy.WHOLE);
		assertEquals(2, unet.samplesAtOnce(10, 64, 64));
		assertEquals(1, unet.samplesAtOnce(7, 64, 64), "a divisor");
		assertEquals(5, unet.samplesAtOnce(10, 32, 32));
		assertEquals(1, unet.samplesAtOnce(10, 128, 128));
		assertEquals(10, unet.samplesAtOnce(10, 8, 8));
	}

	// -- what is asked --

	private static final class Asked {

		private final UNet2DConditionModel unet;
		private final int batch;
		private final int times;
		private final Tensor sample;
		private final Conditioning words;

		Asked(final UNet2DConditionModel unet, final int batch, final int times, final int height, final int width) {
			this.unet = unet;
			this.batch = batch;
			this.times = times;
			final Generator generator = Generator.of(3);
			sample = generator.randn(DType.FLOAT32, batch, unet.config().inChannels(), height, width);
			words = words(unet.config(), generator, batch * times);
		}

		private static Conditioning words(final UNet2DConditionConfig config, final Generator generator, final int rows) {
			final Conditioning conditioning = Conditioning.of(generator.randn(DType.FLOAT32, rows, 7, config.crossAttentionDim().get(0)));
			if (!config.addedTextTime()) return conditioning;
			return conditioning.with(Conditioning.TEXT_EMBEDS, generator.randn(DType.FLOAT32, rows, config.projectionInput() - 6 * config.additionTimeEmbedDim()))
				.with(Conditioning.TIME_IDS, generator.randn(DType.FLOAT32, rows, 6));
		}

		Conditioning conditioning(final int i) {
			return words.map(t -> t.slice(0, i * batch, (i + 1) * batch));
		}

		Tensor answer() {
			return answer(unet);
		}

		Tensor answer(final UNet of) {
			return of.predict(sample, TIMESTEP, words);
		}

		Tensor repeated() {
			return unet.predict(sample.repeat(times), TIMESTEP, words);
		}
	}

	/** How many rows each block was called with. */
	private static final class Rows {

		private final Map<String, List<Long>> calls = new TreeMap<>();
		private long most;

		Rows(final UNet2DConditionModel unet) {
			for (final Block block : unet.blocks()) {
				block.setPolicy((of, kernel, arguments) -> {
					final long rows = ((Tensor) arguments[0]).size(0);
					most = Math.max(most, rows);
					calls.computeIfAbsent(of.path().isEmpty() ? of.leaves().get(0).name() : of.path(), path -> new ArrayList<>()).add(rows);
					return BlockPolicy.DIRECT.call(of, kernel, arguments);
				});
			}
		}

		String seen(final String path) {
			return calls.get(path).toString();
		}
	}

	/** The small networks of the goldens enlarge rounding: up to 4.6e-5 was seen over processors and thread counts, 1.7e-6 with the others. */
	private static double rounding(final String model) {
		return model.equals("wide") || model.equals("deep") ? 6e-6 : 1.5e-4;
	}

	/** The length of the difference, relative to that of the result. */
	private static void assertClose(final double tolerance, final Tensor expected, final Tensor actual) {
		assertArrayEquals(expected.shape(), actual.shape());
		Rounding.assertWithin(tolerance, length(actual.minus(expected)) / length(expected), "relative error");
	}

	private static double length(final Tensor tensor) {
		double sum = 0;
		for (final float value : tensor.toFloatArray()) sum += (double) value * value;
		return Math.sqrt(sum);
	}

	private static UNet2DConditionModel load(final String model) {
		if (model.equals("wide")) return random("'CrossAttnDownBlock2D', 'DownBlock2D'", "'UpBlock2D', 'CrossAttnUpBlock2D'");
		if (model.equals("deep")) return random("'DownBlock2D', 'CrossAttnDownBlock2D'", "'CrossAttnUpBlock2D', 'UpBlock2D'");
		final Path folder = GoldenCase.model(model + "/unet");
		return new UNet2DConditionModel(UNet2DConditionConfig.of(Config.read(folder.resolve("config.json"))),
			new SafetensorsReader(folder.resolve("diffusion_pytorch_model.safetensors")), DType.FLOAT32);
	}

	private static UNet2DConditionModel random(final String down, final String up) {
		final UNet2DConditionConfig config = UNet2DConditionConfig.of(new Config("a small UNet", JsonParser.parseString(
			"{'cross_attention_dim': 16, 'block_out_channels': [64, 96], 'down_block_types': [" + down + "], 'up_block_types': [" + up
				+ "], 'layers_per_block': 1}").getAsJsonObject()));
		return new UNet2DConditionModel(config, new RandomWeights(config, DType.FLOAT32), DType.FLOAT32);
	}
}
