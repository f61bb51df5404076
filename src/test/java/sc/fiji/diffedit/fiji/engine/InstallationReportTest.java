package sc.fiji.diffedit.fiji.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;

import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.tensor.LoadedEngine;
import sc.fiji.diffedit.tensor.Torch;

class InstallationReportTest {

	@TempDir
	private Path folder;

	@Test
	void theReportSaysWhatWasLoadedAndThatAStepWorks() throws Exception {
		try (Context context = new Context()) {
			final String report = (String) Commands.run(context, CheckInstallation.class).getOutput("report");
			assertTrue(report.startsWith("DiffEdit "), report);
			assertTrue(report.contains("Java " + System.getProperty("java.version")), report);
			assertTrue(report.contains("Engine: PyTorch " + Torch.version() + " from " + LoadedEngine.folder()), report);
			assertTrue(report.contains("Device: cpu, "), report);
			assertTrue(report.contains("Jars: no conflicts"), report);
			assertTrue(report.lines().anyMatch(line -> line.matches("Self-test: the demo model loaded and made one step on \\S+ in \\d+\\.\\d s")), report);
		}
	}

	@Test
	void aSecondJnaIsFound() throws IOException {
		final Path old = folder.resolve("jna-3.2.7.jar");
		try (OutputStream out = Files.newOutputStream(old); ZipOutputStream zip = new ZipOutputStream(out)) {
			zip.putNextEntry(new ZipEntry("com/sun/jna/Native.class"));
		}
		try (URLClassLoader loader = new URLClassLoader(new URL[] { old.toUri().toURL() }, getClass().getClassLoader())) {
			final List<String> lines = new JarConflicts(loader).lines();
			assertEquals(1, lines.size(), lines.toString());
			assertTrue(lines.get(0).startsWith("jna is there 2 times; Java uses "), lines.get(0));
			assertTrue(lines.get(0).contains("jna-3.2.7.jar"), lines.get(0));
		}
	}

	@Test
	void aMissingLibraryIsFound() {
		final List<String> lines = new JarConflicts(ClassLoader.getPlatformClassLoader()).lines();
		assertTrue(lines.contains("gson is missing; install DiffEdit again."), lines.toString());
		assertTrue(lines.stream().noneMatch(line -> line.startsWith("PyTorch native library")), "it may also come from the engine folder");
	}

	@Test
	void theReasonForNoGraphicsCardIsTheFirstThingInTheWay() {
		final String cpu = "/cache/2.7.1-cpu-linux-x86_64";
		final String cuda = "/cache/2.7.1-cu128-linux-x86_64";
		assertTrue(InstallationReport.whyNoCard(cpu, true, true, "osx-aarch64").contains("Macs"));
		assertTrue(InstallationReport.whyNoCard(cpu, false, false, "linux-x86_64").contains("no NVIDIA driver"));
		assertTrue(InstallationReport.whyNoCard(cpu, true, true, "linux-x86_64").contains("is a CPU build; install cu128"));
		assertTrue(InstallationReport.whyNoCard(cuda, true, false, "linux-x86_64").contains("(cudart) is not found"));
		assertTrue(InstallationReport.whyNoCard(cuda, true, true, "win-x86_64").contains("older than CUDA 12.8"));
	}
}
