package sc.fiji.diffedit.benchmark;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import sc.fiji.diffedit.memory.Activations;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * What the networks of a model take for activations, beside what {@link Activations} expects: arguments are a model folder,
 * an element type, a memory plan, and image sides in pixels. Each network is called once to load and pack its weights; the
 * second call is measured.
 */
public final class ActivationsBenchmark {

	private final PrintStream out;
	private final DiffusionModel model;

	private ActivationsBenchmark(final PrintStream out, final DiffusionModel model) {
		this.out = out;
		this.model = model;
	}

	public static void main(final String[] arguments) {
		final LoadOptions options = LoadOptions.of(arguments[0]).withDtype(DType.of(arguments[1])).withMemory(MemoryPlan.parse(arguments[2]));
		final int[] sides = Arrays.stream(arguments).skip(3).mapToInt(Integer::parseInt).toArray();
		try (ModelStore store = new ModelStore(); ModelLease lease = store.borrow(options)) {
			store.results().setLimit(0);
			lease.call(model -> {
				final ActivationsBenchmark benchmark = new ActivationsBenchmark(System.out, model);
				benchmark.compareTexts();
				for (final int side : sides) benchmark.compare(side);
				return null;
			});
		}
	}

	/** Two text encoders read one after the other. */
	private void compareTexts() {
		for (final int rows : List.of(1, 16)) {
			final List<String> prompts = IntStream.range(0, rows).mapToObj(number -> "cat number " + number).toList();
			final long expected = model.promptEncoder().networks().values().stream().mapToLong(text -> Activations.ofTokens(text, rows)).max().orElse(0);
			measure("text, " + rows + " rows", 0, expected, () -> model.promptEncoder().encode(prompts, 0).encoderHiddenStates());
		}
	}

	private void compare(final int side) {
		final int edge = side / model.vae().scaleFactor();
		for (final int rows : List.of(1, 2)) {
			final Tensor latents = Tensor.full(0.1, model.unet().dtype(), rows, 4, edge, edge);
			final Conditioning conditioning = model.promptEncoder().encode(java.util.Collections.nCopies(rows, "a cat"), 0);
			final Conditioning all = conditioning.added().isEmpty() ? conditioning
				: conditioning.with(Conditioning.TIME_IDS, Tensor.full(side, DType.FLOAT32, rows, 6));
			measure("unet, " + rows + " rows", side, Activations.ofUnet(model.unet(), rows, edge, edge), () -> model.unet().predict(latents, 500, all));
		}
		final Tensor image = Tensor.full(0.1, model.vae().dtype(), 1, 3, side, side);
		measure("vae encode", side, Activations.ofEncoder(model.vae(), side, side), () -> model.vae().encode(image).parameters());
		final Tensor latents = Tensor.full(0.1, model.vae().dtype(), 1, 4, edge, edge);
		measure("vae decode", side, Activations.ofDecoder(model.vae(), side, side), () -> model.vae().decode(latents));
	}

	private void measure(final String what, final int side, final long expected, final Supplier<Tensor> run) {
		try (Scope scope = Scope.open()) {
			run.get();
		}
		final long start = System.nanoTime();
		final long above;
		try (PeakMemory peak = PeakMemory.watch(); Scope scope = Scope.open()) {
			run.get();
			above = peak.above();
		}
		out.printf("%-14s %4d: measured %7.1f MB, expected %7.1f MB, ratio %.2f, %.2f s%n", what, side, above / 1e6, expected / 1e6,
			expected / (double) Math.max(1, above), (System.nanoTime() - start) * 1e-9);
	}
}
