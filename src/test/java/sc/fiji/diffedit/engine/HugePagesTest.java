package sc.fiji.diffedit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import com.sun.jna.NativeLibrary;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;

@EnabledOnOs(OS.LINUX)
class HugePagesTest {

	@Test
	void libtorchIsToldBeforeItIsLoaded() {
		Torch.start();
		assertEquals("1", NativeLibrary.getProcess().getFunction("getenv").invokeString(new Object[] { HugePages.VARIABLE }, false));
		assertFalse(System.getenv().containsKey(HugePages.VARIABLE), "what Java hands on to programs that it starts");
	}

	/** The kernel marks the memory that large pages were asked for ("hg"), whether it has any or not. */
	@Test
	void memoryOfLargeTensorsAsksForThem() throws IOException {
		Torch.prepareThread();
		final long before = markedBytes();
		try (Scope scope = Scope.open()) {
			final Tensor large = Tensor.full(1, DType.FLOAT32, 4096, 4096);
			final long marked = markedBytes() - before;
			assertTrue(marked >= 0.9 * large.count() * Float.BYTES, marked + " bytes in large pages");
		}
	}

	private static long markedBytes() throws IOException {
		long bytes = 0;
		long size = 0;
		for (final String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
			if (line.startsWith("Size:")) size = 1024 * Long.parseLong(line.replaceAll("\\D", ""));
			if (line.startsWith("VmFlags:") && line.contains(" hg")) bytes += size;
		}
		return bytes;
	}
}
