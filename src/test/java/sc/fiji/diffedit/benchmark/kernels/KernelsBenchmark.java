package sc.fiji.diffedit.benchmark.kernels;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Parameters;
import sc.fiji.diffedit.tensor.Tensor;

/** Single kernels: attention among the pixels of a square image, and a 3x3 convolution of the autoencoder, plain and with fewer products. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class KernelsBenchmark extends NativeState {

	private static final Kernels KERNELS = Kernels.load("layers", "attention", "onednn_products", "winograd", "doubled", "fast_conv");

	/** Latent pixels along an edge: 64 for an image of 512 pixels. */
	@Param({ "32", "64" })
	private int side;
	@Param("float32")
	private String type;
	/** Channels of the convolution. */
	@Param("512")
	private int channels;

	private Tensor tokens;
	private Tensor image;
	private Parameters layer;

	@Override
	void prepare() {
		tokens = numbers.randn(DType.of(type), 2, (long) side * side, 320);
		image = numbers.randn(DType.of(type), 1, channels, side, side);
		layer = new Parameters(Map.of("c.weight", numbers.randn(DType.of(type), channels, channels, 3, 3), "c.bias", numbers.randn(DType.of(type), channels)));
	}

	@Override
	void release() {
		layer.close();
	}

	@Benchmark
	public void attention() {
		KERNELS.call("attention", tokens, tokens, tokens, 8).close();
	}

	@Benchmark
	public void convolution() {
		KERNELS.call("conv", image, layer, "c", 1, 1).close();
	}

	@Benchmark
	public void fastConvolution() {
		KERNELS.call("conv3", image, layer, "c").close();
	}
}
