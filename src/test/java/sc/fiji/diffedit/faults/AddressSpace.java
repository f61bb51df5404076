package sc.fiji.diffedit.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;

import sc.fiji.diffedit.DiffEditException;

/** The limit of this process's address space (Linux): what {@code ulimit -v} sets, moved while the process runs. */
public final class AddressSpace {

	private static final int RLIMIT_AS = 9;
	private static final int PAGE = 4096;

	private AddressSpace() {}

	/**
	 * Does something in ever more address space. Prints how often it was done and how often refused; anything else that it throws is thrown.
	 *
	 * @param range the least and the most MiB that are left to it, and the step
	 */
	public static void widen(final String[] range, final Runnable attempt) throws IOException {
		int done = 0, refused = 0;
		for (int mebibytes = Integer.parseInt(range[0]); mebibytes < Integer.parseInt(range[1]); mebibytes += Integer.parseInt(range[2])) {
			if (isDoneIn((long) mebibytes << 20, attempt)) done++;
			else refused++;
		}
		System.out.println(done + " done, " + refused + " refused");
	}

	/** What the system refuses Java itself is an {@link OutOfMemoryError}. */
	private static boolean isDoneIn(final long bytes, final Runnable attempt) throws IOException {
		leave(bytes);
		try {
			attempt.run();
			return true;
		}
		catch (final DiffEditException | OutOfMemoryError e) {
			return false;
		}
		finally {
			leave(-1);
		}
	}

	/** Lets the process have so many bytes more than it has now; a negative number ends the limit. */
	private static void leave(final long bytes) throws IOException {
		try (Memory limits = new Memory(2L * Long.BYTES)) {
			limits.setLong(0, bytes < 0 ? -1 : used() + bytes);
			limits.setLong(Long.BYTES, -1);
			final int failed = NativeLibrary.getProcess().getFunction("setrlimit").invokeInt(new Object[] { RLIMIT_AS, limits });
			if (failed != 0) throw new IOException("the limit of the address space cannot be set");
		}
	}

	/** The most MiB that this process has had, or a word where the system does not tell. */
	static String mostUsed() throws IOException {
		final Path status = Path.of("/proc/self/status");
		if (!Files.exists(status)) return "unknown";
		return Files.readString(status).lines().filter(line -> line.startsWith("VmPeak:")).map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB").findFirst().orElse("unknown");
	}

	private static long used() throws IOException {
		final String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
		return PAGE * Long.parseLong(pages[0]);
	}
}
