package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.Rounding;
import sc.fiji.diffedit.SafetensorsReader;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.memory.PackedWeights;
import sc.fiji.diffedit.nn.AttentionListener;
import sc.fiji.diffedit.nn.BasicTransformerBlock;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Generator;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** What cross-attention looks at, read beside the network's ordinary calls. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class AttentionMapTest {

	private static final int WORDS = 7, HEADS = 2, PLACES = 6;

	/** All places of every layer, as they are told. */
	private static final class Everything implements AttentionListener {

		private final List<float[]> told = new ArrayList<>();
		private final Tensor words;

		Everything(final float... words) {
			this.words = Tensor.of(words, words.length);
		}

		@Override
		public Tensor words() {
			return words;
		}

		@Override
		public boolean wants(final long places) {
			return true;
		}

		@Override
		public void attended(final Tensor attention) {
			told.add(attention.toFloatArray());
		}
	}

	private static float[] oneWord(final int word) {
		final float[] words = new float[WORDS];
		words[word] = 1;
		return words;
	}

	private static float[] allWords() {
		return new float[] { 1, 1, 1, 1, 1, 1, 1 };
	}

	/** Whether on packed weights. */
	@ParameterizedTest
	@CsvSource({ "sd1,false", "sd1,true", "sd2,false", "sdxl,false", "sdxl,true" })
	void listeningChangesNoBitAndProbabilitiesSumToOne(final String model, final boolean packed) {
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = load(model)) {
			if (packed) assumeTrue(PackedWeights.attach(unet, 0));
			final Generator generator = Generator.of(3);
			final Tensor sample = generator.randn(DType.FLOAT32, 2, unet.config().inChannels(), 9, 8);
			final Conditioning words = words(unet.config(), generator);
			final float[] plain = unet.predict(sample, 481, words).toFloatArray();
			final Everything heard = new Everything(allWords());
			assertArrayEquals(plain, BasicTransformerBlock.heard(heard, () -> unet.predict(sample, 481, words)).toFloatArray());
			assertEquals(unet.blocks().stream().filter(BasicTransformerBlock.class::isInstance).count(), heard.told.size());
			heard.told.forEach(sums -> {
				for (final float sum : sums) assertEquals(1, sum, 1e-5);
			});
			assertFalse(BasicTransformerBlock.isHeard());
		}
	}

	/** Probabilities times values, through the last layer, are what the network's own cross-attention gives. */
	@ParameterizedTest
	@CsvSource({ "sd1", "sdxl" })
	void probabilitiesAreThoseOfTheNetwork(final String model) {
		try (Scope scope = Scope.open(); UNet2DConditionModel unet = load(model)) {
			final Block block = unet.blocks().stream().filter(BasicTransformerBlock.class::isInstance).findFirst().orElseThrow();
			final long channels = unet.config().blockOutChannels().get(model.equals("sd1") ? 0 : 1);
			final Generator generator = Generator.of(5);
			final Tensor x = generator.randn(DType.FLOAT32, 1, PLACES, channels), words = generator.randn(DType.FLOAT32, 1, WORDS, unet.config().crossAttentionDim().get(0)).multiply(5);
			final Tensor normed = block.kernels().call("layer_norm", x, block.parameters(), "norm2", 1e-5);
			final float[] expected = block.kernels().call("unet_cross_attention", normed, words, HEADS, block.parameters()).toFloatArray();
			final List<Tensor> each = new ArrayList<>();
			for (int word = 0; word < WORDS; word++) {
				each.add(block.kernels().call("unet_attention_to", x, words, Tensor.of(oneWord(word), WORDS), HEADS, block.parameters()));
			}
			final Tensor values = block.kernels().call("linear", words, block.parameters(), "attn2.to_v").reshape(1, WORDS, HEADS, -1).permute(0, 2, 1, 3);
			final Tensor mixed = Tensor.stack(each, -1).matmul(values).permute(0, 2, 1, 3).reshape(1, PLACES, -1);
			Rounding.assertClose(expected, block.kernels().call("linear", mixed, block.parameters(), "attn2.to_out.0").toFloatArray(), 2e-5);
		}
	}

	/** Latents of 8 x 6: layers at 4 x 3 count, those at 8 x 6 do not, and a quarter of that is too coarse. */
	@Test
	void aMapIsTheMeanOfItsLayersAtTheLatentsSize() {
		try (Scope scope = Scope.open()) {
			final AttentionMap map = new AttentionMap(8, 6, Tensor.of(oneWord(0), WORDS));
			assertThrows(DiffEditException.class, map::values);
			assertTrue(map.wants(12));
			assertFalse(map.wants(48) || map.wants(4) || map.wants(11));
			map.attended(Tensor.full(0.25, DType.FLOAT32, 2, HEADS, 12));
			map.attended(Tensor.full(0.75, DType.FLOAT32, 2, HEADS, 12));
			assertEquals(48, map.values().length);
			for (final float value : map.values()) assertEquals(0.5, value, 1e-6);
			assertTrue(new AttentionMap(64, 96, Tensor.of(oneWord(0), WORDS)).wants(16 * 24));
		}
	}

	private static Conditioning words(final UNet2DConditionConfig config, final Generator generator) {
		final Conditioning words = Conditioning.of(generator.randn(DType.FLOAT32, 2, WORDS, config.crossAttentionDim().get(0)));
		if (!config.addedTextTime()) return words;
		return words.with(Conditioning.TEXT_EMBEDS, generator.randn(DType.FLOAT32, 2, config.projectionInput() - 6 * config.additionTimeEmbedDim()))
			.with(Conditioning.TIME_IDS, generator.randn(DType.FLOAT32, 2, 6));
	}

	private static UNet2DConditionModel load(final String model) {
		final Path folder = GoldenCase.model(model + "/unet");
		return new UNet2DConditionModel(UNet2DConditionConfig.of(Config.read(folder.resolve("config.json"))),
			new SafetensorsReader(folder.resolve("diffusion_pytorch_model.safetensors")), DType.FLOAT32);
	}
}
