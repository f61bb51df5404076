package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.google.gson.JsonParser;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Makes a small file or folder of a form, from the steps in {@code forms.txt}. The first step makes something: {@code folder}, {@code file}
 * and {@code golden} take one of the golden models, {@code lone} and {@code sd2} a checkpoint in one file, {@code tensor}, {@code text} and
 * {@code bytes} a file with one thing in it, {@code lora}, {@code pair}, {@code adapter} and {@code words} what is added to models. The
 * others change it: {@code json}, {@code unset}, {@code put}, {@code cast}, {@code drop}, {@code keep}, {@code rename}, {@code fp8}, {@code copy}, {@code beside}. With
 * {@code companion} and {@code part} it is opened with something else.
 */
final class FormMaker {

	private static final String PAIR = "lora_unet_down_blocks_0_proj";

	private final Path temp;
	/** What is opened. */
	Path target;
	/** The file of which tensors are changed. */
	private Path tensors;
	/** How it is opened. */
	ModelOptions options = ModelOptions.DEFAULTS;

	FormMaker(final Path temp) {
		this.temp = temp;
	}

	FormMaker make(final String steps) {
		if (steps.equals("-")) return this;
		for (final String step : steps.split(" ; | ;$|; ")) {
			final String[] words = step.strip().split(" ", 2);
			one(words[0], words.length < 2 ? "" : words[1]);
		}
		return this;
	}

	private void one(final String verb, final String rest) {
		final String[] words = rest.split(" ", 3);
		switch (verb) {
			case "folder" -> target = AlteredModel.copy(GoldenCase.model(rest), temp.resolve(rest));
			case "file" -> start(copied(GoldenCase.model(rest), "model" + rest.substring(rest.lastIndexOf('.'))));
			case "golden" -> golden(rest);
			case "lone" -> start(lone(Integer.parseInt(rest)));
			case "ckpt" -> start(CheckpointBytes.write(GoldenCase.model("single/sd1.safetensors"), temp.resolve("model.ckpt"), rest));
			case "refiner" -> start(OddFiles.refiner(temp.resolve("refiner.safetensors")));
			case "cache" -> target = OddFiles.cache(temp, words[0], words[1]);
			case "component" -> AlteredModel.json((target = temp.resolve("part")).resolve("config.json"), json -> json.addProperty("_class_name", rest));
			case "sd2" -> start(sd2(Integer.parseInt(words[0])).write(temp.resolve("model.safetensors"), words.length < 2 ? Map.of() : metadata(words[1])));
			case "tensor" -> start(written("other.safetensors", Map.of(rest, Tensor.full(1, DType.FLOAT32, 1), SingleFile.UNET + "input_blocks.0.0.weight", Tensor.zeros(DType.FLOAT32, 1, 4))));
			case "text" -> text(words[0], rest.substring(words[0].length() + 1));
			case "bytes" -> start(bytes(words[0], unescaped(rest.substring(words[0].length() + 1)).getBytes(StandardCharsets.ISO_8859_1)));
			case "index" -> AlteredModel.json((target = temp.resolve("folder")).resolve(ModelFolder.INDEX), json -> json.addProperty("_class_name", rest));
			case "gguf" -> start(new GgufBytes().describe("a", Integer.parseInt(rest), 0, 256).write(temp.resolve("model.gguf")));
			case "gguf-of" -> start(new GgufBytes().floats(rest, new float[1], 1).write(temp.resolve("model.gguf")));
			case "odd" -> start(OddFiles.withTypeThatIsNotRead(temp.resolve("odd.safetensors"), rest));
			case "large-metadata" -> start(OddFiles.withMetadata(temp.resolve("large.safetensors"), 9_000_000));
			case "pickle" -> start(OddFiles.pickle(temp.resolve("model.ckpt")));
			case "fp8-pickle" -> start(OddFiles.float8Pickle(temp.resolve("model.ckpt")));
			case "base" -> start(OddFiles.base(temp.resolve("base.ckpt"), Integer.parseInt(rest)));
			case "adapter" -> target = AdapterForms.peft(temp, "down_blocks.0.proj", rest);
			case "text-adapter" -> target = AdapterForms.peft(temp, "text_model.encoder.layers.0.mlp.fc1", rest);
			case "lora" -> start(written("lora.safetensors", Map.of(rest.split("=")[0], Tensor.of(new float[] { number(rest), number(rest) }, 2))));
			case "pair" -> start(written("lora.safetensors", AdapterForms.pair(PAIR + ".lora_down.weight", PAIR + ".lora_up.weight")));
			case "lora-file", "word-file" -> start(copied(GoldenCase.model("adapters/" + rest), rest));
			case "peft-file" -> start(copied(GoldenCase.model("peft/" + rest + "/adapter_model.safetensors"), "alone.safetensors"));
			case "words" -> start(written("words.safetensors", AdapterForms.words(rest.split(" "))));
			case "parameter-dict" -> start(bytes("cells.pt", AdapterForms.parameterDict()));
			case "companion" -> options = options.withCompanion(companion(rest));
			case "predicts" -> options = options.withPredictionType(rest);
			case "part" -> options = options.withPart(words[0], GoldenCase.model(words[1]));
			default -> change(verb, rest, words);
		}
	}

	private void change(final String verb, final String rest, final String[] words) {
		switch (verb) {
			case "in" -> tensors = target.resolve(rest);
			case "json" -> AlteredModel.json(target.resolve(words[0]), json -> json.add(words[1], JsonParser.parseString(words[2])));
			case "unset" -> AlteredModel.json(target.resolve(words[0]), json -> json.remove(words[1]));
			case "copy" -> copied(target.resolve(words[0]), target.getFileName() + "/" + words[1]);
			case "put" -> changed(map -> map.put(words[0], put(rest.split(" "))));
			case "cast" -> changed(map -> map.computeIfPresent(words[0], (name, value) -> value.to(DType.valueOf(words[1]))));
			case "drop" -> changed(map -> map.keySet().removeIf(name -> name.matches(rest)));
			case "keep" -> changed(map -> map.keySet().removeIf(name -> !name.matches(rest)));
			case "rename" -> rename(words[0].split(">", 2));
			case "named" -> AdapterForms.rename(tensors, rest);
			case "count-alphas" -> AdapterForms.countAlphas(tensors);
			case "metadata" -> OddFiles.withMetadata(tensors, words[0], rest.substring(words[0].length() + 1).replace('\'', '"'));
			case "odd-offsets" -> OddFiles.oddOffsets(tensors);
			case "take" -> copied(GoldenCase.model(words[0]), target.getFileName() + "/" + words[1]);
			case "move" -> {
				copied(target.resolve(words[0]), target.getFileName() + "/" + words[1]);
				delete(target.resolve(words[0]));
			}
			case "delete" -> delete(target.resolve(rest));
			case "fp8" -> changed(map -> scale(map, words[0], words[1]));
			case "beside" -> AlteredModel.text(temp.resolve(Neighbours.of(target).stem() + words[0]), rest.substring(words[0].length() + 1).replace("\\n", "\n"));
			case "as" -> asPart(rest);
			case "as-foreign" -> {
				options = options.withPart(rest, target);
				target = GoldenCase.model("sd1");
			}
			case "whole-clip" -> OddFiles.wholeClip(target.resolve("text_encoder/config.json"));
			case "nested" -> OddFiles.nested(target);
			case "unet-of" -> OddFiles.replaceUnet(tensors, GoldenCase.model(rest));
			case "linked" -> OddFiles.linked(target);
			case "llama" -> options = options.withPart("text_encoder", OddFiles.llama(temp.resolve("clip.gguf")));
			case "vae-beside" -> beside();
			default -> throw new IllegalArgumentException("no step '" + verb + "'");
		}
	}

	private void rename(final String... names) {
		changed(map -> List.copyOf(map.keySet()).forEach(name -> map.put(name.replaceFirst(names[0], names.length > 1 ? names[1] : ""), map.remove(name))));
	}

	private static void delete(final Path file) {
		try {
			Files.delete(file);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	// -- making --

	private void start(final Path file) {
		target = file;
		tensors = file;
	}

	private Path copied(final Path from, final String name) {
		try {
			return Files.copy(from, temp.resolve(name), StandardCopyOption.REPLACE_EXISTING);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Made once for all forms. */
	private Path lone(final int channels) {
		final Path shared = temp.resolveSibling("lone" + channels + ".safetensors");
		return copied(Files.exists(shared) ? shared : LoneCheckpoint.whole(channels).write(shared, Map.of()), "model.safetensors");
	}

	private void golden(final String name) {
		target = GoldenCase.model(name);
		options = options.withCompanion(GoldenCase.model(name.contains("sdxl") ? "sdxl" : "sd1"));
	}

	private static LoneCheckpoint sd2(final int channels) {
		final LoneCheckpoint file = new LoneCheckpoint(channels);
		file.tensors().put("cond_stage_model.model.positional_embedding", Tensor.zeros(DType.FLOAT32, 77, 64));
		return file;
	}

	private Path companion(final String name) {
		if (!name.equals("sd2eps")) return GoldenCase.model(name);
		final Path folder = AlteredModel.copy(GoldenCase.model("sd2"), temp.resolve(name));
		AlteredModel.json(folder.resolve("scheduler/scheduler_config.json"), json -> json.addProperty("prediction_type", "epsilon"));
		return folder;
	}

	private void text(final String name, final String content) {
		final Path file = (target != null && Files.isDirectory(target) ? target : temp).resolve(name);
		AlteredModel.text(file, content);
		if (target == null) start(file);
	}

	private Path bytes(final String name, final byte[] bytes) {
		try {
			return Files.write(temp.resolve(name), bytes);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private static String unescaped(final String text) {
		return JsonParser.parseString('"' + text + '"').getAsString();
	}

	private static Map<String, String> metadata(final String pairs) {
		return Map.of(pairs.split("=")[0], pairs.split("=")[1]);
	}

	private Path written(final String name, final Map<String, Tensor> map) {
		SafetensorsWriter.write(temp.resolve(name), map, Map.of());
		return temp.resolve(name);
	}

	// -- changing --

	private void changed(final Consumer<Map<String, Tensor>> change) {
		AlteredModel.tensors(tensors, tensors, change);
	}

	/** Name, value or values, type and shape; a tensor of one number in 32 bits if the last two are not there. */
	private static Tensor put(final String... words) {
		if (words[1].contains(",")) return Tensor.of(numbers(words[1]), shape(words[3]));
		return Tensor.full(Double.parseDouble(words[1]), words.length > 2 ? DType.valueOf(words[2]) : DType.FLOAT32, words.length > 3 ? shape(words[3]) : new long[] { 1 });
	}

	static float[] numbers(final String list) {
		final String[] texts = list.split(",");
		final float[] numbers = new float[texts.length];
		for (int i = 0; i < numbers.length; i++) numbers[i] = Float.parseFloat(texts[i]);
		return numbers;
	}

	static long[] shape(final String lengths) {
		return Arrays.stream(lengths.split(",")).mapToLong(Long::parseLong).toArray();
	}

	private static float number(final String assignment) {
		return Float.parseFloat(assignment.split("=")[1]);
	}

	private static void scale(final Map<String, Tensor> map, final String weight, final String scale) {
		final float[] values = map.get(weight).toFloatArray();
		double largest = 0;
		for (final float value : values) largest = Math.max(largest, Math.abs(value));
		map.put(scale, Tensor.full(largest / 448, DType.FLOAT32));
		map.put(weight, map.get(weight).multiply(448 / largest).to(DType.FLOAT8_E4M3FN));
	}

	/** The file becomes a part of another checkpoint, with another bias at the end of its networks. */
	private void asPart(final String part) {
		changed(map -> map.replaceAll((name, value) -> name.matches(".*(out\\.2|final_layer_norm)\\.bias") ? Tensor.full(7, DType.FLOAT32, value.shape()) : value));
		options = options.withPart(part, AlteredModel.tensors(target, temp.resolve("part.safetensors"), map -> {}));
		try (Scope scope = Scope.open()) {
			one("lone", "4");
		}
	}

	private void beside() {
		AlteredModel.tensors(target, temp.resolve(Neighbours.of(target).stem() + ".vae.safetensors"), map -> map.put(SingleFile.VAE + "decoder.conv_out.bias", Tensor.full(7, DType.FLOAT32, 3)));
	}
}
