package sc.fiji.diffedit.fiji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.fiji.evaluation.CaseFolder;
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

	@Parameters(arity = "0..1", paramLabel = "FOLDER", description = {
		"Pictures and reference masks with a table samples.csv (columns image, mask, source, target, and if they are known expected, group, change), or samples.json; the bundled samples unless given." })
	private Path folder;
	@Option(names = "--model", paramLabel = "MODEL", description = "The model; the embedded one unless given.")
	private String model = DemoModel.NAME;
	@Option(names = "--edits", split = ",", paramLabel = "METHOD", completionCandidates = Methods.class, description = "Whole edits: parity, default, not-grown, stronger, diffusers, diffusers-weaker, truth, regions (all edits that are listed of one picture, in one pass). All are compared with the first.")
	private List<String> methods = List.of();
	@Option(names = "--inversion", split = ",", paramLabel = "METHOD", description = "With --edits: each of these inversions, such as DDIM,EDICT.")
	private List<String> inversions = List.of();
	@Option(names = "--strength", split = ",", paramLabel = "NUMBER", description = "With --edits: each of these strengths, such as 0.5,0.6,0.8.")
	private List<Double> strengths = List.of();
	@Option(names = "--heat-from", split = ",", paramLabel = "SOURCE", description = "With --edits: masks from each of these heat maps.")
	private List<String> sources = List.of();
	@Option(names = "--mask-refinement", split = ",", paramLabel = "WAY", description = "With --edits: masks refined in each of these ways.")
	private List<String> refinements = List.of();
	@Option(names = "--mask-use", split = ",", paramLabel = "USE", description = "With --edits: masks used in each of these ways, Full or Soft.")
	private List<String> uses = List.of();
	@Option(names = "--check-edit", description = "With --edits: the loss ratio of each edit, and how well it tells those that fail.")
	private boolean checkEdit;
	@Option(names = "--expected", description = "With --edits parity: fail if the IoU of a mask is not the one in samples.json, which is what diffusers reached.")
	private boolean expected;
	@Option(names = "--preset", paramLabel = "NAME", description = "With --edits: settings that differ from the samples' own.")
	private String preset;
	@Option(names = "--first", paramLabel = "N", description = "Only so many pictures.")
	private int first = Integer.MAX_VALUE;
	@Option(names = { "-o", "--output" }, paramLabel = "FOLDER", description = "Writes tables (CSV), evaluation.json, a plot of the means (plot.png) and the ten worst results (worst.png) there.")
	private Path output;

	EvaluateTool(final Terminal terminal) {
		super(terminal);
	}

	@Override
	public Integer call() {
		final List<Method> chosen = WrongUseException.check(this::methods);
		final Samples all = folder == null ? Samples.bundled() : CaseFolder.read(folder);
		final Samples samples = WrongUseException.check(() -> wanted(all));
		WrongUseException.check(() -> {
			Evaluation.requireWays(samples, chosen, axes());
			return samples;
		});
		final Evaluation measured = chosen.isEmpty() ? Evaluation.ofMasks(model, samples, common()::say) : Evaluation.ofEdits(model, samples, chosen, axes(), checkEdit, common()::say);
		if (output != null) measured.save(output);
		common().result(measured.json(), measured.lines());
		if (!expected || measured.unexpected().isEmpty()) return ExitCode.DONE;
		throw new DiffEditException("Masks of parity are not as expected: " + String.join(", ", measured.unexpected()) + ".");
	}

	private List<Method> methods() {
		final boolean isForEdits = expected || checkEdit || preset != null || axes().values().stream().anyMatch(values -> !values.isEmpty());
		if (methods.isEmpty() && isForEdits) {
			throw new DiffEditException("--expected, --check-edit, --preset, --inversion, --strength, --heat-from, --mask-refinement and --mask-use are for whole edits; name their methods, such as --edits default.");
		}
		final List<Method> named = methods.stream().map(Method::named).toList();
		if (expected && !named.contains(Method.PARITY)) throw new DiffEditException("--expected compares the method parity with diffusers; add it to --edits.");
		return named;
	}

	/** What is varied, by the keys of presets. */
	private Map<String, List<?>> axes() {
		final Map<String, List<?>> axes = new LinkedHashMap<>();
		axes.put("heatFrom", sources);
		axes.put("maskRefinement", refinements);
		axes.put("maskUse", uses);
		axes.put("inversion", inversions);
		axes.put("strength", strengths);
		return axes;
	}

	private Samples wanted(final Samples all) {
		final Samples samples = all.first(first);
		return preset == null ? samples : new Samples(samples.settings().with(RequestPresets.named(preset)), samples.list());
	}
}
