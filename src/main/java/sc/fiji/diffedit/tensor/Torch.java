package sc.fiji.diffedit.tensor;

import java.util.List;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.engine.DjlEngine;
import sc.fiji.diffedit.engine.InstalledEngines;

/** The PyTorch engine of this process, started with its first use, and what is true of all its threads. */
public final class Torch {

	private static volatile PtNDManager manager;

	private Torch() {}

	/**
	 * Starts the engine if it is not running.
	 *
	 * @throws DiffEditException if no native library can be loaded; the message says what to do
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
		if (manager == null) manager = DjlEngine.start(() -> (PtNDManager) NDManager.newBaseManager(ai.djl.Device.cpu(), DjlEngine.NAME));
	}

	/** The error message of a program, without the source position that libtorch adds. */
	public static String reason(final Throwable thrown) {
		final String error = "RuntimeError: ";
		final List<String> lines = String.valueOf(thrown.getMessage()).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
		return lines.stream().filter(line -> line.startsWith(error)).map(line -> line.substring(error.length())).findFirst()
			.orElse(lines.isEmpty() ? thrown.toString() : lines.get(0));
	}

	/** Sets up the calling thread for native work; some of libtorch's settings belong to the thread. */
	public static void prepareThread() {
		start();
		JniUtils.setGraphExecutorOptimize(false);
	}

	/** The version of libtorch, such as {@code 2.7.1}. */
	public static String version() {
		start();
		return Engine.getEngine(DjlEngine.NAME).getVersion();
	}

	/** Number of CUDA devices that the loaded library can use. */
	public static int cudaDevices() {
		start();
		return Engine.getEngine(DjlEngine.NAME).getGpuCount();
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
