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
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;

/** Forms of LoRA files on two small layers, by numbers that follow by hand from the formulas of PEFT and LyCORIS. */
@ExtendWith(NoNativeLeaks.InScope.class)
class LoraFormsTest {

	private static final String LAYER = "down_blocks.0.proj", PEFT = "base_model.model." + LAYER;

	@TempDir
	Path temp;

	private final List<String> warnings = new ArrayList<>();

	private static Tensor of(final int rows, final int columns, final float... values) {
		return Tensor.of(values, rows, columns);
	}

	/** A pair whose product is 1 everywhere: rank 2, so the scale is alpha / 2. */
	private static Map<String, Tensor> pair(final String down, final String up) {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		tensors.put(down, of(2, 2, 1, 1, 1, 1));
		tensors.put(up, of(2, 2, 1, 0, 0, 1));
		return tensors;
	}

	private float[] changed(final String network, final String tensor, final Path file) {
		final Map<String, Tensor> base = new LinkedHashMap<>();
		base.put(LAYER + ".weight", of(2, 2, 3, 0, 4, 1));
		base.put(LAYER + ".bias", Tensor.of(new float[] { 1, 2 }, 2));
		base.put("down_blocks.0.norm.weight", Tensor.of(new float[] { 1, 1 }, 2));
		base.put("encoder.layers.0.mlp.fc1.weight", of(2, 2, 0, 0, 0, 0));
		final AdaptedWeights weights = new AdaptedWeights(new MemoryWeights("base", base));
		try (LoraSet loras = new LoraSet(Map.of(network, weights), name -> {})) {
			loras.load("x", Lora.open(file), warnings::add);
			loras.fuse(0.5);
			return weights.get(tensor).toFloatArray();
		}
	}

	private Path file(final Map<String, Tensor> tensors) {
		SafetensorsWriter.write(temp.resolve("lora.safetensors"), tensors, Map.of());
		return temp.resolve("lora.safetensors");
	}

	/** A norm has one length; a magnitude over inputs that it does not have must not be looked for. */
	@Test
	void aPairForANormIsRefused() {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		tensors.put("unet.down_blocks.0.norm.lora_A.weight", of(1, 1, 1));
		tensors.put("unet.down_blocks.0.norm.lora_B.weight", of(2, 1, 1, 1));
		tensors.put("unet.down_blocks.0.norm.dora_scale", of(1, 2, 1, 1));
		final DiffEditException refused = assertThrows(DiffEditException.class, () -> changed("unet", LAYER + ".weight", file(tensors)));
		assertTrue(refused.getMessage().contains("but the layer's weight is [2]"), refused.getMessage());
	}

	/** A folder of PEFT's save_pretrained; half of the scale is added, as the adapter is fused with 0.5. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "'lora_alpha':8 | 2", "'lora_alpha':8,'use_rslora':true | 2.8284271", "'lora_alpha':8,'alpha_pattern':{'^down_blocks\\\\.\\\\d+\\\\.proj':4} | 1",
		"'lora_alpha':8,'alpha_pattern':{'proj':6,'.*':2} | 1.5", "'lora_alpha':8,'alpha_pattern':{'pro':6} | 2", "'bias':'none' | 0.5" })
	void settingsBesideAnAdapterOfPeftCount(final String settings, final float added) {
		AlteredModel.text(temp.resolve("adapter_config.json"), "{'peft_type':'LORA','r':2,'target_modules':['proj'],'lora_dropout':0.0,'modules_to_save':null,".replace('\'', '"')
			+ settings.replace('\'', '"') + "}");
		SafetensorsWriter.write(temp.resolve("adapter_model.safetensors"), pair(PEFT + ".lora_A.weight", PEFT + ".lora_B.weight"), Map.of());
		assertArrayEquals(new float[] { 3 + added, added, 4 + added, 1 + added }, changed("unet", LAYER + ".weight", temp), 1e-6f);
		assertEquals(List.of(), warnings);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "'peft_type':'VERA' | asks for peft_type \"VERA\"; supported is LORA, LOHA, LOKR, OFT or IA3", "'peft_type':'BOFT' | asks for peft_type \"BOFT\"",
		"'init_lora_weights':'pissa_niter_4' | asks for init_lora_weights \"pissa_niter_4\"; supported is an adapter to the model's own weights", "'peft_type':'OFT' | supported is OFT of PEFT 0.16 or newer",
		"'peft_type':'OFT','oft_block_size':2,'use_cayley_neumann':true,'peft_version':'0.17.1' | asks for use_cayley_neumann true; supported is the series of PEFT 0.18 or newer, and this adapter is of version 0.17.1",
		"'peft_type':'OFT','oft_block_size':2,'use_cayley_neumann':true | and this adapter is of an older version", "'use_qalora':true | asks for use_qalora true; supported is no use_qalora",
		"'alpha_pattern':{'((.*)*)*x':4} | has an alpha_pattern that takes too long to try", "'alpha_pattern':{'(':4} | which is not a regular expression" })
	void settingsThatAreNotUnderstoodAreRefused(final String settings, final String said) {
		AlteredModel.text(temp.resolve("adapter_config.json"), "{" + settings.replace('\'', '"') + "}");
		SafetensorsWriter.write(temp.resolve("adapter_model.safetensors"), pair(PEFT + ".lora_A.weight", PEFT + ".lora_B.weight"), Map.of());
		final String message = assertThrows(DiffEditException.class, () -> changed("unet", LAYER + ".weight", temp)).getMessage();
		assertTrue(message.contains(said), message);
	}

	@Test
	void anAdapterOfPeftForATextEncoderIsKnownByItsLayers() {
		final String layer = "base_model.model.text_model.encoder.layers.0.mlp.fc1";
		assertArrayEquals(new float[] { 0.5f, 0.5f, 0.5f, 0.5f }, changed("text_encoder", "encoder.layers.0.mlp.fc1.weight", file(pair(layer + ".lora_A.weight", layer + ".lora_B.weight"))));
	}

	/**
	 * The weight [[3, 0], [4, 1]] has columns of length 5 and 1 and rows of length 3 and sqrt(17); the pair adds nothing here. At half its
	 * scale, a magnitude over outputs has its whole effect, as in PEFT, and one over inputs half of it, as in LyCORIS.
	 */
	@Test
	void theShapeOfAMagnitudeTellsItsAxis() {
		final Map<String, Tensor> tensors = pair("lora_unet_down_blocks_0_proj.lora_down.weight", "lora_unet_down_blocks_0_proj.lora_up.weight");
		tensors.replace("lora_unet_down_blocks_0_proj.lora_up.weight", of(2, 2, 0, 0, 0, 0));
		tensors.put("lora_unet_down_blocks_0_proj.dora_scale", of(1, 2, 10, 2));
		assertArrayEquals(new float[] { 4.5f, 0, 6, 1.5f }, changed("unet", LAYER + ".weight", file(tensors)), 1e-5f);
		tensors.put("lora_unet_down_blocks_0_proj.dora_scale", of(2, 1, 6, (float) Math.sqrt(68)));
		assertArrayEquals(new float[] { 6, 0, 8, 2 }, changed("unet", LAYER + ".weight", file(tensors)), 1e-5f);
	}

	/** Differences are added as they are, times the adapter's scale; a pair's bias with the pair's scale too. */
	@Test
	void differencesBiasesAndNormsAreAdded() {
		final Tensor difference = Tensor.of(new float[] { 4, 8 }, 2);
		assertArrayEquals(new float[] { 3, 6 }, changed("unet", LAYER + ".bias", file(Map.of("lora_unet_down_blocks_0_proj.diff_b", difference))));
		assertArrayEquals(new float[] { 3, 5 }, changed("unet", "down_blocks.0.norm.weight", file(Map.of("lora_unet_down_blocks_0_norm.w_norm", difference))));
		assertArrayEquals(new float[] { 3.5f, 0.5f, 4.5f, 1.5f }, changed("unet", LAYER + ".weight", file(Map.of("lycoris_down_blocks_0_proj.diff", of(2, 2, 1, 1, 1, 1)))));
		final Map<String, Tensor> pair = pair("unet." + LAYER + ".lora_A.weight", "unet." + LAYER + ".lora_B.weight");
		pair.put("unet." + LAYER + ".lora_B.bias", difference);
		pair.put("unet." + LAYER + ".alpha", Tensor.of(new float[] { 4 }, 1));
		assertArrayEquals(new float[] { 5, 10 }, changed("unet", LAYER + ".bias", file(pair)));
		assertEquals(List.of(), warnings);
	}
}
