package sc.fiji.diffedit.fiji.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.sun.management.OperatingSystemMXBean;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.engine.EngineBuild;
import sc.fiji.diffedit.engine.InstalledEngines;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.DiffusionModelService;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.LoadedEngine;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Torch;

/**
 * A report for users and bug reports: versions, the loaded library and its path, devices with their memory, why no GPU is used,
 * conflicting jars, and one step of the demo model.
 *
 * <pre>{@code
 * #@ DiffusionModelService models
 * #@output report
 * report = new InstallationReport(models).text()
 * }</pre>
 */
public final class InstallationReport {

	private static final Path NVIDIA = Path.of("/proc/driver/nvidia/version");
	private static final int TEST_SIZE = 64;

	private final DiffusionModelService models;
	private final List<String> lines = new ArrayList<>();

	public InstallationReport(final DiffusionModelService models) {
		this.models = models;
	}

	/** The report without the self-test, several lines. Starts the engine. */
	public String text() {
		lines.clear();
		machine();
		if (engine()) devices();
		installed();
		conflicts();
		return String.join("\n", lines);
	}

	/** The report and one step of the demo model. */
	public String textWithSelfTest() {
		text();
		selfTest();
		return String.join("\n", lines);
	}

	private void machine() {
		final String version = InstallationReport.class.getPackage().getImplementationVersion();
		final OperatingSystemMXBean system = (OperatingSystemMXBean) java.lang.management.ManagementFactory.getOperatingSystemMXBean();
		final long heap = Runtime.getRuntime().maxMemory();
		lines.add("DiffEdit " + (version == null ? "(not from a jar)" : version) + ", Java " + System.getProperty("java.version") + " ("
			+ System.getProperty("java.vendor") + "), " + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
		lines.add("Memory: " + Bytes.format(system.getTotalMemorySize()) + ", of which Java may take " + Bytes.format(heap)
			+ "; models lie in the rest, " + Bytes.format(Math.max(0, system.getTotalMemorySize() - heap)) + ".");
	}

	private boolean engine() {
		try {
			lines.add("Engine: PyTorch " + Torch.version() + " from " + LoadedEngine.folder());
		}
		catch (final DiffEditException e) {
			lines.add("Engine: " + e.getMessage());
			return false;
		}
		if (!InstalledEngines.note().isEmpty()) lines.add("  " + InstalledEngines.note());
		final List<Path> others = LoadedEngine.mappedLibraries().stream().filter(file -> !isOurs(file)).toList();
		if (!others.isEmpty()) {
			lines.add("  Another plugin has loaded its own PyTorch into this program: " + others
				+ ". The two may disturb each other; restart and use one of them at a time.");
		}
		return true;
	}

	private static boolean isOurs(final Path file) {
		return file.startsWith(LoadedEngine.folder().toAbsolutePath());
	}

	private void devices() {
		lines.add("Device: cpu, " + Counted.of(Runtime.getRuntime().availableProcessors(), "processor") + ", " + Counted.of(Torch.threads(), "thread"));
		final List<LoadedEngine.CudaDevice> cards = LoadedEngine.cudaDevices();
		for (final LoadedEngine.CudaDevice card : cards) {
			lines.add("Device: " + card.device() + ", compute capability " + card.compute() + ", " + Bytes.format(card.free()) + " free of "
				+ Bytes.format(card.total()));
		}
		if (cards.isEmpty()) lines.add("  No graphics card is used: " + whyNoCard(LoadedEngine.folder().toString(), hasDriver(),
			LoadedEngine.seesCudaRuntime(), EngineBuild.classifierHere()));
	}

	private static boolean hasDriver() {
		return Files.exists(NVIDIA) || Files.exists(Path.of(String.valueOf(System.getenv("SystemRoot")), "System32", "nvcuda.dll"));
	}

	/** The first reason why no CUDA device is used, as a sentence. */
	static String whyNoCard(final String library, final boolean driver, final boolean runtime, final String classifier) {
		if (classifier.startsWith("osx")) return "PyTorch's CUDA needs NVIDIA cards, which Macs do not have.";
		if (!driver) return "there is no NVIDIA driver on this machine.";
		if (!library.contains("cu1")) return "the loaded library is a CPU build; install cu128 by Plugins > DiffEdit > Install Engine... and restart.";
		if (!runtime) return "the CUDA runtime library (cudart) is not found; install the CUDA 12 toolkit, or on Windows add its bin folder to PATH.";
		return "the library has found no device it can use; its driver may be older than CUDA 12.8 needs.";
	}

	private void installed() {
		final InstalledEngines engines = InstalledEngines.ofUser();
		final List<String> names = engines.list().stream().map(EngineBuild::toString).toList();
		lines.add("Installed engines in " + engines.root() + ": " + (names.isEmpty() ? "none" : String.join(", ", names)));
	}

	private void conflicts() {
		final List<String> found = new JarConflicts(InstallationReport.class.getClassLoader()).lines();
		lines.add("Jars: " + (found.isEmpty() ? "no conflicts" : Counted.of(found.size(), "problem")));
		found.forEach(line -> lines.add("  " + line));
	}

	private void selfTest() {
		final long start = System.nanoTime();
		try (ModelLease lease = models.borrow(DemoModel.NAME)) {
			lease.diffEdit().generateMask(new ImageInput.Pictures(List.of(gradient())),
				MaskRequest.between("green nuclei", "cyan nuclei").withNumMapsPerMask(1));
			lines.add(String.format(java.util.Locale.ROOT, "Self-test: the demo model loaded and made one step on %s in %.1f s", lease.device(),
				(System.nanoTime() - start) / 1e9));
		}
		catch (final DiffEditException e) {
			lines.add("Self-test: failed. " + e.getMessage());
		}
		catch (final RuntimeException | LinkageError e) {
			lines.add("Self-test: failed with " + e + "; another version of a jar may be in the way.");
		}
	}

	private static Picture gradient() {
		final int[] rgb = new int[TEST_SIZE * TEST_SIZE];
		for (int i = 0; i < rgb.length; i++) rgb[i] = i % TEST_SIZE * 0x030201;
		return Picture.ofRgb(TEST_SIZE, TEST_SIZE, rgb);
	}
}
