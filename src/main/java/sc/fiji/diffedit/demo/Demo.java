package sc.fiji.diffedit.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.Mode;
import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;

/**
 * {@code scripts/demo [FILE.png [SAMPLE ...]]}: DiffEdit from end to end on the bundled samples with the embedded model.
 * Says what it does and how well, and writes a contact sheet.
 */
public final class Demo {

	private Demo() {}

	/** @param arguments where to write the contact sheet; then names of samples, all unless given */
	public static void main(final String[] arguments) {
		try {
			final Path sheet = Path.of(arguments.length > 0 ? arguments[0] : "diffedit-demo.png");
			run(sheet, List.of(arguments).subList(Math.min(1, arguments.length), arguments.length), System.out);
		}
		catch (final DiffEditException e) {
			System.err.println(e.getMessage());
			System.exit(1);
		}
	}

	/**
	 * Runs the samples, prints the results and writes the contact sheet.
	 *
	 * @param sheet the PNG file to write
	 * @param names of the samples to run; all when empty
	 */
	static void run(final Path sheet, final List<String> names, final PrintStream out) {
		final long start = System.nanoTime();
		final Samples samples = Samples.bundled();
		final List<Sample> chosen = chosen(samples, names);
		final List<SampleResult> results = new ArrayList<>();
		try (ModelStore models = new ModelStore(); ModelLease lease = models.borrow(DemoModel.NAME); Neighbour neighbour = new Neighbour(samples.settings())) {
			announce(samples.settings(), lease, out);
			for (int i = 0; i < chosen.size(); i += 2) {
				final Optional<Future<SampleResult>> beside = i + 1 < chosen.size() ? Optional.of(neighbour.start(chosen.get(i + 1))) : Optional.empty();
				results.add(SampleResult.of(lease.diffEdit(), chosen.get(i), samples.settings(), Mode.DEFAULT));
				beside.map(Neighbour::end).ifPresent(results::add);
				results.subList(i, results.size()).forEach(result -> print(result, out));
			}
		}
		PngFiles.write(ContactSheet.of(results), sheet);
		out.printf(Locale.ROOT, "mean mask IoU %.3f, %d of %d edits reached the target, %.1f s%n", results.stream().mapToDouble(r -> r.figures().iou()).average().orElse(0),
			results.stream().filter(r -> r.figures().success()).count(), results.size(), (System.nanoTime() - start) / 1e9);
		out.println("contact sheet: " + sheet.toAbsolutePath().normalize());
	}

	/** Every second sample is computed beside the one before, on a model of its own: networks this small leave a second core idle. */
	private static final class Neighbour implements AutoCloseable {

		private final ExecutorService thread = Executors.newSingleThreadExecutor();
		private final ModelStore models = new ModelStore();
		private final Samples.Settings settings;

		Neighbour(final Samples.Settings settings) {
			this.settings = settings;
		}

		Future<SampleResult> start(final Sample sample) {
			return thread.submit(() -> {
				try (ModelLease lease = models.borrow(DemoModel.NAME)) {
					return SampleResult.of(lease.diffEdit(), sample, settings, Mode.DEFAULT);
				}
			});
		}

		static SampleResult end(final Future<SampleResult> started) {
			try {
				return started.get();
			}
			catch (final ExecutionException e) {
				if (e.getCause() instanceof RuntimeException cause) throw cause;
				throw new IllegalStateException(e.getCause());
			}
			catch (final InterruptedException e) {
				Thread.currentThread().interrupt();
				throw new CancelledException();
			}
		}

		@Override
		public void close() {
			thread.shutdownNow();
			models.close();
		}
	}

	private static List<Sample> chosen(final Samples samples, final List<String> names) {
		if (names.isEmpty()) return samples.list();
		final List<Sample> chosen = samples.list().stream().filter(s -> names.contains(s.name())).toList();
		if (chosen.isEmpty()) {
			throw new DiffEditException("There is no sample named " + String.join(" or ", names) + "; there are "
				+ String.join(", ", samples.list().stream().map(Sample::name).toList()) + ".");
		}
		return chosen;
	}

	private static void announce(final Samples.Settings settings, final ModelLease lease, final PrintStream out) {
		out.printf(Locale.ROOT, "DiffEdit with the embedded model on %s. For each sample:%n", lease.device());
		out.printf(Locale.ROOT, "  mask:      %d noisy copies at strengths around %s, where do the two prompts disagree? It follows outlines.%n", settings.numMapsPerMask(),
			settings.maskEncodeStrength());
		out.printf(Locale.ROOT, "  inversion: %d steps, strength %s, back towards noise under the first prompt%n", settings.editSteps(), EditRequest.DEFAULTS.inpaintStrength());
		out.printf(Locale.ROOT, "  edit:      forward again under the second prompt, guidance %s, inside the mask only%n%n", settings.guidance());
	}

	private static void print(final SampleResult result, final PrintStream out) {
		out.printf(Locale.ROOT, "%s  %s -> %s%n", result.sample().name(), result.sample().sourcePrompt(), result.sample().targetPrompt());
		out.printf(Locale.ROOT, "    mask %4.1f %% of the image, IoU with the truth %.3f; edit %s; outside the truth %.1f dB%n", 100 * result.mask().area(),
			result.figures().iou(), result.figures().success() ? "reached the target" : "missed the target", result.figures().outsidePsnr());
	}
}
