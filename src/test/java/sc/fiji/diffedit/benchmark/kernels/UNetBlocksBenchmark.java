package sc.fiji.diffedit.benchmark.kernels;

import java.util.List;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

import com.google.gson.JsonParser;

import sc.fiji.diffedit.benchmark.RandomWeights;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.memory.PackedWeights;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.models.UNet2DConditionModel;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Parts;
import sc.fiji.diffedit.nn.ResnetBlock2D;
import sc.fiji.diffedit.nn.TimestepEmbedding;
import sc.fiji.diffedit.nn.Transformer2DModel;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Tensor;

/** Blocks of the UNet of SD 1.5 at batch 2, on plain and on packed weights. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class UNetBlocksBenchmark extends NativeState {

	@Param({ "plain", "packed" })
	private String weights;
	@Param("float32")
	private String type;
	/** Level of the UNet, which has 320, 640 or 1280 channels. */
	@Param({ "0", "1", "2" })
	private int level;
	/** Latent pixels along an edge at the first level: 32 for an image of 256 pixels. */
	@Param("32")
	private int side;

	private Parts parts;
	private ResnetBlock2D resnet;
	private Transformer2DModel transformer;
	private TimestepEmbedding embedding;
	private Tensor x;
	private Tensor time;
	private Tensor timestep;
	private Tensor words;

	@Override
	void prepare() {
		final DType dtype = DType.of(type);
		final UNet2DConditionConfig config = UNet2DConditionConfig.of(new Config("benchmark", JsonParser.parseString("{'cross_attention_dim': 768}").getAsJsonObject()));
		parts = Parts.of(new RandomWeights(config, dtype), Kernels.load(UNet2DConditionModel.KERNELS.toArray(new String[0])), dtype);
		final long channels = config.blockOutChannels().get(level);
		final Parts down = parts.at("down_blocks", level);
		resnet = new ResnetBlock2D(down.at("resnets", 1), channels, channels, config.timeEmbedDim(), config.normNumGroups(), config.normEps());
		transformer = new Transformer2DModel(down.at("attentions", 1), channels, config.crossAttentionDim().get(level), config.attentionHeads().get(level), 1,
			config.normNumGroups(), config.useLinearProjection());
		embedding = new TimestepEmbedding(parts.at("time_embedding"), 320, config.timeEmbedDim(), 320, config.flipSinToCos(), config.freqShift());
		if (weights.equals("packed") && !PackedWeights.attach((Network) parts::blocks, 0)) throw new IllegalStateException("no packed weights here");
		x = numbers.randn(dtype, 2, channels, side >> level, side >> level);
		time = numbers.randn(dtype, 2, config.timeEmbedDim());
		timestep = Tensor.full(481, DType.FLOAT32, 2);
		words = numbers.randn(dtype, 2, 77, 768);
	}

	@Override
	void release() {
		List.copyOf(parts.blocks()).forEach(Block::close);
	}

	@Benchmark
	public void resnetBlock() {
		resnet.forward(x, time).close();
	}

	@Benchmark
	public void transformerBlock() {
		transformer.forward(x, words).close();
	}

	@Benchmark
	public void timeEmbedding() {
		embedding.forward(timestep).close();
	}
}
