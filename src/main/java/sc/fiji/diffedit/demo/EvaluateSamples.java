package sc.fiji.diffedit.demo;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.sun.management.OperatingSystemMXBean;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.Mode;
import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.service.RequestPresets;

/**
 * {@code scripts/evaluate-samples DIR [--parity] [--preset NAME]}: mask IoU, PSNR outside the truth and success of the edit for every
 * case of a folder with {@code samples.json}; the last line has the means and the time. A preset changes the samples' settings. With {@code --parity}, what diffusers reached stands
 * beside, and the run fails where the IoU of a mask is further than {@value #PARITY_TOLERANCE} from it.
 */
public final class EvaluateSamples {

	/** How far parity may be from what diffusers reached: a few mask pixels lie within rounding of the threshold. */
	static final double PARITY_TOLERANCE = 0.02;

	private EvaluateSamples() {}

	public static void main(final String[] arguments) {
		System.exit(run(arguments, System.out));
	}

	static int run(final String[] arguments, final PrintStream out) {
		final List<String> rest = new ArrayList<>(List.of(arguments));
		final Mode mode = rest.remove("--parity") ? Mode.PARITY : Mode.DEFAULT;
		final String preset = preset(rest);
		if (rest.size() != 1) {
			out.println("usage: evaluate-samples DIR [--parity] [--preset NAME]");
			return 2;
		}
		try {
			final Samples samples = Samples.in(Path.of(rest.get(0)));
			return evaluate(new Samples(samples.settings().with(RequestPresets.named(preset)), samples.list()), mode, out);
		}
		catch (final DiffEditException e) {
			out.println(e.getMessage());
			return 2;
		}
	}

	/** Takes the name of a preset out of the arguments. */
	private static String preset(final List<String> arguments) {
		final int at = arguments.indexOf("--preset");
		if (at < 0 || at + 1 == arguments.size()) return RequestPresets.STANDARD;
		arguments.remove(at);
		return arguments.remove(at);
	}

	private static int evaluate(final Samples samples, final Mode mode, final PrintStream out) {
		final List<SampleResult> results = new ArrayList<>();
		int far = 0;
		long start = 0;
		try (ModelStore models = new ModelStore(); ModelLease lease = models.borrow(DemoModel.NAME)) {
			for (final Sample sample : samples.list()) {
				if (results.size() == 1) start = cpuNanos();               // the first one packs weights
				final SampleResult result = SampleResult.of(lease.diffEdit(), sample, samples.settings(), mode);
				results.add(result);
				out.println(line(result) + (mode == Mode.PARITY ? expected(sample) : ""));
				if (isFar(result)) far++;
			}
		}
		out.println(means(results) + String.format(Locale.ROOT, "  %.2f CPU seconds each", (cpuNanos() - start) / 1e9 / Math.max(1, results.size() - 1)));
		return mode == Mode.PARITY && far > 0 ? 1 : 0;
	}

	/** Of all threads: on a busy machine it says more than the clock. */
	private static long cpuNanos() {
		return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
	}

	private static boolean isFar(final SampleResult result) {
		return !(Math.abs(result.figures().iou() - result.sample().expected().iou()) <= PARITY_TOLERANCE);
	}

	private static String line(final SampleResult result) {
		return String.format(Locale.ROOT, "%-8s  IoU %.3f  outside %6.2f dB  edit %s", result.sample().name(), result.figures().iou(),
			result.figures().outsidePsnr(), result.figures().success() ? "success" : "failure");
	}

	private static String expected(final Sample sample) {
		return String.format(Locale.ROOT, "   diffusers: IoU %.3f  outside %5.2f dB  edit %s", sample.expected().iou(),
			sample.expected().outsidePsnr(), sample.expected().success() ? "success" : "failure");
	}

	private static String means(final List<SampleResult> results) {
		return String.format(Locale.ROOT, "mean of %d  IoU %.3f  outside %6.2f dB  edit success %.3f", results.size(),
			results.stream().mapToDouble(r -> r.figures().iou()).average().orElse(0),
			results.stream().mapToDouble(r -> r.figures().outsidePsnr()).average().orElse(0),
			results.stream().mapToDouble(r -> r.figures().success() ? 1 : 0).average().orElse(0));
	}
}
