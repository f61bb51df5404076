package sc.fiji.diffedit.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.commons.codec.digest.DigestUtils;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.hub.ModelPlaces;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
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

	/** Rewrites a file with metadata. */
	static void withMetadata(final Path file, final String key, final String value) {
		try (Scope scope = Scope.open(); WeightsFile read = WeightsFile.open(file, WeightAccess.COPIED)) {
			final Map<String, Tensor> tensors = new LinkedHashMap<>();
			read.names().forEach(name -> tensors.put(name, read.get(name)));
			SafetensorsWriter.write(file.resolveSibling("written.safetensors"), tensors, Map.of(key, value));
			Files.move(file.resolveSibling("written.safetensors"), file, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Moves all numbers of a file by one byte, so that none of them lies where its length wants it. */
	static void oddOffsets(final Path file) {
		try {
			final byte[] bytes = Files.readAllBytes(file);
			final ByteBuffer before = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
			final int header = (int) before.getLong();
			final int more = (header & 1) == 0 ? 1 : 2;
			final ByteBuffer moved = ByteBuffer.allocate(bytes.length + more).order(ByteOrder.LITTLE_ENDIAN).putLong(header + more).put(bytes, 8, header);
			for (int i = 0; i < more; i++) moved.put((byte) ' ');
			Files.write(file, moved.put(bytes, 8 + header, bytes.length - 8 - header).array());
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/**
	 * A cache of the hub with two revisions of a model: {@code main} in 32 bits and {@code fp16} as the variant.
	 *
	 * @param how {@code links} from the snapshots to the blobs, or {@code files} in the snapshots, as where links are not allowed
	 * @param repository to look for, perhaps with its revision
	 */
	static Path cache(final Path temp, final String how, final String repository) {
		final Path folder = temp.resolve("hub/models--org--name");
		AlteredModel.text(folder.resolve("refs/main"), "aaaa");
		AlteredModel.text(folder.resolve("refs/fp16"), "bbbb");
		AlteredModel.copy(GoldenCase.model("sd1"), made(folder.resolve("snapshots/aaaa")));
		AlteredModel.copy(GoldenCase.model("sd1-variant"), made(folder.resolve("snapshots/bbbb")));
		if (how.equals("links")) intoBlobs(folder.resolve("snapshots/aaaa"), made(folder.resolve("blobs")));
		return new ModelPlaces(List.of(), List.of(temp.resolve("hub"))).find(repository);
	}

	private static Path made(final Path folder) {
		try {
			return Files.createDirectories(folder);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private static void intoBlobs(final Path snapshot, final Path blobs) {
		try (Stream<Path> files = Files.walk(snapshot)) {
			for (final Path file : files.filter(Files::isRegularFile).toList()) {
				final Path blob = blobs.resolve(Integer.toHexString(snapshot.relativize(file).toString().hashCode()));
				Files.move(file, blob);
				Files.createSymbolicLink(file, file.getParent().relativize(blob));
			}
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
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

	/** The UNet of a golden refiner under its original names, with as much of its text encoder as tells its family. */
	static Path refiner(final Path file) {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		try (Scope scope = Scope.open(); ModelFolder model = ModelFolder.open(GoldenCase.model("sdxl-refiner"))) {
			final Weights unet = model.weights("unet");
			final NameTable names = SingleFile.UNetShape.ofDiffusers(unet.names()).orElseThrow().names();
			unet.names().forEach(name -> tensors.put(SingleFile.UNET + names.toOriginal(name).orElseThrow(), unet.get(name)));
			tensors.put("conditioner.embedders.0.model.positional_embedding", Tensor.zeros(DType.FLOAT32, 77, 40));
			tensors.put("conditioner.embedders.0.model.text_projection", Tensor.zeros(DType.FLOAT32, 40, 36));
			SafetensorsWriter.write(file, tensors, Map.of());
		}
		return file;
	}

	/** Makes a text encoder's config one of a whole CLIP, in which it is a half. */
	static void wholeClip(final Path config) {
		AlteredModel.json(config, json -> {
			final JsonObject texts = json.deepCopy();
			json.keySet().clear();
			json.addProperty("model_type", "clip");
			json.add("text_config", texts);
			json.add("vision_config", new JsonObject());
		});
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
			Files.createSymbolicLink(file, Files.move(file, blobs.resolve(DigestUtils.sha256Hex(Files.readAllBytes(file)))));
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

	/** The UNet of another golden model in the place of a checkpoint's own, under its original names. */
	static void replaceUnet(final Path checkpoint, final Path model) {
		try (ModelFolder folder = ModelFolder.open(model.resolve("unet")); Scope scope = Scope.open()) {
			final Weights unet = folder.weights(ModelFolder.WHOLE);
			final NameTable names = SingleFile.UNetShape.ofDiffusers(unet.names()).orElseThrow().names();
			AlteredModel.tensors(checkpoint, checkpoint, map -> {
				map.keySet().removeIf(name -> name.startsWith(SingleFile.UNET));
				unet.names().forEach(name -> map.put(SingleFile.UNET + names.toOriginal(name).orElseThrow(), unet.get(name)));
			});
		}
	}
}
