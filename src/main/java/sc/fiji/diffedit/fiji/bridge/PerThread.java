package sc.fiji.diffedit.fiji.bridge;

import java.lang.reflect.Field;
import java.util.Map;

import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.macro.Interpreter;

/**
 * Reads what ImageJ stores per thread: the options of the running command, and the current image, which in batch mode has no
 * window. ImageJ's API returns only the values of the calling thread, but in Fiji a command runs on another thread than the macro
 * that called it, so ImageJ's internal tables are read. If a future ImageJ has no such tables, its API is used.
 */
final class PerThread {

	private static final Map<?, ?> OPTIONS = table(Macro.class, "table");
	private static final Map<?, ?> IMAGES = table(WindowManager.class, "tempImageTable");

	private PerThread() {}

	/** The options of the command that the thread runs with {@code IJ.run}; {@code null} if there are none. */
	static String options(final Thread thread) {
		return OPTIONS == null ? Macro.getOptions() : (String) OPTIONS.get(thread);
	}

	/** The thread's own image; {@code null} if it uses the image of the active window. */
	static ImagePlus image(final Thread thread) {
		if (IMAGES != null) return (ImagePlus) IMAGES.get(thread);
		return thread == Thread.currentThread() ? WindowManager.getTempCurrentImage() : Interpreter.getLastBatchModeImage();
	}

	private static Map<?, ?> table(final Class<?> owner, final String name) {
		try {
			final Field field = owner.getDeclaredField(name);
			field.setAccessible(true);
			return (Map<?, ?>) field.get(null);
		}
		catch (final ReflectiveOperationException | RuntimeException e) {
			return null;
		}
	}
}
