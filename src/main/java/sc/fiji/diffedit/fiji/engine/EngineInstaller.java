package sc.fiji.diffedit.fiji.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Properties;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.engine.DjlEngine;
import sc.fiji.diffedit.engine.EngineBuild;
import sc.fiji.diffedit.engine.InstalledEngines;
import sc.fiji.diffedit.engine.ReplacedEngines;
import sc.fiji.diffedit.hub.DownloadProgress;

/**
 * Installs and removes builds of libtorch for this machine.
 *
 * <pre>{@code
 * EngineInstaller installer = new EngineInstaller(InstalledEngines.ofUser());
 * System.err.println(installer.plan("cpu", ""));                   // what would be fetched from where
 * installer.install("cpu", "/media/stick/pytorch-native-cpu-2.7.1-linux-x86_64.jar");
 * }</pre>
 */
public final class EngineInstaller {

	private final InstalledEngines engines;
	private final DownloadProgress progress;
	private final ReplacedEngines replaced;

	/** An installer that does not report progress. */
	public EngineInstaller(final InstalledEngines engines) {
		this(engines, DownloadProgress.NONE);
	}

	EngineInstaller(final InstalledEngines engines, final DownloadProgress progress) {
		this.engines = engines;
		this.progress = progress;
		replaced = new ReplacedEngines(engines.root());
	}

	/** Whether the source is on the network. */
	public static boolean needsNetwork(final String source) {
		return source.isBlank() || source.trim().toLowerCase(java.util.Locale.ROOT).startsWith("http");
	}

	/**
	 * Looks at what a user has written, without the network.
	 *
	 * @param flavor {@code cpu} or a CUDA build such as {@code cu128}
	 * @param source a file, a folder or an address; empty for DJL's own distribution
	 * @throws DiffEditException if there is no such build for this machine, or no such source
	 */
	public static void check(final String flavor, final String source) {
		EngineSource.of(source, EngineBuild.here(flavor));
	}

	/**
	 * Describes in one sentence what an installation would download, from where and to where; requests sizes from the server.
	 *
	 * @param flavor {@code cpu} or a CUDA build such as {@code cu128}
	 * @param source a file, a folder or an address; empty for DJL's own distribution
	 */
	public String plan(final String flavor, final String source) {
		final EngineBuild wanted = EngineBuild.here(flavor);
		final long bytes = EngineSource.of(source, wanted).download();
		return "PyTorch " + wanted + ": " + Bytes.format(bytes) + " from " + (source.isBlank() ? EngineSource.STANDARD : source) + " into "
			+ engines.root();
	}

	/**
	 * Installs a build; one of the same name is replaced. It is used at once if no engine was loaded yet, else after a restart.
	 *
	 * @return the outcome, in one sentence
	 * @throws DiffEditException if it cannot be downloaded completely or is not for this machine; nothing is changed then
	 */
	public String install(final String flavor, final String source) {
		final EngineSource from = EngineSource.of(source, EngineBuild.here(flavor));
		try (InstallTurn turn = InstallTurn.take(engines.root(), progress)) {
			replaced.settle();
			final Path downloads = Files.createDirectories(engines.root().resolve("downloads"));
			final Path fresh = turn.folder();
			return installed(replace(from.unpack(fresh, downloads, progress), fresh, source));
		}
		catch (final IOException e) {
			throw new DiffEditException("The engine cannot be written to " + engines.root() + " (" + WholeFile.reason(e)
				+ "); free some space there or name another folder with -Ddiffedit.cache=FOLDER.", e);
		}
	}

	/** What was there before comes back if the new one cannot take its place, also after the process was killed. */
	private EngineBuild replace(final EngineBuild build, final Path fresh, final String source) throws IOException {
		final Properties facts = new Properties();
		facts.setProperty("source", source.isBlank() ? EngineSource.STANDARD : source);
		engines.complete(fresh, build, facts);
		if (Files.exists(engines.folder(build))) replaced.setAside(engines.folder(build));
		try {
			Files.move(fresh, engines.folder(build), StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			replaced.settle();
		}
		return build;
	}

	private String installed(final EngineBuild build) throws IOException {
		final String doubts = new KnownLibraries().doubts(build, engines.record(build));
		final String size = Bytes.format(Unpacking.size(engines.folder(build))) + (doubts.isEmpty() ? "" : "; " + doubts);
		final String trouble = engines.trouble(build);
		if (trouble.isEmpty()) {
			return "PyTorch " + build + " (" + size + ") is installed in " + engines.folder(build)
				+ (DjlEngine.hasTried() ? "; restart to use it, since a process loads one engine only." : "; the next command uses it.");
		}
		final String instead = build.isCuda() ? "the CPU library is used instead" : "install a build that fits this machine";
		return "PyTorch " + build + " (" + size + ") is installed, but does not load here: " + trouble + "; " + instead + ".";
	}

	/** Removes a build; returns a sentence with the freed space. */
	public String remove(final String flavor) {
		final EngineBuild build = EngineBuild.here(flavor);
		if (!engines.list().contains(build)) {
			throw new DiffEditException("PyTorch " + build + " is not installed in " + engines.root() + "; there is " + names() + ".");
		}
		try (InstallTurn turn = InstallTurn.take(engines.root(), progress)) {
			final long bytes = Unpacking.size(engines.folder(build));
			Files.move(replaced.setAside(engines.folder(build)), turn.folder().resolve(build.toString()), StandardCopyOption.ATOMIC_MOVE);
			replaced.settle();
			return "PyTorch " + build + " is removed; " + Bytes.format(bytes) + " are free again.";
		}
		catch (final IOException e) {
			throw new DiffEditException("PyTorch " + build + " could not be removed (" + WholeFile.reason(e) + "); close all programs that use it and try again.", e);
		}
	}

	private String names() {
		final List<String> names = engines.list().stream().map(EngineBuild::toString).toList();
		return names.isEmpty() ? "nothing" : String.join(", ", names);
	}
}
