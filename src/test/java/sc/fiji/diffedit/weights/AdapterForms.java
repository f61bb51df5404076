package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** Small files that are added to models, in the namings that people have. */
final class AdapterForms {

	private static final String UNET = "unet.";

	private AdapterForms() {}

	/** A pair whose product is 1 everywhere: rank 2, so the scale is alpha / 2. */
	static Map<String, Tensor> pair(final String down, final String up) {
		final Map<String, Tensor> pair = new LinkedHashMap<>();
		pair.put(down, Tensor.of(new float[] { 1, 1, 1, 1 }, 2, 2));
		pair.put(up, Tensor.of(new float[] { 1, 0, 0, 1 }, 2, 2));
		return pair;
	}

	/** A folder of PEFT's save_pretrained with one such pair. */
	static Path peft(final Path folder, final String layer, final String settings) {
		AlteredModel.text(folder.resolve("adapter_config.json"), ("{" + settings + "}").replace('\'', '"').replace("\\", "\\\\"));
		SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), pair("base_model.model." + layer + ".lora_A.weight", "base_model.model." + layer + ".lora_B.weight"), Map.of());
		return folder;
	}

	/** Rewrites a LoRA of diffusers, {@code unet.LAYER.lora_A.weight}, in the names of another program. */
	static void rename(final Path file, final String program) {
		final UnaryOperator<String> layer = switch (program) {
			case "comfy" -> original("diffusion_model.");
			case "lycoris" -> name -> "lycoris_" + name.replace('.', '_');
			case "peft" -> name -> "unet.base_model.model." + name;
			case "kohya" -> name -> "lora_unet_" + name.replace('.', '_');
			default -> throw new IllegalArgumentException(program);
		};
		AlteredModel.tensors(file, file, map -> {
			for (final String key : List.copyOf(map.keySet())) {
				if (!key.startsWith(UNET)) continue;
				final int end = key.indexOf(".lora_");
				map.put(layer.apply(key.substring(UNET.length(), end)) + key.substring(end).replace("lora_A", "lora_down").replace("lora_B", "lora_up"), map.remove(key));
			}
		});
	}

	private static UnaryOperator<String> original(final String prefix) {
		try (ModelFolder model = ModelFolder.open(GoldenCase.model("sd1"))) {
			final NameTable names = SingleFile.UNetShape.ofDiffusers(model.weights("unet").names()).orElseThrow().names();
			return name -> prefix + names.toOriginal(name).orElseThrow();
		}
	}

	/** The same change without alphas: they are multiplied into one half of each pair. */
	static Path withoutAlphas(final Path file, final Path to) {
		return AlteredModel.tensors(file, to, map -> {
			for (final String key : List.copyOf(map.keySet())) {
				if (!key.endsWith(".alpha")) continue;
				final String layer = key.substring(0, key.length() - ".alpha".length());
				final long rank = map.get(layer + ".lora_down.weight").size(0);
				map.computeIfPresent(layer + ".lora_up.weight", (name, up) -> up.multiply(map.get(key).toFloatArray()[0] / rank));
				map.remove(key);
			}
		});
	}

	/** Another alpha for every layer, from 1 on. */
	static void countAlphas(final Path file) {
		AlteredModel.tensors(file, file, map -> {
			int alpha = 1;
			for (final String key : List.copyOf(map.keySet())) {
				if (key.endsWith(".alpha")) map.put(key, Tensor.full(alpha++ % 16 + 1, DType.FLOAT32));
			}
		});
	}

	/** Vectors of words, each with the names and shapes given as {@code name=1,32}. */
	static Map<String, Tensor> words(final String... named) {
		final Map<String, Tensor> map = new HashMap<>();
		for (final String word : named) map.put(word.split("=")[0], Tensor.full(1, DType.FLOAT32, FormMaker.shape(word.split("=")[1])));
		return map;
	}

	/** A word of A1111 from before PyTorch's own dictionaries: its vector is a parameter in a {@code ParameterDict}. */
	static byte[] parameterDict() {
		final PickleBytes pickle = new PickleBytes().op(0x80, 2, '}', '(').text("string_to_token").op('}').text("*").number(265).op('s').text("string_to_param")
			.global("torch.nn.modules.container", "ParameterDict").op(')', 0x81, '}', '(').text("training").op(0x88).text("_parameters").global("collections", "OrderedDict").op(')', 'R').text("*")
			.global("torch._utils", "_rebuild_parameter").op('(').tensor("FloatStorage", "0", 64, 0, new int[] { 2, 32 }, new int[] { 32, 1 }, false).op(0x89)
			.global("collections", "OrderedDict").op(')', 'R', 't', 'R', 's').op('u', 'b').text("name").text("cells").op('u', '.');
		return PickleBytes.zip(pickle.bytes(), new byte[4 * 64]);
	}
}
