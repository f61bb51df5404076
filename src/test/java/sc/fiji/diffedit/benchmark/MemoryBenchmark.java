package sc.fiji.diffedit.benchmark;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

import sc.fiji.diffedit.benchmark.PeakMemory.Resident;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.service.DiffEdit;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Torch;

/**
 * What one task takes of memory and time under one memory plan, in a process of its own. Arguments: model folder, element
 * type, plan, task ({@code mask}, {@code edit} or {@code text}), image side in pixels, and maps or steps. Prints one line of
 * what {@code scripts/benchmarks/memory_diffusers.py} prints of diffusers, and before it what was expected.
 * <p>
 * The weights are brought into memory by a first small run of the same size; what the second one adds to the anonymous pages
 * is the memory above the weights.
 */
public final class MemoryBenchmark {

	private final PrintStream out;
	private final String task;
	private final int side;
	private final int count;

	private MemoryBenchmark(final PrintStream out, final String task, final int side, final int count) {
		this.out = out;
		this.task = task;
		this.side = side;
		this.count = count;
	}

	public static void main(final String[] arguments) {
		final LoadOptions options = LoadOptions.of(arguments[0]).withDtype(DType.of(arguments[1])).withMemory(MemoryPlan.parse(arguments[2]));
		new MemoryBenchmark(System.out, arguments[3], Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5])).run(options);
	}

	private void run(final LoadOptions options) {
		Torch.prepareThread();
		try (PeakMemory whole = PeakMemory.watch(); ModelStore store = new ModelStore(); ModelLease lease = store.borrow(options)) {
			lease.setNotes(out::println);
			work(lease, 1);
			store.results().clear();
			final long start = System.nanoTime();
			try (PeakMemory peak = PeakMemory.watch()) {
				final Resident before = peak.first();
				work(lease, count);
				out.printf(Locale.ROOT, "ours %s %s %s %d x%d: above the weights %.0f MB, anonymous %.0f MB before and %.0f MB at the peak, files %.0f MB,"
					+ " most of all %.2f GiB, %.1f s%n", options.dtype().name().toLowerCase(Locale.ROOT), options.memory(), task, side, count, peak.above() / 1e6,
					before.anonymous() / 1e6, whole.anonymous() / 1e6, Resident.now().file() / 1e6, whole.all() / (double) (1 << 30), (System.nanoTime() - start) * 1e-9);
			}
		}
	}

	private void work(final ModelLease lease, final int times) {
		final DiffEdit diffEdit = lease.diffEdit();
		switch (task) {
			case "mask":
				diffEdit.generateMask(image(), MaskRequest.between("a bowl of fruit", "a bowl of pears").withNumMapsPerMask(times));
				return;
			case "edit":
				diffEdit.generateMask(image(), MaskRequest.between("a bowl of fruit", "a bowl of pears").withNumMapsPerMask(1));
				final Inversion inverted = diffEdit.invert(image(), InvertRequest.of("a bowl of fruit").withNumInferenceSteps(times).withInpaintStrength(1));
				diffEdit.edit(EditRequest.to("a bowl of pears").withNumInferenceSteps(times).withInpaintStrength(1), List.of(half()), inverted);
				return;
			case "text":
				lease.textToImage(TextToImageRequest.of("a bowl of fruit").withWidth(side).withHeight(side).withNumInferenceSteps(times), StepListener.NONE);
				return;
			default:
				throw new IllegalArgumentException("no task " + task + "; take mask, edit or text");
		}
	}

	private ImageInput image() {
		final float[] values = new float[3 * side * side];
		for (int i = 0; i < values.length; i++) values[i] = i % 251 / 250f;
		return ImageInput.of(new Picture(side, side, 3, values));
	}

	private Mask half() {
		final float[] values = new float[side * side];
		java.util.Arrays.fill(values, 0, values.length / 2, 1);
		return new Mask(side, side, values);
	}
}
