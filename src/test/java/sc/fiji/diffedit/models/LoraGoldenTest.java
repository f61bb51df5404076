package sc.fiji.diffedit.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.AdaptedWeights;
import sc.fiji.diffedit.weights.Lora;
import sc.fiji.diffedit.weights.LoraSet;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.SafetensorsFile;
import sc.fiji.diffedit.weights.SafetensorsWriter;

/** UNets and text encoders with LoRA against diffusers: goldens F_lora_*. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class LoraGoldenTest {

	private static final Path ADAPTERS = GoldenCase.model("adapters");

	@TempDir
	Path temp;

	/** A model whose networks can take adapters. */
	private static final class Model implements AutoCloseable {

		final ModelFolder folder;
		final Map<String, AdaptedWeights> weights = new LinkedHashMap<>();
		final Map<String, List<Block>> blocks = new HashMap<>();
		final List<Network> networks = new ArrayList<>();
		final UNet2DConditionModel unet;
		final CLIPTextModel text;
		final List<CLIPTextModelWithProjection> text2 = new ArrayList<>();
		final LoraSet loras;
		final List<String> warnings = new ArrayList<>();

		Model(final String name) {
			folder = ModelFolder.open(GoldenCase.model(name));
			for (final String part : List.of("unet", "text_encoder", "text_encoder_2")) {
				if (folder.has(part)) weights.put(part, new AdaptedWeights(folder.weights(part)));
			}
			unet = add("unet", new UNet2DConditionModel(UNet2DConditionConfig.of(folder.config("unet")), weights.get("unet"), DType.FLOAT32));
			text = add("text_encoder", new CLIPTextModel(CLIPTextConfig.of(folder.config("text_encoder")), weights.get("text_encoder"), DType.FLOAT32));
			if (folder.has("text_encoder_2")) {
				text2.add(add("text_encoder_2", new CLIPTextModelWithProjection(CLIPTextConfig.of(folder.config("text_encoder_2")), weights.get("text_encoder_2"), DType.FLOAT32)));
			}
			loras = new LoraSet(weights, part -> blocks.get(part).forEach(Block::evict));
		}

		private <T extends Network> T add(final String part, final T network) {
			blocks.put(part, network.blocks());
			networks.add(network);
			return network;
		}

		void load(final String name, final String file) {
			loras.load(name, Lora.open(ADAPTERS.resolve(file)), warnings::add);
		}

		Tensor output(final GoldenCase golden) {
			final Tensor encoderHiddenStates = golden.tensor("unet.0.encoder_hidden_states");
			Conditioning conditioning = Conditioning.of(encoderHiddenStates);
			if (!text2.isEmpty()) conditioning = conditioning.with("text_embeds", golden.tensor("unet.0.text_embeds")).with("time_ids", golden.tensor("unet.0.time_ids"));
			final Tensor sample = golden.tensor("unet.0.sample");
			return unet.predict(sample.repeat(encoderHiddenStates.size(0) / sample.size(0)), golden.tensor("unet.0.timestep"), conditioning);
		}

		/** What all blocks hold when they are loaded. */
		long bytes() {
			return blocks.values().stream().flatMap(List::stream).flatMap(block -> block.parameters().tensors().values().stream())
				.mapToLong(tensor -> tensor.count() * tensor.dtype().bytes()).sum();
		}

		void check(final GoldenCase golden) {
			golden.check("unet.0.output", output(golden));
			final TextStates states = text.forward(golden.tensor("text_encoder.0.input_ids"), -2);
			if (text2.isEmpty()) golden.check("text_encoder.0.last_hidden_state", states.lastHiddenState());
			else {
				golden.check("text_encoder.0.penultimate", states.hiddenState(-2));
				final TextStates states2 = text2.get(0).text().forward(golden.tensor("text_encoder_2.0.input_ids"), -2);
				golden.check("text_encoder_2.0.penultimate", states2.hiddenState(-2));
				golden.check("text_encoder_2.0.text_embeds", text2.get(0).project(states2.pooled()));
			}
			assertEquals(List.of(), warnings);
		}

		@Override
		public void close() {
			networks.forEach(Network::close);
			loras.close();
			folder.close();
		}
	}

	@ParameterizedTest
	@CsvSource({ "peft, sd1, sd1_peft, 1", "peft_scaled, sd1, sd1_peft, 0.6", "old_diffusers, sd1, sd1_old_diffusers, 1", "kohya, sd1, sd1_kohya, 1",
		"kohya_scaled, sd1, sd1_kohya, 0.6", "unet_only, sd1, sd1_unet_only, 1", "peft, sdxl, sdxl_peft, 1", "peft_scaled, sdxl, sdxl_peft, 0.6",
		"kohya, sdxl, sdxl_kohya_diffusers, 1", "kohya_sgm, sdxl, sdxl_kohya_sgm, 1" })
	void everyNamingGivesWhatDiffusersGives(final String golden, final String name, final String file, final double scale) {
		try (Model model = new Model(name)) {
			model.load("default", file + ".safetensors");
			model.loras.setCallScale(scale);
			model.check(new GoldenCase("F_lora_" + name + "_" + golden));
			model.loras.setCallScale(1);
			model.loras.fuse(scale);
			model.check(new GoldenCase("F_lora_" + name + "_" + golden));
		}
	}

	@Test
	void severalWorkTogetherAndLeaveNoTrace() {
		final GoldenCase two = new GoldenCase("F_lora_sd1_two");
		final GoldenCase fused = new GoldenCase("F_lora_sd1_fused");
		try (Model model = new Model("sd1")) {
			final float[] plain = model.output(two).toFloatArray();
			model.load("first", "sd1_peft.safetensors");
			model.load("second", "sd1_kohya.safetensors");
			model.loras.setAdapters(Map.of("first", 0.7, "second", 0.6));
			model.check(two);
			model.loras.fuse(1);
			model.check(two);
			model.loras.remove("second");
			model.loras.setAdapters(Map.of("first", 1.0));
			model.loras.fuse(0.6);
			model.check(fused);
			model.loras.unfuse();
			model.loras.setCallScale(0.6);
			model.check(fused);
			model.loras.remove("first");
			assertArrayEquals(plain, model.output(two).toFloatArray());
			assertFalse(model.weights.get("unet").isChanged());
		}
	}

	@Test
	void anAdapterForAnotherFamilyIsRefusedAndChangesNothing() {
		try (Model sd1 = new Model("sd1"); Model sdxl = new Model("sdxl"); Model sd2 = new Model("sd2")) {
			for (final Runnable load : List.<Runnable>of(() -> sd1.load("x", "sdxl_peft.safetensors"), () -> sd1.load("x", "sdxl_kohya_sgm.safetensors"),
				() -> sdxl.load("x", "sd1_kohya.safetensors"), () -> sd2.load("x", "sd1_peft.safetensors")))
			{
				final String message = assertThrows(DiffEditException.class, load::run).getMessage();
				assertTrue(message.contains("another family"), message);
			}
			assertFalse(sd1.weights.get("unet").isChanged());
			assertTrue(sd1.loras.names().isEmpty());
			sd1.load("x", "sd1_kohya.safetensors");
			assertTrue(assertThrows(DiffEditException.class, () -> sd1.load("x", "sd1_peft.safetensors")).getMessage().contains("already"));
			assertTrue(assertThrows(DiffEditException.class, () -> sd1.loras.setAdapters(Map.of("y", 1.0))).getMessage().contains("no adapter 'y'"));
			assertThrows(DiffEditException.class, () -> sd1.loras.setAdapters(Map.of("x", Double.NaN)));
		}
		assertTrue(assertThrows(DiffEditException.class, () -> Lora.open(ADAPTERS.resolve("ti_one.safetensors"))).getMessage().contains("no LoRA"));
	}

	/** A file as trainers of all ages might have left it: processors, PEFT's alpha and magnitude, and something unknown. */
	@Test
	void ranksAlphasMagnitudesAndOldProcessorsAreRead() {
		final String attention = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.";
		final Map<String, Tensor> tensors = new HashMap<>();
		final Tensor down = Tensor.of(new float[32], 2, 16).plus(0.1);
		final Tensor up = Tensor.of(new float[32], 16, 2).plus(0.2);
		tensors.put(attention + "processor.to_q_lora.down.weight", down);
		tensors.put(attention + "processor.to_q_lora.up.weight", up);
		tensors.put("unet." + attention + "to_k.lora_A.weight", down);
		tensors.put("unet." + attention + "to_k.lora_B.weight", up);
		tensors.put("unet." + attention + "to_v.lora_A.weight", down);
		tensors.put("unet." + attention + "to_v.lora_B.weight", up);
		tensors.put("unet." + attention + "to_v.lora_magnitude_vector", Tensor.of(new float[16], 16).plus(3));
		tensors.put("lora_unet_conv_in.lora_down.weight", Tensor.of(new float[36], 1, 4, 3, 3).plus(1));
		tensors.put("lora_unet_conv_in.lora_up.weight", Tensor.of(new float[16], 16, 1, 1, 1).plus(1));
		tensors.put("lora_unet_conv_in.alpha", Tensor.full(0.5, DType.FLOAT32));
		tensors.put("lora_unet_nowhere.lora_down.weight", down);
		tensors.put("lora_unet_nowhere.lora_up.weight", up);
		tensors.put("mystery", down);
		final Path file = temp.resolve("x.safetensors");
		SafetensorsWriter.write(file, tensors, Map.of("lora_adapter_metadata", "{\"unet.lora_alpha\":4,\"unet.alpha_pattern\":{\"attn1.to_q\":1.0}}"));
		try (Model model = new Model("sd1"); SafetensorsFile plain = SafetensorsFile.open(GoldenCase.model("sd1/unet/diffusion_pytorch_model.safetensors"))) {
			model.loras.load("x", Lora.open(file), model.warnings::add);
			assertEquals(1, model.warnings.size());
			assertTrue(model.warnings.get(0).contains("3 tensors") && model.warnings.get(0).contains("mystery") && model.warnings.get(0).contains("nowhere"), model.warnings.get(0));
			model.loras.fuse(1);
			final AdaptedWeights adapted = model.weights.get("unet");
			// the products are 2 x 0.1 x 0.2 = 0.04 everywhere; scales are alpha / rank
			assertDifference(plain, adapted, attention + "to_q.weight", 0.04 * 1 / 2);
			assertDifference(plain, adapted, attention + "to_k.weight", 0.04 * 4 / 2);
			assertDifference(plain, adapted, "conv_in.weight", 0.5);
			final float[] dora = adapted.get(attention + "to_v.weight").square().sum(false, 1).sqrt().toFloatArray();
			for (final float length : dora) assertEquals(3, length, 1e-5);
		}
	}

	/** Beside the weights an adapter costs its own size; in them, nothing. The base stays where it was. */
	@Test
	void anAdapterDoesNotDoubleTheModel() {
		try (Model model = new Model("sd1"); SafetensorsFile file = SafetensorsFile.open(ADAPTERS.resolve("sd1_kohya.safetensors"))) {
			final float[] stored = model.weights.get("unet").base().get("conv_in.weight").toFloatArray();
			final long plain = model.bytes(), values = Scope.liveValues();
			model.load("x", "sd1_kohya.safetensors");
			final long beside = model.bytes() - plain, pairs = file.names().stream().filter(name -> !name.endsWith(".alpha")).mapToLong(name -> bytes(file, name)).sum();
			assertTrue(beside > 0 && beside <= pairs, beside + " bytes for pairs of " + pairs);
			model.loras.setCallScale(0.5);
			assertEquals(plain + beside, model.bytes());
			model.loras.fuse(1);
			assertEquals(plain, model.bytes());
			model.loras.unfuse();
			assertEquals(plain + beside, model.bytes());
			model.loras.remove("x");
			assertEquals(plain, model.bytes());
			assertEquals(values, Scope.liveValues());
			assertArrayEquals(stored, model.weights.get("unet").get("conv_in.weight").toFloatArray());
		}
	}

	private static long bytes(final SafetensorsFile file, final String name) {
		long bytes = file.dtype(name).bytes();
		for (final long length : file.shape(name)) bytes *= length;
		return bytes;
	}

	private static void assertDifference(final SafetensorsFile plain, final AdaptedWeights adapted, final String name, final double wanted) {
		final float[] difference = adapted.get(name).minus(plain.get(name)).toFloatArray();
		for (final float value : difference) assertEquals(wanted, value, 1e-6, name);
	}
}
