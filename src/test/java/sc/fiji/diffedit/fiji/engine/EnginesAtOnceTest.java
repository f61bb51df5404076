package sc.fiji.diffedit.fiji.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.engine.EngineBuild;
import sc.fiji.diffedit.engine.EngineLock;
import sc.fiji.diffedit.engine.InstalledEngines;
import sc.fiji.diffedit.engine.ReplacedEngines;
import sc.fiji.diffedit.hub.DownloadProgress;

/** Installations that are killed, and several at once: whatever happens, an engine that was there is there, whole. */
class EnginesAtOnceTest {

	private static final EngineBuild CPU = EngineBuild.cpu();
	private static final String TORCH = System.mapLibraryName("torch");

	@TempDir
	private Path folder;
	private InstalledEngines engines;
	private EngineInstaller installer;

	@BeforeEach
	void install() throws IOException {
		engines = new InstalledEngines(folder.resolve("engine"));
		installer = new EngineInstaller(engines);
		final Path lib = Files.createDirectories(engines.folder(CPU));
		Files.write(lib.resolve(TORCH), library(1));
		engines.complete(lib, CPU, new Properties());
	}

	private static byte[] library(final int seed) {
		final byte[] library = new byte[5000];
		new Random(seed).nextBytes(library);
		return library;
	}

	/** Libraries of random bytes, which do not load. */
	private String archive(final int seed) throws IOException {
		final Path file = folder.resolve(seed + ".jar");
		try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
			zip.putNextEntry(new ZipEntry("native/lib/pytorch.properties"));
			zip.write(("version=" + CPU.version() + "\nflavor=cpu\nclassifier=" + CPU.classifier() + "\n").getBytes(StandardCharsets.UTF_8));
			zip.putNextEntry(new ZipEntry("pytorch/cpu/" + CPU.classifier() + "/" + TORCH));
			zip.write(library(seed));
		}
		return file.toString();
	}

	private List<String> entries() throws IOException {
		try (Stream<Path> all = Files.list(engines.root())) {
			return all.map(path -> path.getFileName().toString()).filter(name -> !name.equals(".lock") && !name.equals("downloads")).sorted().toList();
		}
	}

	/** As a process leaves it that is killed after the old engine's folder was renamed and before the new one's was. */
	private void killedInTheMiddle() throws IOException {
		new ReplacedEngines(engines.root()).setAside(engines.folder(CPU));
		Files.createDirectories(engines.root().resolve(".installing-1/lib"));
	}

	@Test
	void anEngineWhoseSuccessorNeverCameIsBackAtTheNextStart() throws IOException {
		killedInTheMiddle();
		assertTrue(Files.notExists(engines.folder(CPU)));
		assertEquals(List.of(CPU), new InstalledEngines(engines.root()).list());
		assertEquals(List.of(), engines.damaged(CPU));
		assertEquals(List.of(".installing-1", CPU.toString()), entries());
	}

	@Test
	void theNextInstallationLeavesNothingBeside() throws IOException {
		killedInTheMiddle();
		installer.install("cpu", archive(2));
		assertEquals(List.of(CPU.toString()), entries());
		killedInTheMiddle();
		installer.remove("cpu");
		assertEquals(List.of(), entries());
	}

	@Test
	void nobodyPutsBackWhatAnInstallationIsReplacing() throws IOException {
		try (EngineLock installing = EngineLock.tryTake(engines.root()).orElseThrow()) {
			assertTrue(EngineLock.tryTake(folder.resolve("engine/../engine")).isEmpty(), "one thread at a time");
			killedInTheMiddle();
			assertEquals(List.of(), engines.list());
		}
		assertEquals(List.of(CPU), engines.list());
	}

	/** Who is refused the lock must not lose it for the one who has it: files are locked for a whole process. */
	@Test
	void twoProcessesThatInstallAtOnceLeaveOneWholeEngine() throws Exception {
		final List<Process> others = new ArrayList<>();
		try (InstallTurn turn = InstallTurn.take(engines.root(), DownloadProgress.NONE)) {
			assertTrue(EngineLock.tryTake(engines.root()).isEmpty());
			for (int seed = 2; seed < 4; seed++) others.add(other(archive(seed)));
			for (final Process other : others) assertEquals("Waiting for another installation", other.inputReader().readLine());
			Files.writeString(turn.folder().resolve("mine"), "still here");
		}
		for (final Process other : others) {
			assertTrue(other.waitFor(4, TimeUnit.MINUTES));
			assertEquals(0, other.exitValue(), () -> other.inputReader().lines().toList().toString());
		}
		assertEquals(List.of(CPU), engines.list());
		assertEquals(List.of(), engines.damaged(CPU));
		assertEquals(List.of(CPU.toString()), entries());
	}

	private Process other(final String archive) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
			Installation.class.getName(), engines.root().toString(), archive).redirectErrorStream(true).start();
	}

	/** Prints what it waits for. */
	private static final class Installation {

		public static void main(final String[] arguments) {
			new EngineInstaller(new InstalledEngines(Path.of(arguments[0])), (what, bytes, total) -> System.out.println(what)).install("cpu", arguments[1]);
		}
	}
}
