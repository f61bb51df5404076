package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.Fuzzed;
import sc.fiji.diffedit.Hostile;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.config.JsonText;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Torch;

/** Any bytes as a file of weights, or as what lies beside one. */
class FuzzedWeightsTest {

	@BeforeAll
	static void prepare() {
		Torch.prepareThread();
	}

	/** Mapped: to ask for the kind of drive takes longer than all else. */
	private static void readAll(final Path path) {
		try (WeightsFile file = WeightsFile.open(path, WeightAccess.MAPPED)) {
			for (final String name : file.names()) {
				file.shape(name);
				file.dtype(name);
			}
		}
	}

	@FuzzTest
	void safetensorsFile(final byte[] bytes) {
		final Path file = Fuzzed.file("x.safetensors", bytes);
		Fuzzed.read(() -> readAll(file));
	}

	/** The header alone, whose length always fits: so that changes get past the first 8 bytes. */
	@FuzzTest
	void safetensorsHeader(final byte[] header) {
		final Path file = Fuzzed.file("header.safetensors", Hostile.safetensors(header, 64));
		Fuzzed.read(() -> readAll(file));
	}

	@FuzzTest
	void gguf(final byte[] bytes) {
		final Path file = Fuzzed.file("x.gguf", bytes);
		Fuzzed.read(() -> readAll(file));
	}

	@FuzzTest
	void pickleProgram(final byte[] program) {
		final Path file = Fuzzed.file("x.bin", PickleBytes.zip(program, new byte[24]));
		Fuzzed.read(() -> readAll(file));
	}

	/** Zip files and files from before PyTorch 1.6. */
	@FuzzTest
	void pickleFile(final byte[] bytes) {
		final Path file = Fuzzed.file("y.bin", bytes);
		Fuzzed.read(() -> readAll(file));
	}

	@FuzzTest
	void shardIndex(final byte[] bytes) throws IOException {
		final Path model = shards();
		Files.write(model.resolve("unet/model.safetensors.index.json"), bytes);
		Fuzzed.read(() -> {
			try (ModelFolder folder = ModelFolder.open(model, ModelOptions.DEFAULTS.withReading(WeightAccess.MAPPED))) {
				folder.weights("unet").names();
			}
		});
	}

	private static Path shards() {
		final Map<String, Object[]> tensors = new LinkedHashMap<>();
		tensors.put("a", new Object[] { DType.FLOAT16, new long[] { 2 } });
		Fuzzed.file("model/unet/s.safetensors", Hostile.safetensors(tensors));
		return Fuzzed.file("model/model_index.json", "{\"unet\":[\"diffusers\",\"UNet2DConditionModel\"]}".getBytes(StandardCharsets.UTF_8)).getParent();
	}

	@FuzzTest
	void modelIndex(final byte[] bytes) {
		final Path model = Fuzzed.file("index/model_index.json", bytes).getParent();
		Fuzzed.read(() -> Inspection.of(model).lines());
	}

	@FuzzTest
	void yaml(final byte[] bytes) {
		final Path file = Fuzzed.file("x.yaml", bytes);
		Fuzzed.read(() -> {
			final CheckpointYaml yaml = CheckpointYaml.read(file);
			yaml.predictionType();
			yaml.number("linear_start");
		});
	}

	@FuzzTest
	void latents(final byte[] header) {
		final Path file = Fuzzed.file("latents.safetensors", Hostile.safetensors(header, 64));
		Fuzzed.read(() -> LatentsFile.read(file));
	}

	/** Lines of text as names of an adapter's tensors, all of one shape. */
	@FuzzTest
	void loraNames(final byte[] names) {
		final Map<String, Object[]> tensors = new LinkedHashMap<>();
		for (final String name : new String(names, StandardCharsets.UTF_8).split("\n")) {
			if (tensors.size() < 64) tensors.put(name, new Object[] { DType.FLOAT16, new long[] { 2, 2 } });
		}
		final Path file = Fuzzed.file("lora.safetensors", Hostile.safetensors(tensors));
		Fuzzed.read(() -> {
			try (Lora lora = Lora.open(file)) {
				lora.networks();
			}
		});
	}

	@FuzzTest
	void textualInversion(final byte[] header) {
		final Path file = Fuzzed.file("ti.safetensors", Hostile.safetensors(header, 64));
		Fuzzed.read(() -> TextualInversion.read(file));
	}

	/** A config beside weights. */
	@FuzzTest
	void partConfig(final byte[] bytes) {
		final Path file = Fuzzed.file("config.json", bytes);
		Fuzzed.read(() -> {
			final Config config = Config.read(file);
			for (final String key : config.json().keySet()) config.getString(key, "");
		});
	}

	/** JSON in general, such as 100 000 brackets. */
	@FuzzTest
	void json(final byte[] bytes) {
		final String text = new String(bytes, StandardCharsets.UTF_8);
		Fuzzed.read(() -> {
			final JsonObject json = JsonText.object("x.json", text);
			JsonText.pretty(json);
		});
	}

	/** What is said of any file. */
	@FuzzTest
	void inspection(final byte[] bytes) {
		final Path file = Fuzzed.file("any.safetensors", bytes);
		Fuzzed.read(() -> Inspection.of(file).lines());
	}
}
