package sc.fiji.diffedit.engine;

import java.io.File;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;

import sc.fiji.diffedit.DiffEditException;

/**
 * Initialises DJL, and sets the properties that it reads at first use.
 * <p>
 * DJL fills its list of engines with the context class loader of the first calling thread and keeps an empty list forever; with a
 * CUDA driver present its tokenizers try to download another build. Both are prevented here before first use.
 */
public final class DjlEngine {

	/** DJL's name for PyTorch. */
	public static final String NAME = "PyTorch";

	private static final Pattern NO_MEMORY = Pattern.compile("failed to map segment(?!.*not permitted)|[Cc]annot allocate memory|[Oo]ut of memory|no memory for");

	/** Of libtorch for CPUs, with DJL's own. */
	private static final long BUNDLED_BYTES = 432L << 20;

	private static volatile boolean tried;

	private DjlEngine() {}

	/** Whether this process has loaded an engine or failed to: DJL tries only once per process, so another engine needs a restart. */
	public static boolean hasTried() {
		return tried;
	}

	/** Whether no native library would be found; nothing is loaded. */
	public static boolean isMissing() {
		stayOffline();
		final InstalledEngines engines = InstalledEngines.ofUser();
		return engines.list().isEmpty() && !engines.hasLibrary();
	}

	/**
	 * Starts the engine on the build that {@link InstalledEngines} chooses.
	 *
	 * @param first the first call of DJL
	 * @throws DiffEditException if no native library can be loaded; the message says what to do
	 */
	public static <T> T start(final Supplier<T> first) {
		HugePages.allow();
		stayOffline();
		final InstalledEngines engines = InstalledEngines.ofUser();
		engines.select();
		if (!engines.hasLibrary() && !InstalledEngines.failures().isEmpty()) {
			throw new DiffEditException(lackOfMemory("PyTorch engine", InstalledEngines.failures()).orElse(InstalledEngines.failures() + "; run Plugins > DiffEdit > Install Engine... again."));
		}
		if (!engines.hasLibrary()) {
			throw new DiffEditException("There is no PyTorch engine on this computer; run Plugins > DiffEdit > Install Engine..., which needs no restart,"
				+ " or put pytorch-native-cpu " + EngineBuild.cpu().version() + " on the class path.");
		}
		try {
			return touch(first);
		}
		catch (final EngineException | LinkageError e) {
			final String reason = rootMessage(e);
			throw new DiffEditException(lackOfMemory("PyTorch engine", reason).orElse("The PyTorch engine could not be loaded (" + reason
				+ "); run Plugins > DiffEdit > Install Engine..., or put pytorch-native-cpu of the same version on the class path."), e);
		}
	}

	/**
	 * A sentence for a native library that cannot be loaded because memory lacks; empty if the reason is another one. Linux mostly says the
	 * same where a disk forbids to execute its files.
	 *
	 * @param library as messages call it
	 * @param reason as the system's loader tells it
	 */
	public static Optional<String> lackOfMemory(final String library, final String reason) {
		if (!NO_MEMORY.matcher(reason).find()) return Optional.empty();
		return Optional.of("The " + library + " could not be loaded, since the system gives this process no more memory (" + reason
			+ "); close other programs, give Java less of it, or raise the limit of the process (ulimit -v, or that of the container); where enough is left, let the file lie on a disk that is not mounted noexec.");
	}

	/** The engine, on the build configured for DJL. */
	static Engine load() {
		return touch(() -> Engine.getEngine(NAME));
	}

	private static <T> T touch(final Supplier<T> first) {
		stayOffline();
		NativeRoom.requireForLibraries(libraryBytes(), "the PyTorch engine");
		tried = true;
		final Thread thread = Thread.currentThread();
		final ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(DjlEngine.class.getClassLoader());
		try {
			return first.get();
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	/** The size of the libraries that will be loaded; those of the jar on the class path are not unpacked yet. */
	private static long libraryBytes() {
		final File[] files = new File(System.getProperty("PYTORCH_LIBRARY_PATH", "")).listFiles();
		return files == null ? BUNDLED_BYTES : Arrays.stream(files).mapToLong(File::length).sum();
	}

	/** Keeps DJL and its tokenizers off the network, unless the user has set these switches. */
	public static void stayOffline() {
		setIfAbsent("ai.djl.offline", "true");
		setIfAbsent("OPT_OUT_TRACKING", "true");
		setIfAbsent("RUST_FLAVOR", "cpu");
	}

	private static void setIfAbsent(final String key, final String value) {
		if (System.getProperty(key) == null) System.setProperty(key, value);
	}

	static String rootMessage(final Throwable thrown) {
		Throwable cause = thrown;
		while (cause.getCause() != null) cause = cause.getCause();
		return String.valueOf(cause.getMessage());
	}
}
