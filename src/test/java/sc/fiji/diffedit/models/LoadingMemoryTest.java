package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.Hostile;
import sc.fiji.diffedit.benchmark.PeakMemory.Resident;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.nn.Leaf;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.weights.ModelFolder;

/** Loading holds a model once, and of the files that it is cast from never more than a shard. */
class LoadingMemoryTest {

	private static final int WIDTH = 768, LAYERS = 6, WORDS = 16_000;
	private static final long MIB = 1 << 20, SLACK = 24 * MIB;

	@TempDir
	Path folder;

	/** A text encoder of 104 MiB in 16 bits, in a shard per layer and one for the words. */
	private CLIPTextConfig write() throws IOException {
		final JsonObject config = new JsonObject(), map = new JsonObject(), index = new JsonObject();
		final int[] numbers = { WORDS, WIDTH, 4 * WIDTH, LAYERS, 12, 77 };
		final String[] keys = { "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "max_position_embeddings" };
		for (int i = 0; i < keys.length; i++) config.addProperty(keys[i], numbers[i]);
		write("words", map, Map.of("embeddings.token_embedding.weight", new long[] { WORDS, WIDTH }, "embeddings.position_embedding.weight", new long[] { 77, WIDTH },
			"final_layer_norm.weight", new long[] { WIDTH }, "final_layer_norm.bias", new long[] { WIDTH }));
		for (int layer = 0; layer < LAYERS; layer++) write("layer" + layer, map, layer("encoder.layers." + layer));
		index.add("weight_map", map);
		Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());
		Files.writeString(folder.resolve("config.json"), config.toString());
		return CLIPTextConfig.of(new Config("config.json", config));
	}

	private static Map<String, long[]> layer(final String name) {
		final Map<String, long[]> shapes = new LinkedHashMap<>();
		for (final String part : new String[] { "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj" }) linear(shapes, name + "." + part, WIDTH, WIDTH);
		linear(shapes, name + ".mlp.fc1", 4 * WIDTH, WIDTH);
		linear(shapes, name + ".mlp.fc2", WIDTH, 4 * WIDTH);
		for (final String norm : new String[] { ".layer_norm1", ".layer_norm2" }) {
			shapes.put(name + norm + ".weight", new long[] { WIDTH });
			shapes.put(name + norm + ".bias", new long[] { WIDTH });
		}
		return shapes;
	}

	private static void linear(final Map<String, long[]> shapes, final String name, final long out, final long in) {
		shapes.put(name + ".weight", new long[] { out, in });
		shapes.put(name + ".bias", new long[] { out });
	}

	private void write(final String shard, final JsonObject map, final Map<String, long[]> shapes) throws IOException {
		final Map<String, Object[]> tensors = new LinkedHashMap<>();
		shapes.forEach((name, shape) -> tensors.put(name, new Object[] { DType.FLOAT16, shape }));
		Files.write(folder.resolve(shard + ".safetensors"), Hostile.safetensors(tensors));
		shapes.keySet().forEach(name -> map.addProperty(name, shard + ".safetensors"));
	}

	@Test
	void aModelThatIsCastIsInMemoryOnce() throws Exception {
		assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "only Linux tells");
		final CLIPTextConfig config = write();
		Torch.prepareThread();
		final long stored = bytesOnDisk(), largest = Files.size(folder.resolve("words.safetensors"));
		try (ModelFolder model = ModelFolder.open(folder)) {
			final CLIPTextModel network = new CLIPTextModel(config, model.weights(ModelFolder.WHOLE), DType.FLOAT32);
			warm(network);
			final long grown = peakWhile(() -> network.blocks().forEach(Block::parameters));
			assertTrue(grown > stored, grown / MIB + " MiB, so that nothing was measured");
			assertTrue(grown < 2 * stored + largest + SLACK, grown / MIB + " MiB for a model of " + 2 * stored / MIB + " MiB in 32 bits");
			network.close();
		}
	}

	@Test
	void aModelThatIsNotCastStaysOnItsFiles() throws Exception {
		assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "only Linux tells");
		final CLIPTextConfig config = write();
		Torch.prepareThread();
		try (ModelFolder model = ModelFolder.open(folder)) {
			final CLIPTextModel network = new CLIPTextModel(config, model.weights(ModelFolder.WHOLE), DType.FLOAT16);
			warm(network);
			final long grown = peakWhile(() -> network.blocks().forEach(LoadingMemoryTest::read));
			assertTrue(grown < SLACK, grown / MIB + " MiB of memory for a model that is mapped");
			network.close();
		}
	}

	/** What libtorch and Java need for themselves when they do this for the first time does not count. */
	private static void warm(final CLIPTextModel network) {
		final Block small = network.blocks().get(network.blocks().size() - 1);
		for (int i = 0; i < 50; i++) {
			read(small);
			small.evict();
			Resident.now().anonymous();
		}
	}

	private static void read(final Block block) {
		try (Scope scope = Scope.open()) {
			for (final Leaf leaf : block.leaves()) {
				for (final String name : leaf.tensors()) assertEquals(0, block.parameters().tensors().get(name).reshape(-1).sum(false, 0).toFloat());
			}
		}
	}

	private long bytesOnDisk() throws IOException {
		try (var files = Files.list(folder)) {
			return files.filter(file -> file.toString().endsWith(".safetensors")).mapToLong(file -> file.toFile().length()).sum();
		}
	}

	/** How many more anonymous bytes there are at the worst moment than before, looked at every two milliseconds. */
	private static long peakWhile(final Runnable work) throws InterruptedException {
		final AtomicBoolean done = new AtomicBoolean();
		final long before = Resident.now().anonymous();
		final long[] peak = { before };
		final Thread watch = new Thread(() -> {
			while (!done.get()) {
				peak[0] = Math.max(peak[0], Resident.now().anonymous());
				LockSupport.parkNanos(2_000_000);                         // more often, and the reader's own garbage counts
			}
		});
		watch.start();
		work.run();
		done.set(true);
		watch.join();
		return Math.max(peak[0], Resident.now().anonymous()) - before;
	}
}
