package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.service.ModelInspection;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;

/** What is told of an adapter's file: its forms and ranks, its family, what it serves, its licence and words. */
@ExtendWith(NoNativeLeaks.InScope.class)
class AdapterInspectionTest {

	private static final String KEYS = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.";

	@TempDir
	Path temp;

	private static Tensor of(final long... shape) {
		return Tensor.zeros(DType.FLOAT16, shape);
	}

	private static String told(final Path path) {
		return String.join("\n", Inspection.of(path).lines());
	}

	/** An adapter is no model and lacks nothing of one. */
	@ParameterizedTest
	@ValueSource(strings = { "peft/oft", "peft/lora", "adapters/sd1_kohya.safetensors" })
	void adaptersLackNothing(final String name) {
		final Inspection found = ModelInspection.of(GoldenCase.model(name));
		assertEquals(List.of(), found.missing());
		assertTrue(found.lines().stream().anyMatch(line -> line.startsWith("serves: ")), found.lines().toString());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "taesd/taesd_decoder.safetensors | decoder of a tiny autoencoder (TAESD), which serves with its other half beside it",
		"taesd/taesd_encoder.safetensors | encoder of a tiny", "taesd/diffusion_pytorch_model.safetensors | tiny autoencoder (TAESD) in one file" })
	void tinyAutoencodersAreKnown(final String name, final String kind) {
		assertTrue(Inspection.of(GoldenCase.model(name)).lines().get(0).contains(": " + kind));
	}

	private static void assertTold(final String lines, final String... words) {
		for (final String word : words) assertTrue(lines.contains(word), lines);
	}

	@Test
	void formsRanksFamilyLicenceAndWordsAreTold() {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		tensors.put(KEYS + "hada_w1_a", of(320, 8));
		tensors.put(KEYS + "hada_w1_b", of(8, 2048));
		tensors.put(KEYS + "hada_w2_a", of(320, 8));
		tensors.put(KEYS + "hada_w2_b", of(8, 2048));
		for (int rank = 4; rank <= 16; rank *= 2) {
			tensors.put("lora_te1_text_model_encoder_layers_" + rank + "_mlp_fc1.lora_down.weight", of(rank, 768));
			tensors.put("lora_te1_text_model_encoder_layers_" + rank + "_mlp_fc1.lora_up.weight", of(3072, rank));
			tensors.put("lora_te1_text_model_encoder_layers_" + rank + "_mlp_fc1.dora_scale", of(3072, 1));
		}
		tensors.put("lora_unet_conv_norm_out.w_norm", of(320));
		tensors.put("surprise", of(1));
		final Path file = temp.resolve("style.safetensors");
		SafetensorsWriter.write(file, tensors, Map.of("modelspec.license", "CC-BY-4.0", "modelspec.trigger_phrase", "mitosis", "ss_network_module", "lycoris.kohya", "ss_base_model_version", "sdxl_base_v1-0",
			"ss_tag_frequency", "{\"10_cells\":{\"nuclei\":7,\"cells\":3}}"));
		assertTold(told(file), "LoRA with magnitudes (DoRA) of rank 4 to 16, LoHa of rank 8, difference for text_encoder, unet (5 layers)", "family: Stable Diffusion XL\n",
			"\nserves: models of Stable Diffusion XL, as an adapter\n", "licence: CC-BY-4.0", "trigger words: mitosis", "trained with: lycoris.kohya", "trained for: sdxl_base_v1-0",
			"most frequent words of its training: nuclei, cells", "not used: 1 tensor (surprise)");
	}

	/** The width of the words that a UNet attends to is known from products, too; a form that only sees outputs does not tell it. */
	@Test
	void familiesAreToldByTheShapesOfEveryForm() {
		final Path file = temp.resolve("x.safetensors");
		SafetensorsWriter.write(file, Map.of(KEYS + "lokr_w1", of(16, 32), KEYS + "lokr_w2_a", of(20, 4), KEYS + "lokr_w2_b", of(4, 32)), Map.of());
		assertTold(told(file), "LoKr of rank 4 for unet (1 layer)", "family: Stable Diffusion 2.x");
		SafetensorsWriter.write(file, Map.of(KEYS + "lora_down.weight", of(4, 768), KEYS + "lora_up.weight", of(320, 4)), Map.of());
		assertTold(told(file), "LoRA of rank 4 for unet (1 layer)", "family: Stable Diffusion 1.x");
		SafetensorsWriter.write(file, Map.of(KEYS + "oft_blocks", of(3, 40, 8, 8)), Map.of());
		final String boft = told(file);
		assertTold(boft, "BOFT of rank 8 for unet", "serves: models of the family it was made for, which it does not say, as an adapter");
		assertFalse(boft.contains("family: "), boft);
	}

	@Test
	void everyFormOfTheGoldensIsTold() {
		assertTold(told(GoldenCase.model("lycoris").resolve("adapter_bfloat16.safetensors")), "LoRA of rank 2, LoRA with magnitudes (DoRA) of rank 2, LoHa of rank 2, LoHa with magnitudes (DoRA) of rank 2, LoKr of rank 1, ",
			"OFT of rank 2 to 4, BOFT of rank 2 to 4, IA3, GLoRA of rank 2, difference for unet (84 layers)");
	}

	@Test
	void aFolderOfPeftIsAnAdapterWithItsReadme() throws IOException {
		final String layer = "base_model.model.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.";
		SafetensorsWriter.write(temp.resolve("adapter_model.safetensors"), Map.of(layer + "lora_A.weight", of(4, 1024), layer + "lora_B.weight", of(320, 4)), Map.of());
		Files.writeString(temp.resolve("adapter_config.json"), "{\"peft_type\":\"LORA\",\"r\":4,\"lora_alpha\":8}");
		Files.writeString(temp.resolve("README.md"), "---\nlicense: mit\nbase_model: stabilityai/stable-diffusion-2\n---\n");
		assertTold(told(temp), "LoRA of rank 4 for unet (1 layer)", "family: Stable Diffusion 2.x", "licence: mit", "base model: stabilityai/stable-diffusion-2");
	}
}
