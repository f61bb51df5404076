package sc.fiji.diffedit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that do not load, and for how long that is believed. */
class EngineProbeTest {

	private static final EngineBuild CPU = EngineBuild.cpu();
	private static final String UNMAPPED = "/cache/libtorch.so: failed to map segment from shared object";

	@TempDir
	private Path folder;

	@Test
	@EnabledOnOs(OS.LINUX)
	void aLackOfMemoryIsNotKept() throws IOException {
		final InstalledEngines engines = installed(hugeLibrary());
		assertTrue(engines.trouble(CPU).endsWith("failed to map segment from shared object"), engines.trouble(CPU));
		assertNull(engines.record(CPU).getProperty("works"), "the next process tries again");
	}

	@Test
	void aLibraryThatIsNoneIsKeptAsSuch() throws IOException {
		final InstalledEngines engines = installed(new byte[1000]);
		final String trouble = engines.trouble(CPU);
		assertFalse(trouble.isEmpty());
		assertEquals(trouble, engines.record(CPU).getProperty("works"));
	}

	/** The C library says the same of both. */
	@Test
	void aSegmentThatIsNotMappedMeansMemoryOrADiskThatForbidsIt() {
		final String sentence = DjlEngine.lackOfMemory("PyTorch engine", UNMAPPED).orElseThrow();
		assertTrue(sentence.contains("no more memory") && sentence.contains("noexec"), sentence);
		assertEquals(Optional.empty(), DjlEngine.lackOfMemory("PyTorch engine", UNMAPPED + ": Operation not permitted"));
		assertTrue(DjlEngine.lackOfMemory("PyTorch engine", UNMAPPED + ": Cannot allocate memory").isPresent());
	}

	private InstalledEngines installed(final byte[] library) throws IOException {
		final InstalledEngines engines = new InstalledEngines(folder);
		final Path build = Files.createDirectories(engines.folder(CPU));
		for (final String name : new String[] { "c10", "torch_cpu", "torch" }) Files.write(build.resolve(System.mapLibraryName(name)), library);
		engines.complete(build, CPU, new Properties());
		return engines;
	}

	/** A shared object of this machine in the format ELF whose only segment takes more memory than a process can address. */
	private static byte[] hugeLibrary() {
		final short machine = (short) (System.getProperty("os.arch").equals("aarch64") ? 183 : 62);
		final ByteBuffer elf = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
		elf.put(new byte[] { 0x7f, 'E', 'L', 'F', 2, 1, 1 }).position(16).putShort((short) 3).putShort(machine).putInt(1);
		elf.putLong(0).putLong(64).putLong(0).putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) 2);
		elf.position(64).putInt(1).putInt(5).putLong(0).putLong(0).putLong(0).putLong(4096).putLong(1L << 56).putLong(4096);
		elf.putInt(2).putInt(4).putLong(1024).putLong(1024).putLong(1024).putLong(16).putLong(16).putLong(8);
		return elf.array();
	}
}
