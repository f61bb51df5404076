package sc.fiji.diffedit.tensor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

class FreedMemoryTest {

	private static final Path STATUS = Path.of("/proc/self/status");
	private static final int BLOCKS = 2000, BLOCK_BYTES = 100_000, MEGABYTES = BLOCKS * BLOCK_BYTES >> 20;

	@Test
	void whatLiesBetweenBlocksInUseIsGivenBack() throws IOException {
		Assumptions.assumeTrue(Files.exists(STATUS) && isGlibc(), "only glibc keeps it, and only Linux tells");
		final List<Long> freed = new ArrayList<>(), kept = new ArrayList<>();
		for (int i = 0; i < BLOCKS; i++) {
			final long block = Native.malloc(BLOCK_BYTES);
			new Pointer(block).setMemory(0, BLOCK_BYTES, (byte) 1);
			(i % 100 == 99 ? kept : freed).add(block);
		}
		freed.forEach(Native::free);
		final long filled = residentMegabytes();
		FreedMemory.giveBack();
		final long after = residentMegabytes();
		kept.forEach(Native::free);
		assertTrue(filled - after > MEGABYTES / 2, after + " MB after it, " + filled + " before");
	}

	private static boolean isGlibc() {
		try {
			return NativeLibrary.getProcess().getFunction("gnu_get_libc_version") != null;
		}
		catch (final UnsatisfiedLinkError e) {
			return false;
		}
	}

	private static long residentMegabytes() throws IOException {
		try (Stream<String> lines = Files.lines(STATUS)) {
			return lines.filter(line -> line.startsWith("VmRSS:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum() >> 10;
		}
	}
}
