package sc.fiji.diffedit.fiji.cli;

import java.util.List;
import java.util.Map;

import picocli.CommandLine.Command;

import sc.fiji.diffedit.fiji.engine.InstallationReport;
import sc.fiji.diffedit.service.DiffusionModelService;

/** Says what runs here. */
@Command(name = "check", description = "Says which libraries and devices are used here, and whether a step of the model that ships with the plugin works.")
final class CheckTool extends Tool {

	CheckTool(final Terminal terminal) {
		super(terminal);
	}

	@Override
	public Integer call() {
		final DiffusionModelService models = common().terminal().context().get().service(DiffusionModelService.class);
		final List<String> lines = new InstallationReport(models).textWithSelfTest().lines().toList();
		common().result(Map.of("lines", lines), lines);
		return ExitCode.DONE;
	}
}
