package sc.fiji.diffedit.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

import org.slf4j.LoggerFactory;

import ai.djl.util.Utils;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.RegularFile;
import sc.fiji.diffedit.UserFolders;
import sc.fiji.diffedit.WholeFile;

/**
 * The builds of libtorch that the user has installed, below {@code engine} in the plugin's cache
 * ({@code ~/.cache/diffedit}, or the folder that the system property {@code diffedit.cache} names), and which of them this
 * process uses. DJL's own cache is not touched.
 * <p>
 * A CUDA build is preferred, but only after another process has loaded it here without failing: a library that fails to load stays
 * in the process and disturbs the next one. The system property {@value #CHOICE} overrides the choice: {@code cpu} or {@code cu128}
 * selects a build, {@code bundled} ignores what is installed.
 */
public final class InstalledEngines {

	/** System property that selects a build. */
	public static final String CHOICE = "diffedit.engine";

	static final String RECORD = "engine.properties";
	private static final String WORKS = "works", STAMP = "stamp";
	private static final String ON_CLASS_PATH = "native/lib/pytorch.properties";

	private static volatile String note = "", failures = "";

	private final Path root;

	/** @param root the folder that holds one folder per build */
	public InstalledEngines(final Path root) {
		this.root = root;
	}

	/** The builds in the plugin's cache. */
	public static InstalledEngines ofUser() {
		return new InstalledEngines(UserFolders.cache().resolve("engine"));
	}

	public Path root() {
		return root;
	}

	public Path folder(final EngineBuild build) {
		return root.resolve(build.toString());
	}

	/** The completely installed builds, CUDA first. */
	public List<EngineBuild> list() {
		if (!Files.isDirectory(root)) return List.of();
		new ReplacedEngines(root).settleIfFree();
		try (Stream<Path> folders = Files.list(root)) {
			return folders.filter(folder -> Files.isRegularFile(folder.resolve(RECORD))).map(InstalledEngines::build)
				.flatMap(Optional::stream)
				.sorted(Comparator.comparing((EngineBuild build) -> !build.isCuda()).thenComparing(EngineBuild::toString)).toList();
		}
		catch (final IOException e) {
			throw new DiffEditException("The engine folder " + root + " cannot be read (" + e.getMessage() + ").", e);
		}
	}

	private static Optional<EngineBuild> build(final Path folder) {
		final Properties record = read(folder);
		final EngineBuild build = new EngineBuild(record.getProperty("version", ""), record.getProperty("flavor", ""),
			record.getProperty("classifier", ""));
		return folder.getFileName().toString().equals(build.toString()) ? Optional.of(build) : Optional.empty();
	}

	/** The record of an installed build: version, flavor, classifier, source, one {@code sha256.FILE} per file. */
	public Properties record(final EngineBuild build) {
		return read(folder(build));
	}

	private static Properties read(final Path folder) {
		final Properties record = new Properties();
		try (InputStream in = RegularFile.open(folder.resolve(RECORD))) {
			record.load(in);
		}
		catch (final IOException | IllegalArgumentException e) {
			record.clear();
		}
		return record;
	}

	/**
	 * Completes a folder that contains the libraries with the adapter and then the record with all checksums, which marks it as installed.
	 */
	public void complete(final Path folder, final EngineBuild build, final Properties facts) throws IOException {
		try (InputStream in = EngineBuild.class.getClassLoader().getResourceAsStream(build.adapterResource())) {
			if (in == null) throw new DiffEditException("The plugin has no adapter for " + build + "; choose cpu or another build.");
			Files.copy(in, folder.resolve(EngineBuild.djlVersion() + "-" + EngineBuild.adapterName()));
		}
		final Properties record = new Properties();
		record.putAll(facts);
		new EngineFiles(folder).describe(record);
		record.setProperty("version", build.version());
		record.setProperty("flavor", build.flavor());
		record.setProperty("classifier", build.classifier());
		write(folder, record);
	}

	private static void write(final Path folder, final Properties record) throws IOException {
		WholeFile.replaceShared(folder.resolve(RECORD), folder.getParent(), part -> {
			try (OutputStream out = Files.newOutputStream(part)) {
				record.store(out, "DiffEdit engine");
			}
		});
	}

	/** Names of installed files that have changed; empty if all are intact. Reads every byte. */
	public List<String> damaged(final EngineBuild build) {
		return new EngineFiles(folder(build)).damaged(record(build));
	}

	/**
	 * The reason why the build does not load on this machine; empty if it works. Tested in another process unless these files were
	 * tested before; what may be otherwise the next time, such as a lack of memory, is not kept.
	 */
	public String trouble(final EngineBuild build) {
		final Properties record = record(build);
		final String stamp = new EngineFiles(folder(build)).stamp();
		if (record.getProperty(WORKS) != null && stamp.equals(record.getProperty(STAMP))) return new EngineProbe.Answer(record.getProperty(WORKS), true).trouble();
		final EngineProbe.Answer answer = tried(build, record);
		if (answer.isLasting()) keep(build, record, answer, stamp);
		return answer.trouble();
	}

	private void keep(final EngineBuild build, final Properties record, final EngineProbe.Answer answer, final String stamp) {
		record.setProperty(WORKS, answer.text());
		record.setProperty(STAMP, stamp);
		try {
			write(folder(build), record);
		}
		catch (final IOException e) {
			LoggerFactory.getLogger(InstalledEngines.class).debug("The engine folder is read-only", e);
		}
	}

	/** Whether the build can be used. A fresh installation is intact; later each file is verified first. */
	private EngineProbe.Answer tried(final EngineBuild build, final Properties record) {
		final List<String> damaged = record.getProperty(WORKS) == null ? List.of() : damaged(build);
		if (damaged.isEmpty()) return EngineProbe.run(folder(build), build);
		return new EngineProbe.Answer(String.join(", ", damaged) + " has changed since it was installed; install it again", true);
	}

	/** The build to use; empty if none is installed, none loads, or the user selected the one on the class path. */
	public Optional<EngineBuild> choose() {
		final String choice = System.getProperty(CHOICE, "");
		if (choice.equals("bundled")) return Optional.empty();
		final List<String> failed = new ArrayList<>();
		for (final EngineBuild build : list()) {
			if (!build.equals(EngineBuild.here(build.flavor())) || !choice.isEmpty() && !choice.equals(build.flavor())) continue;
			final String trouble = trouble(build);
			if (trouble.isEmpty()) {
				warn(failed, build.flavor());
				return Optional.of(build);
			}
			failed.add("The library " + build + " does not load here (" + trouble + ")");
		}
		warn(failed, "bundled CPU");
		return Optional.empty();
	}

	private static void warn(final List<String> failed, final String instead) {
		failures = String.join("; ", failed);
		note = failed.isEmpty() ? "" : failures + "; the " + instead + " library is used instead.";
		if (!note.isEmpty()) LoggerFactory.getLogger(InstalledEngines.class).warn(note);
	}

	/** Whether no CUDA build is installed and none is configured for DJL. */
	public boolean isCpuOnly() {
		return !isSet("PYTORCH_LIBRARY_PATH") && !isSet("PYTORCH_FLAVOR") && list().stream().noneMatch(EngineBuild::isCuda);
	}

	/** The installed builds that cannot be used, with reasons; empty if there are none. */
	static String failures() {
		return failures;
	}

	/** A message about builds that could not be chosen; empty if there are none. */
	public static String note() {
		return note;
	}

	/** Sets DJL's properties for the chosen build. Properties already set by the user are kept. */
	void select() {
		if (isSet("PYTORCH_LIBRARY_PATH")) return;
		choose().ifPresent(build -> select(folder(build), build));
	}

	/** Whether DJL will find a library: in the configured folder, on the class path, or in its own cache. It may still fail to load. */
	boolean hasLibrary() {
		if (isSet("PYTORCH_LIBRARY_PATH") || !Boolean.getBoolean("ai.djl.offline")) return true;
		if (InstalledEngines.class.getClassLoader().getResource(ON_CLASS_PATH) != null) return true;
		final Path cache = Utils.getEngineCacheDir("pytorch");
		if (!Files.isDirectory(cache)) return false;
		try (Stream<Path> folders = Files.list(cache)) {
			return folders.anyMatch(folder -> Files.isRegularFile(folder.resolve(System.mapLibraryName("torch"))));
		}
		catch (final IOException e) {
			return false;
		}
	}

	static void select(final Path folder, final EngineBuild build) {
		System.setProperty("PYTORCH_LIBRARY_PATH", folder.toAbsolutePath().toString());
		System.setProperty("PYTORCH_VERSION", build.version());
		System.setProperty("PYTORCH_FLAVOR", build.flavor());
		if (build.isCuda()) CudaRuntime.letJnaFind(folder);
	}

	private static boolean isSet(final String key) {
		return System.getProperty(key) != null || System.getenv(key) != null;
	}
}
