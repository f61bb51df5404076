package sc.fiji.diffedit.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.slf4j.LoggerFactory;

import com.sun.jna.Native;

import sc.fiji.diffedit.NotEnoughMemory;

/**
 * Asks the system for native memory before code is called that ends Java when it gets none: DJL's loader of programs copies 4 MiB of
 * Java's memory and writes them without a look whether it got a copy, and the tokenizers library aborts. What is asked for is given
 * back untouched, so that this takes microseconds.
 */
public final class NativeRoom {

	/** Several times what a program takes while it is compiled, or a tokenizer of CLIP while it is made. Above 32 MiB the C library returns a block to the system at once. */
	public static final long BYTES = 64L << 20;

	private static final Path LIMITS = Path.of("/proc/self/limits");

	private NativeRoom() {}

	/**
	 * Makes sure that the system gives this process {@value #BYTES} more bytes.
	 *
	 * @param purpose what they are for, as in "no memory for ..."
	 * @throws NotEnoughMemory if it does not
	 */
	public static void require(final String purpose) {
		require(BYTES, purpose);
	}

	/** The same for so many bytes. */
	public static void require(final long bytes, final String purpose) {
		if (!isThere(bytes)) {
			throw new NotEnoughMemory("The system gives this process no memory for " + purpose + " (" + (bytes >> 20) + " MiB were refused); close other programs, "
				+ "give Java less of it, or raise the limit of the process (ulimit -v, or that of the container).");
		}
	}

	/**
	 * The same before native libraries are loaded, which abort while they begin if they get no memory then. Only where the address space is
	 * limited: elsewhere the system maps files without promising memory for all of them.
	 */
	static void requireForLibraries(final long bytes, final String purpose) {
		if (isAddressSpaceLimited()) require(bytes + BYTES, purpose);
	}

	private static boolean isAddressSpaceLimited() {
		try (Stream<String> limits = Files.lines(LIMITS)) {
			return limits.anyMatch(line -> line.matches("Max address space +\\d.*"));
		}
		catch (final IOException | UncheckedIOException e) {                // no Linux
			return false;
		}
	}

	private static boolean isThere(final long bytes) {
		try {
			final long block = Native.malloc(bytes);
			if (block != 0) Native.free(block);
			return block != 0;
		}
		catch (final LinkageError e) {
			// A Java with another JNA: what follows is tried, as if there were room.
			LoggerFactory.getLogger(NativeRoom.class).debug("Room was not asked for", e);
			return true;
		}
	}
}
