package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.tensor.Scope;

/** Adapters of the golden tree, merged here, against what lycoris-lora 4.1.3 and PEFT 0.21.2 merge them into. */
final class MergedGoldens {

	/** Of a layer's largest weight; sums in 32 bits round in another order. The largest error seen is 2e-7. */
	private static final double TOLERANCE = 3e-6;

	private MergedGoldens() {}

	/** All forms of LyCORIS on every kind of layer, in a file of one type. */
	static void lycoris(final String dtype, final double scale) {
		final Path folder = GoldenCase.model("lycoris");
		same(folder.resolve("base.safetensors"), folder.resolve("adapter_" + dtype + ".safetensors"), scale, folder.resolve("changed_" + dtype + "_" + scale + ".safetensors"));
	}

	/** A folder of PEFT. */
	static void peft(final String form) {
		final Path folder = GoldenCase.model("peft");
		same(folder.resolve("base.safetensors"), folder.resolve(form), 1, folder.resolve(form + "/merged.safetensors"));
	}

	private static void same(final Path model, final Path adapter, final double scale, final Path changed) {
		final List<String> warnings = new ArrayList<>();
		try (SafetensorsFile base = SafetensorsFile.open(model); SafetensorsFile wanted = SafetensorsFile.open(changed)) {
			final AdaptedWeights found = new AdaptedWeights(base);
			try (LoraSet loras = new LoraSet(Map.of("unet", found), network -> {}); Scope scope = Scope.open()) {
				loras.load("x", Lora.open(adapter), warnings::add);
				loras.fuse(scale);
				for (final String name : wanted.names()) {
					final float[] expected = wanted.get(name).toFloatArray();
					float largest = 0;
					for (final float value : expected) largest = Math.max(largest, Math.abs(value));
					assertArrayEquals(wanted.shape(name), found.get(name).shape(), name);
					assertArrayEquals(expected, found.get(name).toFloatArray(), (float) (TOLERANCE * largest), name);
				}
			}
		}
		assertEquals(List.of(), warnings);
	}
}
