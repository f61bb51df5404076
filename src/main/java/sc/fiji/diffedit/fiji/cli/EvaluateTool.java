package sc.fiji.diffedit.fiji.cli;

import java.nio.file.Path;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.fiji.evaluation.Evaluation;
import sc.fiji.diffedit.service.DemoModel;

/** Measures masks and edits on pictures with known results. */
@Command(name = "evaluate", description = { "Measures masks and edits on pictures with known results.",
	"Without --edits all sources, refinements and thresholds of masks are compared, settings being chosen on one half of the pictures and reported on the other." })
final class EvaluateTool extends Tool {

	@Parameters(arity = "0..1", paramLabel = "FOLDER", description = "Pictures, true masks and expected results with samples.json, as scripts/train_demo_model.py cases writes it; the bundled samples unless given.")
	private Path folder;
	@Option(names = "--model", paramLabel = "MODEL", description = "The model; the embedded one unless given.")
	private String model = DemoModel.NAME;
	@Option(names = "--edits", split = ",", paramLabel = "METHOD", description = "Whole edits: default, not-grown, weaker, diffusers, diffusers-weaker, truth. All are compared with the first.")
	private List<String> methods = List.of();
	@Option(names = "--first", paramLabel = "N", description = "Only so many pictures.")
	private int first = Integer.MAX_VALUE;

	EvaluateTool(final Terminal terminal) {
		super(terminal);
	}

	@Override
	public Integer call() {
		final Samples all = folder == null ? Samples.bundled() : Samples.in(folder);
		final Samples samples = new Samples(all.settings(), all.list().subList(0, Math.max(1, Math.min(first, all.list().size()))));
		final Evaluation measured = Evaluation.of(model, samples, methods, common()::say);
		common().result(measured.json(), measured.lines());
		return ExitCode.DONE;
	}
}
