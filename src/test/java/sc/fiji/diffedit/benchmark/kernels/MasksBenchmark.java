package sc.fiji.diffedit.benchmark.kernels;

import java.awt.Rectangle;
import java.awt.Shape;
import java.util.List;
import java.util.Optional;
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

import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.MaskShape;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Outline;
import sc.fiji.diffedit.fiji.Padding;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.Guide;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.Threshold;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.MaskBits;
import sc.fiji.diffedit.tensor.Picture;

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

	private static final Threshold MOVED = new Threshold.Top(0.4);
	private static final MaskShape FARTHEST = new MaskShape(0, true, 10_000, 10_000, 50);

	private DifferenceMap map;
	private Mask small;
	private Mask large;
	private Padding padding;
	private LocatedMap located;

	@Setup
	public void prepare() {
		final Random random = new Random(1);
		final float[] values = new float[side / 8 * (side / 8)];
		for (int i = 0; i < values.length; i++) values[i] = random.nextFloat() * random.nextFloat();
		map = new DifferenceMap(side / 8, side / 8, values);
		small = map.above(3);
		padding = new Padding(side, side, 8);
		final Guide guide = new Guide(new Picture(side, side, 3, colours(random)), 8);
		final MaskResult found = MaskResult.of(List.of(map), List.of(guide), MaskRequest.DEFAULTS);
		located = new LocatedMap(found, new Rectangle(side, side), Optional.empty(), 8, side, side, new Position(1, 1, 1));
		large = Masks.enlarged(small, padding, false);
	}

	private float[] colours(final Random random) {
		final float[] colours = new float[3 * side * side];
		for (int i = 0; i < colours.length; i++) colours[i] = random.nextFloat();
		return colours;
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

	/** As far as the window's slider goes; the time does not depend on how far. */
	@Benchmark
	public Mask growFar() {
		return Masks.grown(large, 50);
	}

	@Benchmark
	public Mask feather() {
		return Masks.feathered(large, 4);
	}

	/** What the DiffEdit window computes when its threshold moves: the mask of a map that follows outlines. */
	@Benchmark
	public Mask moveThreshold() {
		return located.mask(MOVED, MaskShape.PLAIN);
	}

	/** The same with everything that shapes a mask, at the right ends of the sliders. */
	@Benchmark
	public Mask moveThresholdOfAShapedMask() {
		return located.mask(MOVED, FARTHEST);
	}

	/** What it computes, once, when the smoothing of the heat map moves; the time does not depend on how far. */
	@Benchmark
	public LocatedMap smoothHeat() {
		return located.smoothed(MOVED, FARTHEST.withSmoothMap(32));
	}

	/** What it computes to draw the mask. */
	@Benchmark
	public Shape outline() {
		return Outline.of(MaskBits.of(large));
	}
}
