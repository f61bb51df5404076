package sc.fiji.diffedit.benchmark.kernels;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Numbers;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** What a call from Java costs besides its arithmetic, and the way of latents to plain Java and back. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class CallsBenchmark extends NativeState {

	private Tensor one;
	private Tensor latents;
	private Numbers plain;

	@Override
	void prepare() {
		one = Tensor.full(1, DType.FLOAT32, 1);
		latents = numbers.randn(DType.FLOAT32, 1, 4, 64, 64);
		plain = Numbers.of(latents);
	}

	@Benchmark
	public void kernelCall() {
		one.plus(1).close();
	}

	@Benchmark
	public void scope() {
		try (Scope scope = Scope.open()) {
			one.plus(1);
		}
	}

	@Benchmark
	public Numbers toJava() {
		return Numbers.of(latents);
	}

	@Benchmark
	public void fromJava() {
		plain.toTensor(Device.CPU).close();
	}
}
