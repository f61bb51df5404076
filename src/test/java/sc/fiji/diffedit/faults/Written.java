package sc.fiji.diffedit.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import ij.IJ;
import ij.ImagePlus;
import ij.measure.ResultsTable;

import sc.fiji.diffedit.LocalHub;
import sc.fiji.diffedit.UserFolders;
import sc.fiji.diffedit.demo.PngFiles;
import sc.fiji.diffedit.engine.InstalledEngines;
import sc.fiji.diffedit.fiji.Measured;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.ProvenanceFile;
import sc.fiji.diffedit.fiji.batch.ImageFiles;
import sc.fiji.diffedit.fiji.batch.Outcome;
import sc.fiji.diffedit.fiji.batch.Summary;
import sc.fiji.diffedit.fiji.engine.EngineInstaller;
import sc.fiji.diffedit.hub.DownloadPlan;
import sc.fiji.diffedit.hub.DownloadProgress;
import sc.fiji.diffedit.hub.ModelDownload;
import sc.fiji.diffedit.pipelines.RequestPreset;
import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.RequestPresets;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.weights.Conversion;
import sc.fiji.diffedit.weights.LatentsFile;
import sc.fiji.diffedit.weights.ModelFolder;

/** Each way in which the plugin writes files, into a folder and with contents that are asked for. */
final class Written {

	private static final Path MODEL = Path.of("src/test/resources/goldens/models/sd2");

	private Written() {}

	/** Writes into a folder. The same version gives the same files; each has other contents. */
	@FunctionalInterface
	interface Way {

		void write(Path folder, int version) throws Exception;
	}

	/** By names for messages. */
	static Map<String, Way> ways() {
		final Map<String, Way> ways = new LinkedHashMap<>();
		ways.put("tiff", (folder, version) -> ImageFiles.save(image(version), folder.resolve("edit.tif")));
		ways.put("png", (folder, version) -> ImageFiles.save(image(version), folder.resolve("edit.png")));
		ways.put("jpeg", (folder, version) -> ImageFiles.save(image(version), folder.resolve("edit.jpg")));
		ways.put("sheet", (folder, version) -> PngFiles.write(image(version).getBufferedImage(), folder.resolve("sheet.png")));
		ways.put("csv", (folder, version) -> new Measured(table(version), Optional.of(table(version))).save(folder.resolve("parts.csv")));
		ways.put("outputs of a batch", (folder, version) -> outcome(version).write(folder.resolve("row.tif")));
		ways.put("summary of a batch", (folder, version) -> new Summary(List.of()).write(folder));
		ways.put("info", (folder, version) -> ProvenanceFile.write(folder.resolve("edit.json"), Provenance.of("edit").with("prompt", "a".repeat(9000 * (1 + version)))));
		ways.put("preset", Written::preset);
		ways.put("latents", (folder, version) -> LatentsFile.write(folder.resolve("latents.safetensors"), new Latents(1, 4, 32, 32, numbers(version))));
		ways.put("conversion", Written::convert);
		ways.put("download", Written::download);
		ways.put("demo model", Written::demo);
		return ways;
	}

	/** Each installation tries the libraries in another process, which takes its time. */
	static Way engine(final Path archive) {
		return (folder, version) -> new EngineInstaller(new InstalledEngines(folder.resolve("engine"))).install("cpu", archive.toString());
	}

	private static ImagePlus image(final int version) {
		final ImagePlus image = IJ.createImage("cells", "RGB noise", 80, 60, 1);
		image.getProcessor().setColor(version);
		for (int i = 0; i < 80 * 60; i++) image.getProcessor().set(i, i * 7919 * (version + 3));
		return image;
	}

	private static ResultsTable table(final int version) {
		final ResultsTable table = new ResultsTable();
		for (int row = 0; row < 300 * (1 + version); row++) {
			table.incrementCounter();
			table.addLabel("cell " + row);
			table.addValue("Area", row * 3.25 + version);
		}
		return table;
	}

	private static Outcome outcome(final int version) {
		final Map<String, Object> values = new LinkedHashMap<>();
		values.put("result", image(version));
		values.put("parts", table(version));
		values.put("text", "a".repeat(5000 * (1 + version)));
		return new Outcome(values, List.of(), Optional.empty());
	}

	private static float[] numbers(final int version) {
		final float[] numbers = new float[4 * 32 * 32];
		for (int i = 0; i < numbers.length; i++) numbers[i] = i + version;
		return numbers;
	}

	private static void preset(final Path folder, final int version) {
		System.setProperty(RequestPresets.PROPERTY, folder.toString());
		RequestPresets.replace(new RequestPreset("mine", "a".repeat(9000 * (1 + version)), Map.of("steps", 20.0)));
	}

	/** A conversion wants a new folder. */
	private static void convert(final Path folder, final int version) {
		try (ModelFolder model = ModelFolder.open(MODEL)) {
			Conversion.DEFAULTS.write(model, folder.resolve("converted-" + version), line -> {});
		}
	}

	private static void download(final Path folder, final int version) throws IOException {
		try (LocalHub hub = new LocalHub(MODEL)) {
			final ModelDownload download = new ModelDownload(hub.address());
			final DownloadPlan plan = download.plan("org/name", "main", "");
			download.fetch(plan, folder.resolve("cache-" + version), DownloadProgress.NONE);
		}
	}

	private static void demo(final Path folder, final int version) {
		System.setProperty(UserFolders.CACHE, folder.resolve("demo-" + version).toString());
		DemoModel.folder();
	}
}
