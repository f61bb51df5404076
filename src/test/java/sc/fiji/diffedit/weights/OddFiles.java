package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import com.google.gson.JsonArray;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** Files of forms that are written byte by byte, or that link to one another. */
final class OddFiles {

	private OddFiles() {}

	/** A tensor "a" of the number 2, and another one of a type that PyTorch writes and nothing here reads. */
	static Path withTypeThatIsNotRead(final Path file, final String type) {
		final String header = "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'" + type + "','shape':[1],'data_offsets':[4,12]}}";
		return safetensors(file, header.replace('\'', '"'), 12);
	}

	/** The same with metadata of so many bytes. */
	static Path withMetadata(final Path file, final int bytes) {
		return safetensors(file, "{\"__metadata__\":{\"ss_tags\":\"" + "x".repeat(bytes) + "\"},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4);
	}

	private static Path safetensors(final Path file, final String header, final int dataBytes) {
		final byte[] text = header.getBytes(StandardCharsets.UTF_8);
		return written(file, ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text).putFloat(2).array());
	}

	private static Path written(final Path file, final byte[] bytes) {
		try {
			return Files.write(file, bytes);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** What {@code torch.load(weights_only=True)} takes besides tensors. */
	static Path pickle(final Path file) {
		final PickleBytes pickle = new PickleBytes().op(0x80, 4, '}', '(').text("a").tensor("FloatStorage", "0", 1, 0, new int[] { 1 }, new int[] { 1 }, false)
			.text("device").global("torch", "device").text("cpu").op(0x85, 'R').text("set").op(0x8f, '(').number(1).op(0x90).text("bytes").global("_codecs", "encode").text("x").text("latin1").op(0x86, 'R')
			.text("counts").global("collections", "Counter").op('}').text("b").number(3).op('s', 0x85, 'R').text("tuples").op('}').text("p").text("q").op(0x86).number(1).op('s')
			.text("parameters").global("torch.nn.modules.container", "ParameterDict").op(')', 0x81, '}').text("_parameters").op('}').text("*").number(5).op('s', 's', 'b').op('u', '.');
		final ByteBuffer two = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(2);
		try {
			return Files.write(file, PickleBytes.zip(pickle.bytes(), two.array()));
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Weights of 8 bits as PyTorch pickles them: on a storage of bytes, with the type behind the rest. */
	static Path float8Pickle(final Path file) {
		final PickleBytes pickle = new PickleBytes().op(0x80, 2, '}', '(').text("a").global("torch._utils", "_rebuild_tensor_v3").op('(', '(').text("storage").global("torch.storage", "UntypedStorage").text("0")
			.text("cpu").number(1).op('t', 'Q').number(0).op('(').number(1).op('t', '(').number(1).op('t', 0x89, 'N').global("torch", "float8_e4m3fn").op('N', 't', 'R').op('u', '.');
		try {
			return Files.write(file, PickleBytes.zip(pickle.bytes(), new byte[] { 0x40 }));
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** The depth of transformers said for each layer, as SSD-1B's config does. */
	static void nested(final Path folder) {
		AlteredModel.json(folder.resolve("unet/config.json"), json -> {
			json.add("transformer_layers_per_block", lists(2, 1, 1, 2));
			json.add("reverse_transformer_layers_per_block", lists(3, 2, 1, 1));
		});
	}

	private static JsonArray lists(final int times, final int... levels) {
		final JsonArray all = new JsonArray();
		for (final int level : levels) {
			final JsonArray each = new JsonArray();
			for (int i = 0; i < times; i++) each.add(level);
			all.add(each);
		}
		return all;
	}

	/** A folder whose weights are links into the cache of the hub, as huggingface_hub before 0.23 made them. */
	static void linked(final Path folder) {
		final Path file = folder.resolve("unet/diffusion_pytorch_model.safetensors");
		final Path blobs = folder.resolveSibling("hub").resolve("models--org--name").resolve("blobs");
		try {
			Files.createDirectories(blobs);
			Files.createSymbolicLink(file, Files.move(file, blobs.resolve("0a".repeat(32))));
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** The text encoder of a golden model in llama.cpp's names. */
	static Path llama(final Path file) {
		try (ModelFolder model = ModelFolder.open(GoldenCase.model("sd1"))) {
			return GgufBytes.of(model.weights("text_encoder"), name -> "t." + llama(name, false)).write(file);
		}
	}

	/** @param exchanged whether the two layers of a perceptron have each other's names, as in older files */
	static String llama(final String name, final boolean exchanged) {
		return name.replace("embeddings.token_embedding", "token_embd").replace("embeddings.position_embedding", "position_embd").replace("final_layer_norm", "post_ln")
			.replace("encoder.layers.", "blk.").replace("self_attn.out_proj", "attn_out").replaceFirst("self_attn\\.([qkv])_proj", "attn_$1").replaceFirst("layer_norm([12])", "ln$1")
			.replace("mlp.fc1", exchanged ? "ffn_down" : "ffn_up").replace("mlp.fc2", exchanged ? "ffn_up" : "ffn_down");
	}

	/**
	 * A file of torch.save with the UNet of a checkpoint of SD 2, all of whose tensors lie on one storage.
	 *
	 * @param steps how long it was trained
	 */
	static Path base(final Path file, final int steps) {
		final LoneCheckpoint checkpoint = new LoneCheckpoint(4);
		checkpoint.tensors().keySet().removeIf(name -> !name.startsWith("model."));
		checkpoint.tensors().put("cond_stage_model.model.positional_embedding", Tensor.zeros(DType.FLOAT32, 77, 64));
		final int largest = (int) checkpoint.tensors().values().stream().mapToLong(Tensor::count).max().orElseThrow();
		final PickleBytes pickle = new PickleBytes().op(0x80, 2, '}', '(').text("global_step").number(steps).text("state_dict").op('}', '(');
		for (final Map.Entry<String, Tensor> entry : checkpoint.tensors().entrySet()) {
			final int[] shape = Arrays.stream(entry.getValue().shape()).mapToInt(length -> (int) length).toArray();
			final int[] stride = shape.clone();
			for (int i = shape.length - 1, next = 1; i >= 0; next *= shape[i--]) stride[i] = next;
			pickle.text(entry.getKey()).tensor("FloatStorage", "0", largest, 0, shape, stride, false);
		}
		try {
			return Files.write(file, PickleBytes.zip(pickle.op('u', 'u', '.').bytes(), new byte[4 * largest]));
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}
}
