package sc.fiji.diffedit.fiji.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import sc.fiji.diffedit.engine.EngineBuild;
import sc.fiji.diffedit.engine.InstalledEngines;
import sc.fiji.diffedit.fiji.engine.EngineInstaller;

/** Installs PyTorch's native library. */
@Command(name = "engine", description = {
	"Installs a build of PyTorch's native library outside of Maven, as Plugins > DiffEdit > Install Engine... does.",
	"Nothing is downloaded without --yes; it only says what it would fetch. The folder is below ~/.cache/diffedit, or below the one that DIFFEDIT_CACHE names." })
final class EngineTool extends Tool {

	@Parameters(arity = "0..1", paramLabel = "BUILD", defaultValue = "cpu", description = "cpu, or cu128 for NVIDIA's cards (default: cpu).")
	private String build;
	@Option(names = "--from", paramLabel = "PLACE", defaultValue = "", description = "An address, a file or a folder in place of DJL's own server.")
	private String from;
	@Option(names = "--yes", description = "Download it.")
	private boolean yes;
	@ArgGroup
	private Other other = new Other();

	/** What can be done in place of installing. */
	static final class Other {

		@Option(names = "--list", description = "Say what is installed, and whether it is whole and loads.")
		private boolean list;
		@Option(names = "--remove", description = "Remove a build.")
		private boolean remove;
	}

	EngineTool(final Terminal terminal) {
		super(terminal);
	}

	@Override
	public Integer call() {
		final List<String> lines = other.list ? list() : List.of(changed());
		common().result(Map.of("lines", lines), lines);
		return ExitCode.DONE;
	}

	private String changed() {
		final EngineInstaller installer = new EngineInstaller(InstalledEngines.ofUser());
		if (other.remove) return installer.remove(build);
		WrongUseException.check(() -> EngineInstaller.check(build, from));
		if (!yes && EngineInstaller.needsNetwork(from)) return installer.plan(build, from) + ". Say --yes to fetch it.";
		return installer.install(build, from);
	}

	private static List<String> list() {
		final InstalledEngines engines = InstalledEngines.ofUser();
		final List<String> lines = new ArrayList<>();
		lines.add("Engines in " + engines.root() + ":" + (engines.list().isEmpty() ? " none" : ""));
		for (final EngineBuild build : engines.list()) {
			final List<String> damaged = engines.damaged(build);
			final String trouble = engines.trouble(build);
			lines.add(build + (damaged.isEmpty() ? ": whole" : ": damaged files " + damaged) + (trouble.isEmpty() ? ", loads" : ", does not load: " + trouble));
		}
		return lines;
	}
}
