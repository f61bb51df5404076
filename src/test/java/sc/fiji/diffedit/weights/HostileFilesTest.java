package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Hostile;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.hub.ModelPlaces;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;

/**
 * Hundreds of files that lie, made from fixed seeds: safetensors headers, shard indexes, pickles, configs, checkpoints and
 * adapters of any shape, and paths that lead elsewhere. Each is read or refused in one sentence, within bounds of time and
 * memory, and nothing outside the model's folder is read.
 */
@Timeout(900)
class HostileFilesTest {

	/** Enough for each kind of lie; the fuzz tests go on from here. */
	private static final int ROUNDS = 600;

	@TempDir
	Path folder;

	@BeforeEach
	void prepare() {
		Torch.prepareThread();
	}

	// -- safetensors --

	@ParameterizedTest
	@ValueSource(strings = { "adapters/ti_sdxl.safetensors", "sd2/text_encoder/model.safetensors" })
	void changedBytesOfSafetensors(final String name) throws IOException {
		final byte[] sound = Files.readAllBytes(GoldenCase.model(name));
		final int header = 8 + (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong();
		final Hostile hostile = new Hostile(11);
		int read = 0;
		for (int i = 0; i < ROUNDS; i++) {
			final Path file = Hostile.write(folder.resolve("x.safetensors"), hostile.bytes(sound, header));
			if (Hostile.survives(name + " " + i, () -> readAll(file))) read++;
		}
		assertTrue(read > 0 && read < ROUNDS, read + " read");
	}

	/** Whatever opens keeps what its header says: every tensor has its shape and lies in the file. */
	private static void readAll(final Path path) throws IOException {
		try (WeightsFile file = WeightsFile.open(path)) {
			long bytes = 0;
			for (final String name : file.names()) {
				try (Scope scope = Scope.open()) {
					final Tensor tensor = file.get(name);
					assertArrayEquals(file.shape(name), tensor.shape());
					assertEquals(file.dtype(name), tensor.dtype());
					bytes += tensor.count() * tensor.dtype().bytes();
					if (tensor.count() > 0 && tensor.count() < 100_000) tensor.toBytes();
				}
			}
			if (file instanceof SafetensorsFile) assertTrue(bytes <= Files.size(path), bytes + " bytes of tensors");
		}
	}

	/** Headers that are nearly right: offsets and shapes of a liar who knows the format. */
	@Test
	void inventedSafetensorsHeaders() throws IOException {
		final Random random = new Random(12);
		int read = 0;
		for (int i = 0; i < ROUNDS; i++) {
			final byte[] header = header(random).toString().getBytes(StandardCharsets.UTF_8);
			final Path file = Hostile.write(folder.resolve("x.safetensors"), Hostile.safetensors(header, random.nextInt(3) * 8));
			if (Hostile.survives("header " + i, () -> readAll(file))) read++;
		}
		assertTrue(read > ROUNDS / 20 && read < ROUNDS - ROUNDS / 20, read + " read");
	}

	private static JsonObject header(final Random random) {
		final JsonObject header = new JsonObject();
		long at = 0;
		for (int n = random.nextInt(4); n > 0; n--) {
			final DType dtype = DType.values()[random.nextInt(DType.values().length)];
			final long elements = random.nextInt(8) == 0 ? 0 : 8 / dtype.bytes();
			final long lie = random.nextInt(8) == 0 ? random.nextInt(9) - 4 : 0;
			final JsonArray shape = new JsonArray(), offsets = new JsonArray();
			if (random.nextBoolean()) shape.add(random.nextInt(10) == 0 ? 1L << random.nextInt(63) : 1);
			shape.add(elements + (random.nextInt(12) == 0 ? 1 : 0));
			offsets.add(at + lie);
			at += elements * dtype.bytes();
			offsets.add(random.nextInt(20) == 0 ? Long.MAX_VALUE : at);
			final JsonObject entry = new JsonObject();
			entry.addProperty("dtype", dtype.safetensorsName());
			entry.add("shape", shape);
			entry.add("data_offsets", offsets);
			header.add("t" + n, entry);
		}
		return header;
	}

	/** The longest header that is read, full of the smallest entries. */
	@Test
	void aHeaderOfAllThatFitsIsRefusedInTime() throws IOException {
		final StringBuilder header = new StringBuilder("{");
		for (int i = 0; header.length() < (8 << 20) - 100; i++) header.append('"').append(i).append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},");
		header.setCharAt(header.length() - 1, '}');
		final Path file = Hostile.write(folder.resolve("x.safetensors"), Hostile.safetensors(header.toString().getBytes(StandardCharsets.UTF_8), 0));
		assertFalse(Hostile.survives("a hundred thousand tensors", () -> SafetensorsFile.open(file).close()));
	}

	// -- pickles --

	@Test
	void changedBytesOfPickles() throws IOException {
		final byte[] zip = Files.readAllBytes(GoldenCase.model("adapters/ti_one.bin")), a1111 = Files.readAllBytes(GoldenCase.model("adapters/ti_a1111.pt"));
		final Hostile hostile = new Hostile(13);
		int read = 0;
		for (int i = 0; i < ROUNDS; i++) {
			final byte[] sound = i % 2 == 0 ? zip : a1111;
			final Path file = Hostile.write(folder.resolve("x.bin"), hostile.bytes(sound, sound.length));
			if (Hostile.survives("pickle " + i, () -> readAll(file))) read++;
			Hostile.survives("word " + i, () -> TextualInversion.read(file));
		}
		assertTrue(read > 0 && read < ROUNDS, read + " read");
	}

	/** Programs of random instructions, most of them with arguments that fit. */
	@Test
	void inventedPickles() throws IOException {
		final Random random = new Random(14);
		int read = 0;
		for (int i = 0; i < ROUNDS; i++) {
			final Path file = Hostile.write(folder.resolve("x.bin"), PickleBytes.zip(program(random), new byte[24]));
			if (Hostile.survives("program " + i, () -> readAll(file))) read++;
		}
		assertTrue(read > 0 && read < ROUNDS, read + " read");
	}

	private static byte[] program(final Random random) {
		final PickleBytes program = new PickleBytes().op(0x80, 2, '}');
		final int[] plain = { '(', '0', '1', '2', 'N', 0x88, 0x89, '}', ']', ')', 'd', 'l', 't', 0x85, 0x86, 0x87, 'a', 'e', 's', 'u', 0x94, 'R', 'Q', 'b', 0x93 };
		for (int n = random.nextInt(40); n > 0; n--) {
			switch (random.nextInt(10)) {
				case 0 -> program.text("k" + random.nextInt(4));
				case 1 -> program.number(random.nextInt(5) - 1);
				case 2 -> program.op('q', random.nextInt(4));
				case 3 -> program.op('h', random.nextInt(4));
				case 4 -> program.global("collections", "OrderedDict").op(')', 'R');
				case 5 -> program.text("w").tensor("FloatStorage", "0", 6, random.nextInt(8) - 1, new int[] { random.nextInt(4), 2 }, new int[] { 2, random.nextInt(3) }, false).op('s');
				case 6 -> program.op(random.nextInt(256));
				default -> program.op(plain[random.nextInt(plain.length)]);
			}
		}
		return program.op('.').bytes();
	}

	/** A few bytes that ask for much work or memory: what was kept once is used again and again, or holds itself. */
	@Test
	void picklesThatGrowAreRefused() throws IOException {
		final PickleBytes pairs = new PickleBytes().op(0x80, 2).global("collections", "OrderedDict").op('q', 0, '0', ']', 'q', 1, '(');
		for (int i = 0; i < 200_000; i++) pairs.op(')');
		pairs.op('e', 0x85, 'q', 2, '0');
		for (int i = 0; i < 200_000; i++) pairs.op('h', 0, 'h', 2, 'R', '0');
		refused("a dictionary made again and again", PickleBytes.zip(pairs.op('.').bytes(), new byte[24]));
		final PickleBytes axes = new PickleBytes().op(0x80, 2, '(');
		for (int i = 0; i < 200_000; i++) axes.op('K', 1);
		axes.op('t', 'q', 0, '0').global("torch._utils", "_rebuild_tensor_v2").op('q', 1, '0', '(', '(').text("storage").global("torch", "FloatStorage").text("0").text("cpu").number(6)
			.op('t', 'Q').number(0).op('h', 0, 'h', 0, 't', 'q', 2, '0');
		for (int i = 0; i < 200_000; i++) axes.op('h', 1, 'h', 2, 'R');
		refused("a tensor of many axes", PickleBytes.zip(axes.op('.').bytes(), new byte[24]));
	}

	@Test
	void legacyFilesWhoseKeysHoldThemselvesAreRefused() throws IOException {
		final byte[] magic = { 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19 };
		final PickleBytes head = new PickleBytes().op(0x80, 2, 0x8a, 10).raw(magic).op('.', 0x80, 2, 'M', 0xe9, 3, '.', 0x80, 2, '}', '.', 0x80, 2, '}', '.');
		refused("a list in itself", head.op(0x80, 2, ']', ']', 'q', 0, 'h', 0, 'a', 'a', '.').int64(1).bytes());
		final PickleBytes deep = new PickleBytes().raw(new PickleBytes().op(0x80, 2, 0x8a, 10).raw(magic).op('.', 0x80, 2, 'M', 0xe9, 3, '.', 0x80, 2, '}', '.', 0x80, 2, '}', '.').bytes())
			.op(0x80, 2, ']', 'N');
		for (int i = 0; i < 500_000; i++) deep.op(0x85);
		refused("a tuple in a tuple in a tuple", deep.op('a', '.').int64(1).bytes());
	}

	private void refused(final String what, final byte[] content) throws IOException {
		final Path file = Hostile.write(folder.resolve("x.bin"), content);
		assertFalse(Hostile.survives(what, () -> readAll(file)), what);
	}

	// -- whole models --

	@Test
	void changedIndexesConfigsAndListsOfParts() throws IOException {
		final Path model = copy(GoldenCase.model("sd1-sharded"), folder.resolve("model"));
		final Hostile hostile = new Hostile(15);
		final List<Path> files = new ArrayList<>();
		try (var all = Files.walk(model)) {
			all.filter(file -> file.toString().endsWith(".json")).sorted().forEach(files::add);
		}
		assertTrue(files.stream().anyMatch(file -> file.toString().contains(".index.json")));
		int read = 0;
		for (int i = 0; i < 150; i++) {
			final Path file = files.get(i % files.size());
			final byte[] sound = Files.readAllBytes(file);
			final byte[] bad = i % 3 == 0 ? hostile.bytes(sound, sound.length)
				: hostile.json(Config.read(file).json()).toString().getBytes(StandardCharsets.UTF_8);
			Hostile.write(file, bad);
			if (Hostile.survives(model.relativize(file) + " " + i, () -> readModel(model))) read++;
			Hostile.write(file, sound);
		}
		assertTrue(read > 0 && read < 150, read + " read");
		readModel(model);
	}

	private static void readModel(final Path path) {
		assertTrue(Inspection.of(path).lines().size() > 0);
		try (ModelFolder model = ModelFolder.open(path)) {
			for (final String part : model.parts()) {
				model.className(part);
				model.directory(part);
				model.variants(part);
				if (part.startsWith("tokenizer")) continue;
				model.config(part);
				if (!model.hasWeights(part)) continue;
				final Weights weights = model.weights(part);
				for (final String name : weights.names()) weights.shape(name);
			}
		}
	}

	@Test
	void changedIndexesOfShards() throws IOException {
		Files.createDirectory(folder.resolve("unet"));
		Files.writeString(folder.resolve("model_index.json"), "{\"unet\":[\"diffusers\",\"UNet2DConditionModel\"]}");
		final JsonObject map = new JsonObject();
		for (int shard = 0; shard < 3; shard++) {
			final Map<String, Object[]> tensors = new LinkedHashMap<>();
			for (int i = 0; i < 3; i++) tensors.put("t" + shard + i, new Object[] { DType.FLOAT16, new long[] { 2 } });
			tensors.keySet().forEach(name -> map.addProperty(name, "s" + name.charAt(1) + ".safetensors"));
			Hostile.write(folder.resolve("unet/s" + shard + ".safetensors"), Hostile.safetensors(tensors));
		}
		final JsonObject index = new JsonObject();
		index.add("weight_map", map);
		final byte[] sound = index.toString().getBytes(StandardCharsets.UTF_8);
		final Hostile hostile = new Hostile(18);
		int read = 0;
		for (int i = 0; i < ROUNDS; i++) {
			Hostile.write(folder.resolve("unet/model.safetensors.index.json"), i % 2 == 0 ? hostile.bytes(sound, sound.length) : hostile.json(index).toString().getBytes(StandardCharsets.UTF_8));
			if (Hostile.survives("index " + i, this::readShards)) read++;
		}
		assertTrue(read > 0 && read < ROUNDS, read + " read");
	}

	private void readShards() {
		try (ModelFolder model = ModelFolder.open(folder)) {
			final Weights weights = model.weights("unet");
			for (final String name : weights.names()) assertArrayEquals(new float[2], weights.get(name).toFloatArray());
		}
	}

	/** Checkpoints in one file whose tensors have any shape, or are missing. */
	@Test
	void checkpointsOfAnyShape() throws IOException {
		final Hostile hostile = new Hostile(16);
		int read = 0;
		for (int i = 0; i < 50; i++) {
			final Path file = reshaped(GoldenCase.model(i % 2 == 0 ? "single/sd1.safetensors" : "single/sdxl_fp16.safetensors"), hostile.random());
			if (Hostile.survives("checkpoint " + i, () -> readCheckpoint(file))) read++;
		}
		assertTrue(read < 50, read + " read");
	}

	private static void readCheckpoint(final Path path) {
		assertTrue(Inspection.of(path).lines().size() > 0);
		try (ModelFolder model = ModelFolder.open(path)) {
			for (final String part : model.parts()) {
				if (!model.hasWeights(part)) continue;
				final Weights weights = model.weights(part);
				for (final String name : weights.names()) {
					try (Scope scope = Scope.open()) {
						assertArrayEquals(weights.shape(name), weights.get(name).shape(), name);
					}
				}
				model.config(part);
			}
		}
	}

	/** LoRAs and textual inversions whose tensors have any shape, or are missing. */
	@ParameterizedTest
	@ValueSource(strings = { "sd1_kohya", "sd1_peft", "sdxl_kohya_sgm", "ti_sdxl", "ti_a1111" })
	void adaptersOfAnyShape(final String name) throws IOException {
		final Hostile hostile = new Hostile(17);
		try (ModelFolder model = ModelFolder.open(GoldenCase.model("sd1"))) {
			for (int i = 0; i < 60; i++) {
				final Path file = reshaped(GoldenCase.model("adapters/" + name + ".safetensors"), hostile.random());
				Hostile.survives(name + " " + i, () -> Inspection.of(file));
				Hostile.survives(name + " " + i, () -> TextualInversion.read(file));
				Hostile.survives(name + " " + i, () -> applyLora(model, file));
			}
		}
	}

	private static void applyLora(final ModelFolder model, final Path file) {
		final Map<String, AdaptedWeights> networks = Map.of("unet", new AdaptedWeights(model.weights("unet")), "text_encoder", new AdaptedWeights(model.weights("text_encoder")));
		try (LoraSet loras = new LoraSet(networks, network -> {})) {
			final Lora lora = Lora.open(file);
			try {
				loras.load("x", lora, warning -> assertTrue(warning.endsWith(".")));
			}
			catch (final DiffEditException e) {
				lora.close();
				throw e;
			}
			for (final AdaptedWeights weights : networks.values()) {
				for (final String name : weights.names()) {
					if (name.endsWith(".weight")) weights.extras(name.substring(0, name.length() - 7));
				}
			}
		}
	}

	private Path reshaped(final Path sound, final Random random) throws IOException {
		final Map<String, Object[]> tensors = new LinkedHashMap<>();
		try (SafetensorsFile file = SafetensorsFile.open(sound)) {
			for (final String name : file.names()) tensors.put(name, new Object[] { file.dtype(name), file.shape(name) });
		}
		for (int n = random.nextInt(6); n >= 0; n--) {
			final List<String> names = new ArrayList<>(tensors.keySet());
			final String name = names.get(random.nextInt(names.size()));
			if (random.nextInt(5) == 0 && names.size() > 1) tensors.remove(name);
			else tensors.get(name)[1] = shape((long[]) tensors.get(name)[1], random);
		}
		return Hostile.write(folder.resolve("x.safetensors"), Hostile.safetensors(tensors));
	}

	private static long[] shape(final long[] sound, final Random random) {
		final int axes = random.nextInt(6);
		final long[] shape = new long[axes];
		for (int i = 0; i < axes; i++) shape[i] = random.nextBoolean() && i < sound.length ? sound[i] : random.nextInt(5);
		return shape;
	}

	// -- paths --

	@Test
	void nothingOutsideTheFolderIsRead() throws IOException {
		final Path secret = Files.writeString(Files.createDirectory(folder.resolve("outside")).resolve("secret.json"), "{\"model_type\":\"secret\"}");
		final Path shard = Files.copy(GoldenCase.model("sd1/vae/diffusion_pytorch_model.safetensors"), secret.resolveSibling("shard.safetensors"));
		final Path model = copy(GoldenCase.model("sd1"), folder.resolve("model"));
		replaceByLink(model.resolve("tokenizer/merges.txt"), secret);
		leadsOut(() -> ModelFolder.open(model).directory("tokenizer"));
		leadsOut(() -> Conversion.DEFAULTS.write(ModelFolder.open(model), folder.resolve("copy"), line -> {}));
		assertFalse(Files.exists(folder.resolve("copy")));
		replaceByLink(model.resolve("vae/diffusion_pytorch_model.safetensors"), shard);
		leadsOut(() -> ModelFolder.open(model).weights("vae"));
		Files.delete(model.resolve("vae/diffusion_pytorch_model.safetensors"));
		replaceByLink(model.resolve("vae/a.safetensors"), shard);
		Files.writeString(model.resolve("vae/diffusion_pytorch_model.safetensors.index.json"), "{\"weight_map\":{\"encoder.conv_in.weight\":\"a.safetensors\"}}");
		leadsOut(() -> ModelFolder.open(model).weights("vae"));
		replaceByLink(model.resolve("scheduler/scheduler_config.json"), secret);
		leadsOut(() -> ModelFolder.open(model).config("scheduler"));
		Files.delete(model.resolve("unet/config.json"));
		try (var rest = Files.list(model.resolve("unet"))) {
			for (final Path file : rest.toList()) Files.delete(file);
		}
		Files.delete(model.resolve("unet"));
		Files.createSymbolicLink(model.resolve("unet"), secret.getParent());
		leadsOut(() -> ModelFolder.open(model).variants("unet"));
		leadsOut(() -> ModelFolder.open(model).directory("unet"));
		replaceByLink(model.resolve("model_index.json"), secret);
		leadsOut(() -> ModelFolder.open(model));
	}

	@Test
	void partsAndVariantsAreNames() throws IOException {
		final Path model = copy(GoldenCase.model("sd1"), folder.resolve("model"));
		Files.writeString(model.resolve("model_index.json"), "{\"../model/unet\":[\"diffusers\",\"X\"],\"/etc\":[\"diffusers\",\"X\"],\"..\":[\"diffusers\",\"X\"],\".\":[\"diffusers\",\"X\"],"
			+ "\"a\\u0000b\":[\"diffusers\",\"X\"],\"unet/..\":[\"diffusers\",\"X\"],\"unet\":[\"diffusers\",\"UNet2DConditionModel\"]}");
		assertEquals(List.of("unet"), ModelFolder.open(model).parts());
		for (final String variant : List.of("../..", "/etc", "..", "a\0b", "x/../../y")) {
			assertTrue(ModelFolder.open(model, ModelOptions.DEFAULTS.withVariant(variant)).weights("unet").has("conv_in.weight"), "the plain files are taken");
		}
	}

	/** In a hub's cache files are links to blobs of the same cache, and to nothing else. */
	@Test
	void linksThatLeaveTheHubsCacheAreRefused() throws IOException {
		final Path cache = Files.createDirectories(folder.resolve("hub"));
		final Path secret = Files.writeString(folder.resolve("secret.json"), "{}");
		final Path snapshot = Files.createDirectories(cache.resolve("models--org--name/snapshots/abc/unet")).getParent();
		final Path blobs = Files.createDirectories(cache.resolve("models--org--name/blobs"));
		Files.writeString(snapshot.resolve("model_index.json"), "{\"unet\":[\"diffusers\",\"UNet2DConditionModel\"]}");
		Files.writeString(blobs.resolve("1"), "{\"a\":1}");
		replaceByLink(snapshot.resolve("unet/config.json"), Path.of("../../../blobs/1"));
		assertEquals(1, ModelFolder.open(snapshot).config("unet").getInt("a", 0));
		for (final Path target : List.of(secret, Path.of("../../../../../secret.json"))) {
			replaceByLink(snapshot.resolve("unet/config.json"), target);
			leadsOut(() -> ModelFolder.open(snapshot).config("unet"));
			leadsOut(() -> ModelFolder.open(snapshot).directory("unet"));
		}
		replaceByLink(blobs.resolve("2"), secret);
		replaceByLink(snapshot.resolve("unet/config.json"), Path.of("../../../blobs/2"));
		leadsOut(() -> ModelFolder.open(snapshot).config("unet"));
		Files.writeString(Files.createDirectories(cache.resolve("models--org--name/refs")).resolve("main"), "../../../..");
		assertTrue(new ModelPlaces(List.of(), List.of(cache)).inCaches("org/name").isEmpty());
	}

	/** A folder whose files are links into a hub's cache is read, through links to blobs alone. */
	@Test
	void linksIntoAHubsCacheLeadToBlobsOnly() throws IOException {
		final Path blobs = Files.createDirectories(folder.resolve("hub/models--org--name/blobs")), model = Files.createDirectories(folder.resolve("mine/unet")).getParent();
		final Path blob = Files.writeString(blobs.resolve("0a".repeat(20)), "{\"a\":1}"), other = Files.writeString(blobs.resolve("notes.json"), "{}");
		Files.writeString(model.resolve("model_index.json"), "{\"unet\":[\"diffusers\",\"UNet2DConditionModel\"]}");
		replaceByLink(model.resolve("unet/config.json"), blob);
		assertEquals(1, ModelFolder.open(model).config("unet").getInt("a", 0));
		replaceByLink(model.resolve("unet/config.json"), other);
		leadsOut(() -> ModelFolder.open(model).config("unet"));
		leadsOut(() -> new FolderWall(model.toRealPath()).inside("../hub/models--org--name/blobs/" + blob.getFileName()));
	}

	private static void leadsOut(final org.junit.jupiter.api.function.Executable open) {
		final String message = assertThrows(DiffEditException.class, open).getMessage();
		assertTrue(message.contains("leads out of"), message);
	}

	private static void replaceByLink(final Path link, final Path target) throws IOException {
		Files.deleteIfExists(link);
		Files.createSymbolicLink(link, target);
	}

	private static Path copy(final Path from, final Path to) throws IOException {
		try (var all = Files.walk(from)) {
			for (final Path file : new TreeSet<>(all.toList())) {
				final Path target = to.resolve(from.relativize(file).toString());
				if (Files.isDirectory(file)) Files.createDirectories(target);
				else Files.copy(file, target);
			}
		}
		return to;
	}
}
