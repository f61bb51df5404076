package sc.fiji.diffedit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.text.NarrowTokenizers;

/** Where the system refuses native memory, a message tells it, and Java goes on. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "moves the limit of the address space")
class RefusedMemoryTest {

	@TempDir
	private Path folder;

	/** Java's own needs are kept small, so that what is refused are libtorch's. The C library keeps no freed memory, so that all of it must be asked for. */
	private static OtherJava java() {
		return new OtherJava().with("-Xmx256m", "-XX:ReservedCodeCacheSize=64m", "-XX:CompressedClassSpaceSize=64m", "-Xss1m")
			.where("MALLOC_MMAP_THRESHOLD_", "131072").where("MALLOC_TRIM_THRESHOLD_", "131072").where("MALLOC_ARENA_MAX", "1");
	}

	private String said(final OtherJava java, final Class<?> program, final String... words) throws Exception {
		final Path output = folder.resolve("said.txt");
		return OtherJava.ended(java.start(program, output, words), output);
	}

	private void bothHappen(final String said) {
		assertTrue(said.lines().anyMatch(line -> line.matches("[1-9]\\d* done, [1-9]\\d* refused")), said);
	}

	/** Java ended with SIGSEGV: DJL wrote the program to where there was no memory for it. */
	@Test
	void programsOfKernelsAreCompiledOrRefused() throws Exception {
		bothHappen(said(java(), NarrowKernels.class, "2", "96", "6"));
	}

	/** The library aborted Java: "memory allocation of 3139968 bytes failed". */
	@Test
	void tokenizersAreMadeOrRefused() throws Exception {
		bothHappen(said(java(), NarrowTokenizers.class, "2", "96", "8"));
	}

	@Test
	@Tag("long")
	void aLoadedModelIsUsedOrRefused() throws Exception {
		bothHappen(said(java(), NarrowEdits.class, "0", "120", "4"));
	}

	/** From where libtorch cannot be loaded to where the edit has all that it needs, each in a fresh Java. */
	@Test
	@Tag("long")
	void aFreshJavaEditsOrTellsWhatLacks() throws Exception {
		final String free = said(java(), OneEdit.class, folder.toString());
		final int needed = Integer.parseInt(free.replaceFirst("(?s).*?(\\d+) MiB.*", "$1"));
		final List<String> wrong = new ArrayList<>();
		for (int limit = needed - 500; limit <= needed + 20; limit += 40) {
			final String said = OneEdit.answer(said(java().after("ulimit -v " + limit * 1024), OneEdit.class, folder.toString()));
			if (!said.startsWith("refused ") && !said.equals(OneEdit.answer(free)) || said.contains("Exception")) wrong.add(limit + " MiB: " + said);
		}
		assertEquals(List.of(), wrong, "with limits around the " + needed + " MiB of address space that it takes");
	}
}
