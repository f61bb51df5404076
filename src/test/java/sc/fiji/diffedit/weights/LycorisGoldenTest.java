package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;

/** Every form of LyCORIS on every kind of layer against lycoris-lora 4.1.3, see scripts/goldens/cases_lycoris.py. */
@ExtendWith(NoNativeLeaks.InScope.class)
class LycorisGoldenTest {

	private static final Path FOLDER = GoldenCase.model("lycoris");
	/** Sums in 32 bits round in another order; the largest error seen is 2e-7 of a layer's largest weight. */
	private static final double TOLERANCE = 3e-6;

	private final List<String> warnings = new ArrayList<>();

	private LoraSet load(final AdaptedWeights weights, final String... names) {
		final LoraSet loras = new LoraSet(Map.of("unet", weights), network -> {});
		for (final String name : names) loras.load(name, Lora.open(FOLDER.resolve("adapter_" + name + ".safetensors")), warnings::add);
		return loras;
	}

	@ParameterizedTest
	@CsvSource({ "float32, 1.0", "float32, 0.6", "float16, 1.0", "bfloat16, 1.0" })
	void everyFormOnEveryLayerGivesWhatLycorisGives(final String dtype, final double scale) {
		MergedGoldens.lycoris(dtype, scale);
	}

	/** What each adds to the weight alone adds up; nothing of it stays when they go. */
	@Test
	void severalAddUpAndLeaveNoTrace() {
		try (SafetensorsFile base = SafetensorsFile.open(FOLDER.resolve("base.safetensors"))) {
			final AdaptedWeights both = new AdaptedWeights(base), first = new AdaptedWeights(base), second = new AdaptedWeights(base);
			try (LoraSet a = load(first, "float32"); LoraSet b = load(second, "float16"); LoraSet c = load(both, "float32", "float16")) {
				a.setAdapters(Map.of("float32", 0.7));
				b.setAdapters(Map.of("float16", -0.4));
				c.setAdapters(Map.of("float32", 0.7, "float16", -0.4));
				List.of(a, b, c).forEach(loras -> loras.fuse(1));
				for (final String name : base.names()) {
					final Tensor sum = first.get(name).plus(second.get(name)).minus(base.get(name));
					assertArrayEquals(sum.toFloatArray(), both.get(name).toFloatArray(), 1e-5f, name);
				}
				c.setAdapters(Map.of("float32", 0.0));
				assertTrue(base.names().stream().noneMatch(name -> !both.get(name).toBytes().equals(base.get(name).toBytes())), "an adapter of scale 0 does nothing");
			}
		}
	}
}
