package sc.fiji.diffedit.weights;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import sc.fiji.diffedit.benchmark.RandomWeights;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.memory.AutoencoderShapes;
import sc.fiji.diffedit.memory.TextEncoderShapes;
import sc.fiji.diffedit.models.AutoencoderKLConfig;
import sc.fiji.diffedit.models.CLIPTextConfig;
import sc.fiji.diffedit.models.UNet2DConditionConfig;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** A small checkpoint of SD 1.x in one file as people download it: original names, CLIP's whole vocabulary, no config. Its weights are random. */
public final class LoneCheckpoint {

	private static final int WIDTH = 64;

	private final Map<String, Tensor> tensors = new LinkedHashMap<>();

	/** All of it; needs an open scope, in which its tensors live. */
	public static LoneCheckpoint whole(final int inChannels) {
		final LoneCheckpoint file = new LoneCheckpoint(inChannels);
		final Shapes text = new TextEncoderShapes(CLIPTextConfig.of(config("{'hidden_size':" + WIDTH + ",'intermediate_size':64,'num_hidden_layers':1,'num_attention_heads':1}")));
		file.add(text, name -> "cond_stage_model.transformer.text_model." + name);
		return file;
	}

	/** Without its text encoder. */
	LoneCheckpoint(final int inChannels) {
		final UNet2DConditionConfig unet = UNet2DConditionConfig.of(config("{'block_out_channels':[32,64],'layers_per_block':1,'attention_head_dim':8,'cross_attention_dim':" + WIDTH
			+ ",'in_channels':" + inChannels + ",'down_block_types':['CrossAttnDownBlock2D','DownBlock2D'],'up_block_types':['UpBlock2D','CrossAttnUpBlock2D']}"));
		add(SingleFile.UNET, new RandomWeights(unet, DType.FLOAT32), new NameTable("unet", 2, 1, Set.of(1)));
		add(SingleFile.VAE, new AutoencoderShapes(AutoencoderKLConfig.of(config("{'block_out_channels':[32,64],'layers_per_block':1}"))), new NameTable("vae", 2, 1, Set.of()));
	}

	private static Config config(final String json) {
		return new Config("a test", (JsonObject) JsonParser.parseString(json));
	}

	private void add(final String prefix, final Shapes shapes, final NameTable names) {
		add(shapes, name -> prefix + names.toOriginal(name).orElseThrow());
	}

	private void add(final Shapes shapes, final UnaryOperator<String> names) {
		for (final String name : shapes.names()) tensors.put(names.apply(name), RandomWeights.drawn(name, DType.FLOAT32, shapes.shape(name)));
	}

	/** Its tensors under their original names, to be changed at will. */
	public Map<String, Tensor> tensors() {
		return tensors;
	}

	public Path write(final Path file, final Map<String, String> metadata) {
		try (Scope scope = Scope.open()) {
			final Map<String, Tensor> half = new LinkedHashMap<>();
			tensors.forEach((name, tensor) -> half.put(name, tensor.to(DType.FLOAT16)));
			SafetensorsWriter.write(file, half, metadata);
			return file;
		}
	}
}
