package sc.fiji.diffedit.fiji.bridge;

import java.lang.reflect.Field;
import java.util.Map;

import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.macro.Interpreter;

/**
 * What ImageJ keeps for each thread: the options of the command that it runs, and the image that it works on, which in batch
 * mode has no window. ImageJ tells them to the thread itself only, while a command in Fiji runs on another one than the macro
 * that called it; so the tables themselves are read. Should an ImageJ to come have no such tables, its own answers are taken.
 */
final class PerThread {

	private static final Map<?, ?> OPTIONS = table(Macro.class, "table");
	private static final Map<?, ?> IMAGES = table(WindowManager.class, "tempImageTable");

	private PerThread() {}

	/** The options of the command that the thread runs by {@code IJ.run}; {@code null} when there are none. */
	static String options(final Thread thread) {
		return OPTIONS == null ? Macro.getOptions() : (String) OPTIONS.get(thread);
	}

	/** The thread's own image; {@code null} when it works on the image of the active window. */
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
