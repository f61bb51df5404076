package sc.fiji.diffedit.tensor;

import java.util.List;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

import sc.fiji.diffedit.DiffEditException;

/**
 * The PyTorch engine of this process: started once, offline, by the right class loader.
 * <p>
 * DJL fills its list of engines with the context class loader of whichever thread touches it first and keeps an empty
 * list for ever; with a CUDA driver present its tokenizers look for another build of themselves on the network. Both are
 * settled here before the first touch.
 */
public final class Torch {

	private static final String ENGINE = "PyTorch";
	private static volatile PtNDManager manager;

	private Torch() {}

	/**
	 * Starts the engine if it is not running.
	 *
	 * @throws DiffEditException if no native library can be loaded; the sentence says what to do
	 */
	public static void start() {
		manager();
	}

	/** Whether the engine has been started. */
	public static boolean isRunning() {
		return manager != null;
	}

	static PtNDManager manager() {
		if (manager == null) startOnce();
		return manager;
	}

	private static synchronized void startOnce() {
		if (manager != null) return;
		stayOffline();
		HugePages.allow();
		InstalledEngines.ofUser().select();
		final Thread thread = Thread.currentThread();
		final ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(Torch.class.getClassLoader());
		try {
			manager = (PtNDManager) NDManager.newBaseManager(ai.djl.Device.cpu(), ENGINE);
		}
		catch (final EngineException | LinkageError e) {
			throw new DiffEditException("The PyTorch engine could not be loaded (" + rootMessage(e)
				+ "); run Plugins > DiffEdit > Install Engine..., or put pytorch-native-cpu of the same version on the class path.", e);
		}
		finally {
			thread.setContextClassLoader(before);
		}
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

	/** What went wrong in a program, without the place in its text that libtorch tells around it. */
	public static String reason(final Throwable thrown) {
		final String error = "RuntimeError: ";
		final List<String> lines = String.valueOf(thrown.getMessage()).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
		return lines.stream().filter(line -> line.startsWith(error)).map(line -> line.substring(error.length())).findFirst()
			.orElse(lines.isEmpty() ? thrown.toString() : lines.get(0));
	}

	static String rootMessage(final Throwable thrown) {
		Throwable cause = thrown;
		while (cause.getCause() != null) cause = cause.getCause();
		return String.valueOf(cause.getMessage());
	}

	/** Sets up the calling thread for native work; some of libtorch's settings belong to the thread. */
	public static void prepareThread() {
		start();
		JniUtils.setGraphExecutorOptimize(false);
	}

	/** The version of libtorch, such as {@code 2.7.1}. */
	public static String version() {
		start();
		return Engine.getEngine(ENGINE).getVersion();
	}

	/** Number of CUDA devices that the loaded library can use. */
	public static int cudaDevices() {
		start();
		return Engine.getEngine(ENGINE).getGpuCount();
	}

	/** The first CUDA device when there is one, else the CPU. */
	public static Device defaultDevice() {
		return cudaDevices() > 0 ? Device.cuda(0) : Device.CPU;
	}

	/** What {@link #defaultDevice()} will be, without starting the engine where that can only be the CPU. */
	public static Device expectedDevice() {
		return manager == null && InstalledEngines.ofUser().isCpuOnly() ? Device.CPU : defaultDevice();
	}

	/** Number of threads that libtorch uses for one operation. */
	public static int threads() {
		start();
		return JniUtils.getNumThreads();
	}
}
