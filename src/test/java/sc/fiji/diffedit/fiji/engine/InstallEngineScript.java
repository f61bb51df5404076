package sc.fiji.diffedit.fiji.engine;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.engine.EngineBuild;
import sc.fiji.diffedit.engine.InstalledEngines;

/** The program behind {@code scripts/install-engine}. */
public final class InstallEngineScript {

	private static final String USAGE = """
		install-engine [BUILD] [--from ADDRESS|FILE|FOLDER] [--yes]   installs a build of PyTorch's native library: cpu (default) or cu128
		install-engine --list                                         says what is installed and whether it is whole and loads
		install-engine --remove [BUILD]                               removes a build
		Nothing is downloaded without --yes; it only says what it would fetch. The folder is below ~/.cache/diffedit, or
		below the one that DIFFEDIT_CACHE names.""";

	private final EngineInstaller installer = new EngineInstaller(InstalledEngines.ofUser());
	private String flavor = "cpu";
	private String from = "";
	private boolean yes;

	private InstallEngineScript() {}

	public static void main(final String[] args) {
		try {
			System.out.println(new InstallEngineScript().run(new ArrayList<>(List.of(args))));
		}
		catch (final DiffEditException e) {
			System.err.println(e.getMessage());
			System.exit(1);
		}
	}

	private String run(final List<String> words) {
		final boolean list = words.remove("--list");
		final boolean remove = words.remove("--remove");
		yes = words.remove("--yes");
		final int source = words.indexOf("--from");
		if (source >= 0 && source + 1 < words.size()) {
			from = words.remove(source + 1);
			words.remove(source);
		}
		if (words.size() > 1 || words.stream().anyMatch(word -> word.startsWith("-"))) return USAGE;
		if (!words.isEmpty()) flavor = words.get(0);
		if (list) return list();
		return remove ? installer.remove(flavor) : install();
	}

	private String install() {
		if (!yes && EngineInstaller.needsNetwork(from)) return installer.plan(flavor, from) + ". Say --yes to fetch it.";
		return installer.install(flavor, from);
	}

	private String list() {
		final InstalledEngines engines = InstalledEngines.ofUser();
		final StringBuilder lines = new StringBuilder("Engines in " + engines.root() + ":");
		for (final EngineBuild build : engines.list()) {
			final List<String> damaged = engines.damaged(build);
			final String trouble = engines.trouble(build);
			lines.append("\n").append(build).append(damaged.isEmpty() ? ": whole" : ": damaged files " + damaged)
				.append(trouble.isEmpty() ? ", loads" : ", does not load: " + trouble);
		}
		return engines.list().isEmpty() ? lines + " none" : lines.toString();
	}
}
