package sc.fiji.diffedit.tensor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

import sc.fiji.diffedit.benchmark.PeakMemory.Resident;

class FreedMemoryTest {

	private static final int BLOCKS = 2000, BLOCK_BYTES = 100_000, MEGABYTES = BLOCKS * BLOCK_BYTES >> 20;

	@Test
	void whatLiesBetweenBlocksInUseIsGivenBack() {
		Assumptions.assumeTrue(Resident.now().anonymous() > 0 && isGlibc(), "only glibc keeps it, and only Linux tells");
		final List<Long> freed = new ArrayList<>(), kept = new ArrayList<>();
		for (int i = 0; i < BLOCKS; i++) {
			final long block = Native.malloc(BLOCK_BYTES);
			new Pointer(block).setMemory(0, BLOCK_BYTES, (byte) 1);
			(i % 100 == 99 ? kept : freed).add(block);
		}
		freed.forEach(Native::free);
		final long filled = megabytes();
		FreedMemory.giveBack();
		final long after = megabytes();
		kept.forEach(Native::free);
		assertTrue(filled - after > MEGABYTES / 2, after + " MB after it, " + filled + " before");
	}

	private static long megabytes() {
		return Resident.now().anonymous() >> 20;
	}

	private static boolean isGlibc() {
		try {
			return NativeLibrary.getProcess().getFunction("gnu_get_libc_version") != null;
		}
		catch (final UnsatisfiedLinkError e) {
			return false;
		}
	}
}
