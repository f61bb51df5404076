package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** What an adapter makes of weights: of a few small layers with nothing but the identity in them, or of a golden model's. */
final class AdapterChecks {

	static final String LAYER = "down_blocks.0.proj";

	private AdapterChecks() {}

	/** A tensor of a small UNet or text encoder after an adapter was added whole. */
	static float[] becomes(final Path adapter, final String network, final String tensor) {
		final Map<String, AdaptedWeights> networks = Map.of("unet", small(LAYER, "down_blocks.0.norm"), "text_encoder", small("encoder.layers.0.mlp.fc1", "final_layer_norm"));
		return with(networks, adapter, all -> all.get(network).get(tensor).toFloatArray());
	}

	private static AdaptedWeights small(final String layer, final String norm) {
		final Map<String, Tensor> base = new LinkedHashMap<>();
		base.put(layer + ".weight", Tensor.of(new float[] { 1, 0, 0, 1 }, 2, 2));
		base.put(layer + ".bias", Tensor.of(new float[2], 2));
		base.put(norm + ".weight", Tensor.of(new float[] { 1, 1 }, 2));
		return new AdaptedWeights(new MemoryWeights("base", base));
	}

	private static <T> T with(final Map<String, AdaptedWeights> networks, final Path adapter, final Function<Map<String, AdaptedWeights>, T> read) {
		final List<String> warnings = new ArrayList<>();
		try (LoraSet loras = new LoraSet(networks, name -> {})) {
			loras.load("x", Lora.open(adapter), warnings::add);
			loras.fuse(1);
			assertEquals(List.of(), warnings);
			return read.apply(networks);
		}
	}

	/**
	 * Two adapters change a golden model alike, and change something.
	 *
	 * @param tolerance of all numbers, which are around 0.1
	 */
	static void same(final String model, final Path expected, final Path found, final float tolerance) {
		final Map<String, float[]> right = changed(model, expected);
		final Map<String, float[]> got = changed(model, found);
		assertNotEquals(Set.of(), right.keySet());
		assertEquals(right.keySet(), got.keySet());
		right.forEach((name, values) -> assertArrayEquals(values, got.get(name), tolerance, name));
	}

	/** The network of a part is that of a folder: the same config as its network reads it, and the same numbers. */
	static void samePart(final FormMaker made, final String part, final Path wanted) {
		try (ModelFolder model = ModelFolder.open(made.target, made.options); ModelFolder folder = ModelFolder.open(wanted); Scope scope = Scope.open()) {
			final Weights right = folder.weights(ModelFolder.WHOLE), found = model.weights(part);
			assertEquals(UNet2DConditionConfig.of(new Config("a config", folder.config(ModelFolder.WHOLE).json())), UNet2DConditionConfig.of(new Config("a config", model.config(part).json())));
			assertEquals(right.names(), found.names());
			for (final String name : right.names()) assertArrayEquals(GoldenNumbers.in32Bits(right.get(name)), GoldenNumbers.in32Bits(found.get(name)), name);
		}
	}

	private static Map<String, float[]> changed(final String model, final Path adapter) {
		try (ModelFolder folder = ModelFolder.open(GoldenCase.model(model)); Scope scope = Scope.open()) {
			final Map<String, AdaptedWeights> networks = new HashMap<>();
			for (final String part : List.of("unet", "text_encoder", "text_encoder_2")) {
				if (folder.has(part)) networks.put(part, new AdaptedWeights(folder.weights(part)));
			}
			return with(networks, adapter, all -> {
				final Map<String, float[]> changed = new HashMap<>();
				all.forEach((part, weights) -> weights.names().forEach(name -> {
					final float[] now = weights.get(name).toFloatArray();
					if (!Arrays.equals(now, GoldenNumbers.of(model).get(part + "/" + name))) changed.put(part + "/" + name, now);
				}));
				return changed;
			});
		}
	}
}
