package sc.fiji.diffedit.weights;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/** Ends a mapping at once instead of at some garbage collection: on Windows a mapped file can be neither deleted nor replaced. */
final class Unmapping {

	private static final MethodHandle CLEANER = find();

	private Unmapping() {}

	private static MethodHandle find() {
		try {
			final Class<?> unsafe = Class.forName("sun.misc.Unsafe");
			final Field instance = unsafe.getDeclaredField("theUnsafe");
			instance.setAccessible(true);
			return MethodHandles.lookup().findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
				.bindTo(instance.get(null));
		}
		catch (final ReflectiveOperationException | RuntimeException e) {
			return null;
		}
	}

	/** Unmaps a buffer that came straight from {@code FileChannel.map}; without means to do so leaves it to the garbage collector. */
	static void unmap(final ByteBuffer mapped) {
		if (CLEANER == null) return;
		try {
			CLEANER.invoke(mapped);
		}
		catch (final Throwable e) {
			throw new IllegalStateException("a mapped file could not be unmapped", e);
		}
	}
}
