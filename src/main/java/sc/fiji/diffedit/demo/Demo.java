package sc.fiji.diffedit.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
		final List<SampleResult> results = new ArrayList<>();
		try (ModelStore models = new ModelStore(); ModelLease lease = models.borrow(DemoModel.NAME)) {
			announce(samples.settings(), lease, out);
			for (final Sample sample : chosen(samples, names)) {
				final SampleResult result = SampleResult.of(lease.diffEdit(), sample, samples.settings(), Mode.DEFAULT);
				print(result, out);
				results.add(result);
			}
		}
		PngFiles.write(ContactSheet.of(results), sheet);
		out.printf(Locale.ROOT, "mean mask IoU %.3f, %d of %d edits reached the target, %.1f s%n", results.stream().mapToDouble(r -> r.figures().iou()).average().orElse(0),
			results.stream().filter(r -> r.figures().success()).count(), results.size(), (System.nanoTime() - start) / 1e9);
		out.println("contact sheet: " + sheet.toAbsolutePath().normalize());
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
