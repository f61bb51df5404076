package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;

/** Scales of LyCORIS' forms by hand, and what is no adapter: wrong shapes, halves of forms, forms that are not known. */
@ExtendWith(NoNativeLeaks.InScope.class)
class LycorisFormsTest {

	/** A linear layer of 4 outputs and 6 inputs, and a convolution of the same, in a network that is none. */
	private static final String LINEAR = "down_blocks.0.linear", CONV = "down_blocks.0.conv";

	@TempDir
	Path temp;

	private final List<String> warnings = new ArrayList<>();

	private static Tensor full(final double value, final long... shape) {
		return Tensor.full(value, DType.FLOAT32, shape);
	}

	/** Tensors of ones from words such as {@code lokr_w1 2x3}; a number behind gives another value. */
	private static Map<String, Tensor> tensors(final String layer, final String words) {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		for (final String word : words.split(",\\s*")) {
			final String[] parts = word.split(" ");
			final String[] lengths = parts[1].equals("-") ? new String[0] : parts[1].split("x");
			final long[] shape = new long[lengths.length];
			for (int i = 0; i < shape.length; i++) shape[i] = Long.parseLong(lengths[i]);
			tensors.put("unet." + layer + "." + parts[0], full(parts.length > 2 ? Double.parseDouble(parts[2]) : 1, shape));
		}
		return tensors;
	}

	private Path file(final Map<String, Tensor> tensors) {
		final Path file = temp.resolve("x.safetensors");
		SafetensorsWriter.write(file, tensors, Map.of());
		return file;
	}

	/** What an adapter makes of a tensor of zeros, or of ones for forms that multiply. */
	private float[] changed(final double before, final String tensor, final Map<String, Tensor> adapter) {
		final AdaptedWeights unet = new AdaptedWeights(new MemoryWeights("unet", Map.of(LINEAR + ".weight", full(before, 4, 6), LINEAR + ".bias", full(before, 4), CONV + ".weight", full(before, 4, 6, 3, 3))));
		final AdaptedWeights text = new AdaptedWeights(new MemoryWeights("text", Map.of("encoder.layers.0.self_attn.q_proj.weight", full(before, 4, 6))));
		try (LoraSet loras = new LoraSet(Map.of("unet", unet, "text_encoder", text), network -> {}); Lora lora = Lora.open(file(adapter))) {
			loras.load("x", lora, warnings::add);
			loras.fuse(1);
			return (text.has(tensor) ? text : unet).get(tensor).toFloatArray();
		}
	}

	/** Products of ones are as large as their ranks; alpha over rank scales them, {@code scale} takes its place, {@code scalar} comes besides. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "lora_down.weight 2x6, lora_up.weight 4x2 | 2", "lora_down.weight 2x6, lora_up.weight 4x2, alpha - 1 | 1", "lora_down.weight 2x6, lora_up.weight 4x2, alpha 1 0 | 2",
		"hada_w1_a 4x2, hada_w1_b 2x6, hada_w2_a 4x2, hada_w2_b 2x6 | 4", "hada_w1_a 4x2, hada_w1_b 2x6, hada_w2_a 4x2, hada_w2_b 2x6, alpha - 1 | 2",
		"hada_w1_a 4x2, hada_w1_b 2x6, hada_w2_a 4x2, hada_w2_b 2x6, alpha - 1, scale - 3 | 12", "hada_w1_a 4x2, hada_w1_b 2x6, hada_w2_a 4x2, hada_w2_b 2x6, alpha - 1, scalar - 3 | 6",
		"lokr_w1 2x2, lokr_w2 2x3 | 1", "lokr_w1 2x2, lokr_w2 2x3, alpha - 9007199254740992 | 1", "lokr_w1 2x2, lokr_w2 2x3, alpha - Infinity | 1", "lokr_w1 2x2, lokr_w2 2x3, alpha - 0 | 1", "lokr_w1 2x2, lokr_w2 2x3, scalar - 3 | 3",
		"lokr_w1 2x2, lokr_w2_a 2x4, lokr_w2_b 4x3, alpha - 1 | 1", "lokr_w1_a 2x4, lokr_w1_b 4x2, lokr_w2 2x3, alpha - 8 | 8",
		"a1.weight 6x2 0, a2.weight 2x6, b1.weight 4x2, b2.weight 2x6, alpha - 1 | 1" })
	void alphaMeansWhatItMeantInTraining(final String words, final float wanted) {
		for (final float value : changed(0, LINEAR + ".weight", tensors(LINEAR, words))) assertEquals(wanted, value, 1e-5f);
	}

	/** Whatever the weight is stored in, a change is not rounded to it again. */
	@Test
	void aSmallChangeOfAWeightIn8BitsIsKept() {
		final Map<String, Tensor> adapter = tensors(LINEAR, "diff 4x6 0.001");
		final AdaptedWeights weights = new AdaptedWeights(new MemoryWeights("base", Map.of(LINEAR + ".weight", full(1, 4, 6).to(DType.FLOAT8_E4M3FN))));
		try (LoraSet loras = new LoraSet(Map.of("unet", weights), network -> {}); Lora lora = Lora.open(file(adapter))) {
			loras.load("x", lora, warnings::add);
			assertEquals(DType.FLOAT32, weights.dtype(LINEAR + ".weight"));
			assertEquals(1.001f, weights.get(LINEAR + ".weight").toFloatArray()[5], 1e-6f);
		}
	}

	/** A row of zeros has no direction that a magnitude could stretch. */
	@Test
	void aMagnitudeOfNothingIsNothing() {
		for (final String shape : new String[] { "1x6", "4x1" }) {
			assertArrayEquals(new float[24], changed(0, LINEAR + ".weight", tensors(LINEAR, "lora_down.weight 2x6 0, lora_up.weight 4x2, dora_scale " + shape)));
		}
	}

	@Test
	void filesOfLycorisItselfNameTextEncodersByTheirLayers() {
		final Map<String, Tensor> adapter = new LinkedHashMap<>();
		adapter.put("lycoris_text_model_encoder_layers_0_self_attn_q_proj.lokr_w1", full(1, 2, 2));
		adapter.put("lycoris_text_model_encoder_layers_0_self_attn_q_proj.lokr_w2", full(2, 2, 3));
		assertEquals(2, changed(0, "encoder.layers.0.self_attn.q_proj.weight", adapter)[0]);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "lora_down.weight 0x6, lora_up.weight 4x0", "lora_down.weight 2x6, lora_up.weight 4x3", "lora_down.weight 6, lora_up.weight 4", "lora_down.weight 1x1x6, lora_up.weight 4x1x2",
		"lora_down.weight 2x6, lora_mid.weight 2x2x1x1, lora_up.weight 4x2", "hada_w1_a 4x0, hada_w1_b 0x6, hada_w2_a 4x2, hada_w2_b 2x6", "hada_w1_a 4x2, hada_w1_b 3x6, hada_w2_a 4x2, hada_w2_b 2x6",
		"hada_w1_a 4, hada_w1_b 1x6, hada_w2_a 4x2, hada_w2_b 2x6", "hada_w1_a 4x2, hada_w1_b 2x6, hada_w2_a 2x2, hada_w2_b 2x6", "hada_w1_a 2x4, hada_w1_b 2x6, hada_w2_a 2x4, hada_w2_b 2x6, hada_t1 2x2, hada_t2 2x2",
		"lokr_w1 2x2, lokr_w2 2x2", "lokr_w1 4x6, lokr_w2 2x2", "lokr_w1 0x2, lokr_w2 2x3", "lokr_w1 4, lokr_w2 1x6", "lokr_w1 2x2, lokr_w2_a 2x0, lokr_w2_b 0x3", "lokr_w1 2x2, lokr_w2_a 2x4, lokr_w2_b 3x3",
		"lokr_w1 2x2, lokr_w2_a 1x2, lokr_w2_b 1x3, lokr_t2 1x1x3x3", "oft_blocks 2x2", "oft_blocks 2x2x3", "oft_blocks 3x2x2", "oft_blocks 0x0x0", "oft_blocks 4x1x1, rescale 3", "oft_blocks 40x2x2x2", "oft_blocks 1x4x1x1",
		"oft_blocks 1x1x1x2x2", "weight 5, on_input -", "weight 4, on_input -", "a1.weight 6x2, a2.weight 2x6, b1.weight 4x2, b2.weight 2x5", "a1.weight 5x2, a2.weight 2x6, b1.weight 4x2, b2.weight 2x6",
		"lora_down.weight 2x6, lora_up.weight 4x2, dora_scale 5x1", "hada_w1_a 4x2, hada_w1_b 2x6, hada_w2_a 4x2, hada_w2_b 2x6, dora_scale 1x4" })
	void shapesThatDoNotFitAreRefusedBeforeAnythingIsComputed(final String words) {
		final String message = assertThrows(DiffEditException.class, () -> changed(1, LINEAR + ".weight", tensors(LINEAR, words))).getMessage();
		assertTrue(message.startsWith("x.safetensors was made for another family of models: for 'down_blocks.0.linear' its ") && message.contains("but the layer's weight is [4, 6]"), message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "lora_down.weight 2x6, lora_up.weight 4x2, lora_mid.weight 2x2x3x2", "lora_down.weight 2x6x3x3, lora_up.weight 4x2, lora_mid.weight 2x2x3x3",
		"hada_w1_a 2x4, hada_w1_b 2x6, hada_w2_a 2x4, hada_w2_b 2x6, hada_t1 2x2x3x3, hada_t2 2x3x3x3", "hada_w1_a 2x4, hada_w1_b 2x6, hada_w2_a 2x4, hada_w2_b 2x6, hada_t1 2x2x3x3, hada_t2 2x2x9",
		"lokr_w1 2x2, lokr_w2_a 1x2, lokr_w2_b 1x3, lokr_t2 1x1x3", "lokr_w1 2x2, lokr_w2_a 1x2, lokr_w2_b 2x3, lokr_t2 1x2x3x3", "lokr_w1 2x2, lokr_w2 2x3x9x1", "lokr_w1 2x2, lokr_w2 2x3x1x1" })
	void coresAreOfTheLayersKernel(final String words) {
		final String message = assertThrows(DiffEditException.class, () -> changed(1, CONV + ".weight", tensors(CONV, words))).getMessage();
		assertTrue(message.contains("for 'down_blocks.0.conv' its ") && message.contains("but the layer's weight is [4, 6, 3, 3]"), message);
	}

	/** A tensor of no known form, too many forms, or half of one: the sentence names form and layer or tensor. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "hada_w1_a 4x2, hada_w1_b 2x6 | an incomplete LoHa (it lacks hada_w2_a, hada_w2_b) for 'unet.down_blocks.0.linear'", "lora_down.weight 2x6 | an incomplete LoRA (it lacks lora_up)",
		"lokr_w1 2x2 | an incomplete LoKr (it lacks lokr_w2)", "lokr_w1_a 2x1, lokr_w2 2x3 | (it lacks lokr_w1_b)", "lokr_w1 2x2, lokr_w2 2x3, lokr_t2 1x1x3x3 | (it lacks lokr_w2_a, lokr_w2_b)",
		"hada_w1_a 4x2, hada_w1_b 2x6, hada_w2_a 4x2, hada_w2_b 2x6, hada_t1 2x2x3x3 | (it lacks hada_t2)", "lora_down.weight 2x6, lora_up.weight 4x2, oft_blocks 2x2x2 | LoRA and OFT at once",
		"oft_blocks 2x2x2, dora_scale 4x1 | has OFT with what this form does not have for 'unet.down_blocks.0.linear': dora_scale", "diff 4x6, dora_scale 4x1 | with what this form does not have",
		"a1.weight 6x2 | an incomplete GLoRA", "oft_diag 2x2x2 | 'unet.down_blocks.0.linear.oft_diag' of OFT in LyCORIS' first naming, which is not supported; supported adapters are LoRA, LoCon",
		"q_layer.weight 2x6 | of T-LoRA", "bm.weight 2x2x3x3 | of GLoRA with a core", "lokr_t1 2x2 | of LoKr with a core of its first matrix", "bias_indices 2x4 | of LoCon with a sparse remainder", "vera_lambda_b 4 | of VeRA",
		"boft_R 4x4 | of BOFT of PEFT", "oft_r 4x4 | of BOFT of PEFT, or of its OFT before version 0.16", "lora_down.scale_weight 1 | that some quantiser took apart", "modules_to_save.weight 4x6 | whole layers in place of the model's", "hada_w3_a 4x2 | a form of LoRA or LyCORIS that is not known here" })
	void whatIsNoWholeFormIsRefusedByItsName(final String words, final String said) {
		final String message = assertThrows(DiffEditException.class, () -> changed(1, LINEAR + ".weight", tensors(LINEAR, words))).getMessage();
		assertTrue(message.startsWith("x.safetensors has ") && message.contains(said), message);
	}

	/** One of two tensors for one purpose would count and the other be left out. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "lora_A.weight 2x6 | unet.down_blocks.0.linear | 'unet.down_blocks.0.linear' twice, the second time by 'unet.down_blocks.0.linear.lora_",
		"lora_B.bias 4, diff_b 4 | unet.down_blocks.0.linear | 'down_blocks.0.linear.bias' twice, the second time by 'unet.down_blocks.0.linear.diff_b'",
		"lora_down.weight 2x6, lora_up.weight 4x2 | diffusion_model.down_blocks.0.linear | 'down_blocks.0.linear' twice, the second time by '",
		"lora_down.weight 2x6, lora_up.weight 4x2 | lora_unet_down_blocks_0_linear | 'down_blocks.0.linear' twice, the second time by '" })
	void whatChangesTheSameTwiceIsRefused(final String words, final String layer, final String said) {
		final Map<String, Tensor> adapter = tensors(LINEAR, "lora_down.weight 2x6, lora_up.weight 4x2");
		tensors(LINEAR, words).forEach((name, tensor) -> adapter.put(name.replace("unet." + LINEAR, layer), tensor));
		final String message = assertThrows(DiffEditException.class, () -> changed(1, LINEAR + ".weight", adapter)).getMessage();
		assertTrue(message.startsWith("x.safetensors changes " + said) && message.endsWith("download it again or take another adapter."), message);
	}

	@Test
	void numbersThatAreNoneAreRefused() {
		final Map<String, Tensor> whole = tensors(LINEAR, "lokr_w1 2x2, lokr_w2 2x3");
		whole.replaceAll((name, tensor) -> tensor.to(DType.INT8));
		assertTrue(assertThrows(DiffEditException.class, () -> changed(1, LINEAR + ".weight", whole)).getMessage().contains("in whole numbers (INT8)"));
		final String infinite = assertThrows(DiffEditException.class, () -> changed(1, LINEAR + ".weight", tensors(LINEAR, "oft_blocks 2x2x2 Infinity"))).getMessage();
		assertTrue(infinite.contains("oft_blocks' with numbers that are not finite"), infinite);
		final Map<String, Tensor> large = Map.of("unet." + LINEAR + ".oft_blocks", Tensor.of(new float[] { 0, 3e38f, -3e38f, 0, 0, 1, -1, 0 }, 2, 2, 2));
		final String infiniteLater = assertThrows(DiffEditException.class, () -> changed(1, LINEAR + ".weight", large)).getMessage();
		assertTrue(infiniteLater.contains("oft_blocks' with numbers that are not finite"), infiniteLater);
		final String alpha = assertThrows(DiffEditException.class, () -> changed(1, LINEAR + ".weight", tensors(LINEAR, "oft_blocks 2x2x2, alpha 2"))).getMessage();
		assertTrue(alpha.contains("alpha', which is not one number"), alpha);
	}
}
