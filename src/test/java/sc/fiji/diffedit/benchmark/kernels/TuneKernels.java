package sc.fiji.diffedit.benchmark.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.KernelWay;
import sc.fiji.diffedit.tensor.ProcessorClass;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.SlowConvolutions;
import sc.fiji.diffedit.tensor.Torch;

/**
 * Measures each {@link KernelWay} for each type it may be taken for, on layers of Stable Diffusion, with and without it in turn, prints a table,
 * and writes those that save enough into this processor's line of {@code choices.properties}.
 */
public final class TuneKernels {

	private static final int ROUNDS = 7;
	/** The part of the time that a way must leave to be taken; Winograd's takes 1.7 times the memory, and as much longer to pack. */
	private static final double PAYS = 0.95, WINOGRAD_PAYS = 0.8;

	private final List<String> taken = new ArrayList<>();

	private TuneKernels() {}

	/** Takes the path of {@code choices.properties}. */
	public static void main(final String[] arguments) throws IOException {
		Torch.prepareThread();
		final TuneKernels tuning = new TuneKernels();
		System.out.println("| way | type | layer | with, ms | without, ms | with / without |\n| --- | --- | --- | --- | --- | --- |");
		for (final KernelWay way : KernelWay.values()) {
			for (final DType dtype : List.of(DType.FLOAT32, DType.BFLOAT16)) tuning.measure(way, dtype);
		}
		tuning.write(Path.of(arguments[0]));
	}

	private void measure(final KernelWay way, final DType dtype) {
		if (way == KernelWay.WINOGRAD && dtype != DType.FLOAT32) return;
		if (SlowConvolutions.has(dtype)) return;
		double with = 0, without = 0;
		for (final Trial trial : Trial.of(way, dtype)) {
			final double[] best = measured(trial, way, dtype);
			System.out.printf(Locale.ROOT, "| %s | %s | %s | %.2f | %.2f | %.2f |%n", way, dtype.torchName(), trial.name(), best[0], best[1], best[0] / best[1]);
			with += best[0];
			without += best[1];
		}
		if (with < (way == KernelWay.WINOGRAD ? WINOGRAD_PAYS : PAYS) * without) taken.add(way + ":" + dtype.name().toLowerCase(Locale.ROOT));
	}

	/** Milliseconds of the fastest call with the way and without it, a call of each in turn. */
	private static double[] measured(final Trial trial, final KernelWay way, final DType dtype) {
		final double[] best = { Double.MAX_VALUE, Double.MAX_VALUE };
		try (Scope scope = Scope.open()) {
			final Trial.Ready with = trial.ready(way + ":" + dtype.name()), without = trial.ready("none");
			for (int round = 0; round < ROUNDS; round++) {
				best[0] = Math.min(best[0], milliseconds(with));
				best[1] = Math.min(best[1], milliseconds(without));
			}
			with.close();
			without.close();
		}
		return best;
	}

	private static double milliseconds(final Trial.Ready ready) {
		final long start = System.nanoTime();
		ready.run();
		return (System.nanoTime() - start) * 1e-6;
	}

	private void write(final Path table) throws IOException {
		final String name = ProcessorClass.here().toString(), line = name + " = " + (taken.isEmpty() ? "none" : String.join(", ", taken));
		final List<String> lines = Files.readAllLines(table, StandardCharsets.UTF_8);
		lines.replaceAll(old -> old.startsWith(name + " = ") ? line : old);
		Files.write(table, lines, StandardCharsets.UTF_8);
		System.out.println("\n" + line);
	}
}
