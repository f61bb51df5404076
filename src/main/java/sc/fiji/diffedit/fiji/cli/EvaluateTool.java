package sc.fiji.diffedit.fiji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.fiji.evaluation.Evaluation;
import sc.fiji.diffedit.fiji.evaluation.Method;
import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.RequestPresets;

/** Measures masks and edits on pictures with known results. */
@Command(name = "evaluate", description = { "Measures masks and edits on pictures with known results.",
	"Without --edits all sources, refinements and thresholds of masks are compared, settings being chosen on one half of the pictures and reported on the other." })
final class EvaluateTool extends Tool {

	/** What shells complete. */
	private static final class Methods extends ArrayList<String> {

		private static final long serialVersionUID = 1L;

		Methods() {
			super(Arrays.stream(Method.values()).map(Method::word).toList());
		}
	}

	@Parameters(arity = "0..1", paramLabel = "FOLDER", description = "Pictures, true masks and expected results with samples.json, as scripts/train_demo_model.py cases writes it; the bundled samples unless given.")
	private Path folder;
	@Option(names = "--model", paramLabel = "MODEL", description = "The model; the embedded one unless given.")
	private String model = DemoModel.NAME;
	@Option(names = "--edits", split = ",", paramLabel = "METHOD", completionCandidates = Methods.class, description = "Whole edits: parity, default, not-grown, stronger, diffusers, diffusers-weaker, truth. All are compared with the first.")
	private List<String> methods = List.of();
	@Option(names = "--expected", description = "With --edits parity: fail if the IoU of a mask is not the one in samples.json, which is what diffusers reached.")
	private boolean expected;
	@Option(names = "--preset", paramLabel = "NAME", description = "With --edits: settings that differ from the samples' own.")
	private String preset;
	@Option(names = "--first", paramLabel = "N", description = "Only so many pictures.")
	private int first = Integer.MAX_VALUE;

	EvaluateTool(final Terminal terminal) {
		super(terminal);
	}

	@Override
	public Integer call() {
		final List<Method> chosen = WrongUseException.check(this::methods);
		final Samples all = folder == null ? Samples.bundled() : Samples.in(folder);
		final Samples samples = WrongUseException.check(() -> wanted(all));
		final Evaluation measured = Evaluation.of(model, samples, chosen, common()::say);
		common().result(measured.json(), measured.lines());
		if (!expected || measured.unexpected().isEmpty()) return ExitCode.DONE;
		throw new DiffEditException("Masks of parity are not as expected: " + String.join(", ", measured.unexpected()) + ".");
	}

	private List<Method> methods() {
		if (methods.isEmpty() && (expected || preset != null)) throw new DiffEditException("--expected and --preset are for whole edits; name their methods, such as --edits parity.");
		final List<Method> named = methods.stream().map(Method::named).toList();
		if (expected && !named.contains(Method.PARITY)) throw new DiffEditException("--expected compares the method parity with diffusers; add it to --edits.");
		return named;
	}

	private Samples wanted(final Samples all) {
		final Samples samples = all.first(first);
		return preset == null ? samples : new Samples(samples.settings().with(RequestPresets.named(preset)), samples.list());
	}
}
