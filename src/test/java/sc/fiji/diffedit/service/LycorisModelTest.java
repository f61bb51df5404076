package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.AdaptedWeights;
import sc.fiji.diffedit.weights.AlteredModel;
import sc.fiji.diffedit.weights.Lora;
import sc.fiji.diffedit.weights.LoraSet;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.SafetensorsWriter;

/** A model with an adapter of many forms gives what a model gives into whose files the adapter was merged, under memory policies that keep weights in other places and types. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class LycorisModelTest {

	private static final TextToImageRequest ASK = TextToImageRequest.of("nuclei").withWidth(16).withHeight(16).withNumInferenceSteps(2);
	private static final Path SD1 = GoldenCase.model("sd1");

	@TempDir
	Path temp;

	private final Random random = new Random(18);

	private Tensor of(final long... shape) {
		int count = 1;
		for (final long length : shape) count *= (int) length;
		final float[] values = new float[count];
		for (int i = 0; i < count; i++) values[i] = 0.3f * (float) random.nextGaussian();
		return Tensor.of(values, shape).to(DType.BFLOAT16);
	}

	/** In kohya's names, of diffusers and of the original: linear layers, convolutions of 1 x 1 and 3 x 3, one that strides, one behind an upsampling, a norm, a text encoder. */
	private Path adapter() {
		final Map<String, Tensor> tensors = new LinkedHashMap<>();
		try (Scope scope = Scope.open()) {
			final String attention = "lora_unet_down_blocks_0_attentions_0_", down = "lora_unet_down_blocks_0_downsamplers_0_conv.", text = "lora_te_text_model_encoder_layers_0_mlp_fc1.";
			tensors.put(attention + "transformer_blocks_0_attn2_to_k.hada_w1_a", of(16, 4));
			tensors.put(attention + "transformer_blocks_0_attn2_to_k.hada_w1_b", of(4, 32));
			tensors.put(attention + "transformer_blocks_0_attn2_to_k.hada_w2_a", of(16, 4));
			tensors.put(attention + "transformer_blocks_0_attn2_to_k.hada_w2_b", of(4, 32));
			tensors.put(attention + "proj_in.oft_blocks", of(4, 4, 4));
			tensors.put(attention + "norm.w_norm", of(16));
			tensors.put("lora_unet_input_blocks_1_1_transformer_blocks_0_ff_net_2.lokr_w1", of(4, 4));
			tensors.put("lora_unet_input_blocks_1_1_transformer_blocks_0_ff_net_2.lokr_w2", of(4, 16));
			tensors.put("lora_unet_down_blocks_0_resnets_0_conv1.lokr_w1", of(4, 4));
			tensors.put("lora_unet_down_blocks_0_resnets_0_conv1.lokr_w2", of(4, 4, 3, 3));
			tensors.put(down + "lora_down.weight", of(4, 16, 1, 1));
			tensors.put(down + "lora_mid.weight", of(4, 4, 3, 3));
			tensors.put(down + "lora_up.weight", of(16, 4, 1, 1));
			tensors.put(down + "alpha", Tensor.full(8, DType.BFLOAT16));
			tensors.put("lora_unet_up_blocks_0_upsamplers_0_conv.lora_down.weight", of(4, 32, 3, 3));
			tensors.put("lora_unet_up_blocks_0_upsamplers_0_conv.lora_up.weight", of(32, 4, 1, 1));
			tensors.put("lora_unet_up_blocks_0_upsamplers_0_conv.diff_b", of(32));
			try (ModelFolder model = ModelFolder.open(SD1)) {
				final long[] shape = model.weights("text_encoder").shape("encoder.layers.0.mlp.fc1.weight");
				tensors.put(text + "lora_down.weight", of(4, shape[1]));
				tensors.put(text + "lora_up.weight", of(shape[0], 4));
				tensors.put(text + "dora_scale", of(1, shape[1]));
			}
			final Path file = temp.resolve("adapter.safetensors");
			SafetensorsWriter.write(file, tensors, Map.of());
			return file;
		}
	}

	private Path merged(final Path adapter, final double scale) {
		final Path target = AlteredModel.copy(SD1, temp.resolve("merged"));
		final Map<String, String> files = Map.of("unet", "unet/diffusion_pytorch_model.safetensors", "text_encoder", "text_encoder/model.safetensors");
		final Map<String, AdaptedWeights> weights = new LinkedHashMap<>();
		try (Scope scope = Scope.open(); ModelFolder model = ModelFolder.open(SD1)) {
			files.keySet().forEach(part -> weights.put(part, new AdaptedWeights(model.weights(part))));
			try (LoraSet loras = new LoraSet(weights, part -> {})) {
				loras.load("x", Lora.open(adapter), sentence -> {});
				loras.fuse(scale);
				files.forEach((part, file) -> AlteredModel.tensors(target.resolve(file), target.resolve(file), tensors -> weights.get(part).names().forEach(name -> {
					tensors.replace(tensors.containsKey(name) ? name : "text_model." + name, weights.get(part).get(name).copy());
				})));
			}
		}
		return target;
	}

	private static float[] image(final ModelStore store, final Path model, final String plan, final Adapters adapters) {
		try (ModelLease lease = store.borrow(LoadOptions.of(model.toString()).withMemory(MemoryPlan.parse(plan)))) {
			final List<String> notices = new ArrayList<>();
			lease.setNotices(notices::add);
			lease.setAdapters(adapters);
			final float[] image = lease.textToImage(ASK, step -> {}).image().values();
			assertEquals(List.of(), notices);
			return image;
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "preset=fast;packed=on", "preset=fast;packed=off;storage=float8_e4m3fn", "preset=fast;packed=off;storage=int8", "preset=fast;offload=sequential+disk" })
	void anAdapterGivesWhatTheMergedModelGives(final String plan) {
		final Path adapter = adapter();
		try (ModelStore store = new ModelStore()) {
			final float[] plain = image(store, SD1, plan, Adapters.NONE);
			final float[] beside = image(store, SD1, plan, Adapters.NONE.withLora(adapter, 0.8));
			final float[] fused = image(store, SD1, plan, Adapters.NONE.withLora(adapter, 0.8).withFused(true));
			assertArrayEquals(plain, image(store, SD1, plan, Adapters.NONE), "it leaves no trace");
			final float[] wanted = image(store, merged(adapter, 0.8), plan, Adapters.NONE);
			assertArrayEquals(wanted, fused, 1e-4f);
			// a pair beside a layer is not rounded to the 8 bits that the layer is kept in
			assertArrayEquals(wanted, beside, plan.contains("storage") ? 0.1f : 1e-4f);
			assertTrue(distance(plain, wanted) > 0.005, "the adapter changes the image");
		}
	}

	private static double distance(final float[] a, final float[] b) {
		double sum = 0;
		for (int i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
		return sum / a.length;
	}

	/** Beside an ordinary LoRA, each with its scale. */
	@Test
	void itWorksBesideALora() {
		final Path adapter = adapter(), kohya = GoldenCase.model("adapters/sd1_kohya.safetensors");
		final Adapters second = Adapters.NONE.withLora(kohya, 0.6);
		try (ModelStore store = new ModelStore()) {
			final float[] both = image(store, SD1, "preset=fast;packed=off", second.withLora(adapter, 0.8));
			final float[] fused = image(store, SD1, "preset=fast;packed=off", second.withLora(adapter, 0.8).withFused(true));
			assertArrayEquals(fused, both, 1e-4f);
			assertTrue(distance(both, image(store, SD1, "preset=fast;packed=off", second)) > 0.005);
		}
	}
}
