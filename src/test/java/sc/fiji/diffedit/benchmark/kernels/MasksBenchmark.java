package sc.fiji.diffedit.benchmark.kernels;

import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Padding;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.tensor.Mask;

/** From a difference map to the mask of an image: cutting, enlarging, growing, feathering. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class MasksBenchmark {

	/** Pixels along an edge of the image. */
	@Param({ "512", "1024" })
	private int side;

	private DifferenceMap map;
	private Mask small;
	private Mask large;
	private Padding padding;

	@Setup
	public void prepare() {
		final Random random = new Random(1);
		final float[] values = new float[side / 8 * (side / 8)];
		for (int i = 0; i < values.length; i++) values[i] = random.nextFloat() * random.nextFloat();
		map = new DifferenceMap(side / 8, side / 8, values);
		small = map.above(3);
		padding = new Padding(side, side, 8);
		large = Masks.enlarged(small, padding, false);
	}

	@Benchmark
	public Mask threshold() {
		return map.above(3);
	}

	@Benchmark
	public Mask enlargeSmoothly() {
		return Masks.enlarged(small, padding, true);
	}

	@Benchmark
	public Mask grow() {
		return Masks.grown(large, 4);
	}

	@Benchmark
	public Mask feather() {
		return Masks.feathered(large, 4);
	}
}
