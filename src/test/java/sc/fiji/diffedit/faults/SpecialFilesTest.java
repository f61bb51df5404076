package sc.fiji.diffedit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.engine.InstalledEngines;
import sc.fiji.diffedit.fiji.ProvenanceFile;
import sc.fiji.diffedit.fiji.batch.ImageFiles;
import sc.fiji.diffedit.fiji.batch.SelectionFiles;
import sc.fiji.diffedit.fiji.batch.SettingsTable;
import sc.fiji.diffedit.fiji.engine.EngineInstaller;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.weights.LatentsFile;
import sc.fiji.diffedit.weights.Lora;
import sc.fiji.diffedit.weights.PickleFile;
import sc.fiji.diffedit.weights.SafetensorsFile;
import sc.fiji.diffedit.weights.TextualInversion;

/** A pipe to which nobody writes, in place of each file that is read: it is refused, and nobody waits for it. */
class SpecialFilesTest {

	private static final long SECONDS = 60;

	@TempDir
	private Path folder;
	private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
		final Thread thread = new Thread(() -> {
			Torch.prepareThread();
			task.run();
		});
		thread.setDaemon(true);
		return thread;
	});

	@BeforeEach
	void needPipes() {
		assumeTrue(OtherJava.can("mkfifo", folder.resolve("a pipe").toString()), "there are no pipes here");
	}

	@AfterEach
	void end() {
		threads.shutdownNow();
	}

	private Path pipe(final String name) {
		final Path pipe = folder.resolve(name);
		OtherJava.can("mkfifo", pipe.toString());
		return pipe;
	}

	/** Reads a file. */
	@FunctionalInterface
	private interface Reader {

		Object read(Path file) throws Exception;
	}

	private String outcome(final Reader reader, final Path file) throws InterruptedException {
		try {
			return "it gave " + threads.submit(() -> reader.read(file)).get(SECONDS, TimeUnit.SECONDS);
		}
		catch (final TimeoutException e) {
			return "it waits, at " + Thread.getAllStackTraces().entrySet().stream().filter(thread -> thread.getKey().isDaemon()).flatMap(thread -> Stream.of(thread.getValue()))
				.filter(at -> at.getClassName().startsWith("sc.fiji.diffedit.") && !at.getClassName().startsWith(SpecialFilesTest.class.getName())).limit(3).toList();
		}
		catch (final ExecutionException e) {
			return e.getCause() instanceof DiffEditException refused && refused.getMessage().endsWith(".") ? "" : e.getCause().toString();
		}
	}

	@Test
	void pipesAreRefused() throws Exception {
		final Map<String, Reader> readers = new LinkedHashMap<>();
		readers.put("latents.safetensors", LatentsFile::read);
		readers.put("weights.safetensors", SafetensorsFile::open);
		readers.put("weights.ckpt", PickleFile::open);
		readers.put("lora.safetensors", Lora::open);
		readers.put("word.pt", TextualInversion::read);
		readers.put("table.csv", SettingsTable::read);
		readers.put("cells.roi", SelectionFiles::read);
		readers.put("cells.tif", ImageFiles::open);
		readers.put("cells.png", ImageFiles::open);
		readers.put("cells.json", ProvenanceFile::read);
		readers.put("engine.jar", file -> new EngineInstaller(new InstalledEngines(folder.resolve("engine"))).install("cpu", file.toString()));
		readers.put("model.safetensors", this::borrowed);
		readers.put("model.gguf", this::borrowed);
		final Map<String, String> wrong = new LinkedHashMap<>();
		for (final Map.Entry<String, Reader> reader : readers.entrySet()) wrong.put(reader.getKey(), outcome(reader.getValue(), pipe(reader.getKey())));
		wrong.values().removeIf(String::isEmpty);
		assertEquals(Map.of(), wrong);
	}

	private Object borrowed(final Path model) {
		try (ModelStore store = new ModelStore()) {
			return store.borrow(model.toString());
		}
	}

	/** Each file of a model in turn; those that need not be there may be passed over. */
	@Test
	void pipesInModelsAreRefusedOrPassedOver() throws Exception {
		final Path model = folder.resolve("sd1");
		PathUtils.copyDirectory(GoldenCase.model("sd1"), model);
		Files.writeString(model.resolve("README.md"), "a model");
		final Map<String, String> wrong = new LinkedHashMap<>();
		for (final Path file : files(model)) {
			final Path kept = folder.resolve("kept");
			Files.move(file, kept);
			pipe(folder.relativize(file).toString());
			final String outcome = outcome(this::borrowed, model);
			if (!outcome.isEmpty() && !outcome.startsWith("it gave ")) wrong.put(file.toString(), outcome);
			Files.delete(file);
			Files.move(kept, file);
		}
		assertEquals(Map.of(), wrong);
	}

	private static java.util.List<Path> files(final Path model) throws IOException {
		try (Stream<Path> all = Files.walk(model)) {
			return all.filter(Files::isRegularFile).toList();
		}
	}
}
