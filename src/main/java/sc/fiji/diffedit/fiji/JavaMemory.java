package sc.fiji.diffedit.fiji;

import java.util.function.LongSupplier;

/** The memory in which Java has its pixels; models lie outside of it. */
public final class JavaMemory {

	private JavaMemory() {}

	/** Bytes that Java may still use. */
	public static long free() {
		final Runtime java = Runtime.getRuntime();
		return java.maxMemory() - java.totalMemory() + java.freeMemory();
	}

	/** Whether so many bytes are free. */
	static boolean has(final long bytes) {
		return has(bytes, JavaMemory::free);
	}

	/** @param free tells the bytes that are free */
	static boolean has(final long bytes, final LongSupplier free) {
		if (bytes > free.getAsLong()) System.gc();                          // what is no longer needed counts as used until then
		return bytes <= free.getAsLong();
	}
}
