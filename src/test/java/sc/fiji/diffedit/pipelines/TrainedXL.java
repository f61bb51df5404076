package sc.fiji.diffedit.pipelines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.text.PromptEncoder;
import sc.fiji.diffedit.text.PromptOptions;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.SafetensorsWriter;
import sc.fiji.diffedit.weights.TextualInversion;
import sc.fiji.diffedit.weights.Weights;

/**
 * Trained weights in the form of SDXL: the demo model's UNet with a size embedding whose last layer is zero, and with
 * zeros where attention would read the second text encoder. So a model that is SDXL in every respect acts as the demo
 * model does. The second text encoder is that of a tiny SDXL model, the other parts are the demo model's.
 */
final class TrainedXL {

	private static final int FIRST = 96, SECOND = 40, POOLED = 36, SINUSOIDS = 8;

	private TrainedXL() {}

	/** Writes the UNet into a folder and says how the whole model is loaded. */
	static LoadOptions in(final Path folder) throws IOException {
		final Path demo = DemoModel.folder(), unet = Files.createDirectories(folder.resolve("unet"));
		try (ModelFolder from = ModelFolder.open(demo)) {
			final JsonObject config = from.config("unet").json().deepCopy();
			config.addProperty("addition_embed_type", "text_time");
			config.addProperty("addition_time_embed_dim", SINUSOIDS);
			config.addProperty("projection_class_embeddings_input_dim", POOLED + 6 * SINUSOIDS);
			config.addProperty("cross_attention_dim", FIRST + SECOND);
			Files.writeString(unet.resolve("config.json"), config.toString());
			Torch.prepareThread();
			try (Scope scope = Scope.open()) {
				SafetensorsWriter.write(unet.resolve("diffusion_pytorch_model.safetensors"), widened(from.weights("unet")), Map.of());
			}
		}
		return LoadOptions.of(GoldenCase.model("sdxl").toString()).withFiles(LoadOptions.of("").files().withPart("unet", unet)
			.withPart("vae", demo.resolve("vae")).withPart("text_encoder", demo.resolve("text_encoder"))
			.withPart("tokenizer", demo.resolve("tokenizer")).withPart("scheduler", demo.resolve("scheduler")));
	}

	private static Map<String, Tensor> widened(final Weights weights) {
		final Map<String, Tensor> wide = new LinkedHashMap<>();
		for (final String name : weights.names()) {
			final Tensor tensor = weights.get(name).to(DType.FLOAT32);
			final boolean readsWords = name.endsWith("attn2.to_k.weight") || name.endsWith("attn2.to_v.weight");
			wide.put(name, readsWords ? Tensor.cat(1, tensor, Tensor.zeros(DType.FLOAT32, tensor.size(0), SECOND)) : tensor);
		}
		final long time = weights.shape("time_embedding.linear_2.bias")[0];
		final int addedWidth = POOLED + 6 * SINUSOIDS;
		wide.put("add_embedding.linear_1.weight", Tensor.zeros(DType.FLOAT32, time, addedWidth).plus(0.01));
		wide.put("add_embedding.linear_1.bias", Tensor.zeros(DType.FLOAT32, time));
		wide.put("add_embedding.linear_2.weight", Tensor.zeros(DType.FLOAT32, time, time));
		wide.put("add_embedding.linear_2.bias", Tensor.zeros(DType.FLOAT32, time));
		return wide;
	}

	/** The demo model's own scheduler config. */
	static Config scheduler() {
		return Config.read(DemoModel.folder().resolve("scheduler/scheduler_config.json"));
	}

	/** The model with words as the demo's UNet has learned them: SDXL reads the state before the last, the demo the last one. */
	static DiffusionModel withTrainedWords(final DiffusionModel model, final DiffusionModel demo) {
		return model.withPromptEncoder(new Words(model.promptEncoder(), demo.promptEncoder()));
	}

	private record Words(PromptEncoder xl, PromptEncoder demo) implements PromptEncoder {

		@Override
		public Conditioning encode(final List<String> prompts, final List<String> prompts2, final int clipSkip) {
			final Conditioning all = xl.encode(prompts, prompts2, clipSkip);
			final Tensor encoderHiddenStates = Tensor.cat(-1, demo.encode(prompts, clipSkip).encoderHiddenStates(), all.encoderHiddenStates().slice(2, FIRST, FIRST + SECOND));
			return Conditioning.of(encoderHiddenStates).with(Conditioning.TEXT_EMBEDS, all.added().get(Conditioning.TEXT_EMBEDS));
		}

		@Override
		public Map<String, Network> networks() {
			return xl.networks();
		}

		@Override
		public boolean zerosForMissing() {
			return xl.zerosForMissing();
		}

		@Override
		public Conditioning encodeMissing() {
			return xl.encodeMissing();
		}

		@Override
		public PromptEncoder with(final PromptOptions options) {
			return new Words(xl.with(options), demo.with(options));
		}

		@Override
		public PromptEncoder forPrompts(final Collection<String> prompts) {
			return new Words(xl.forPrompts(prompts), demo.forPrompts(prompts));
		}

		@Override
		public List<long[]> words(final String prompt, final String prompt2) {
			return xl.words(prompt, prompt2);
		}

		@Override
		public Set<String> cut(final Collection<String> prompts) {
			return xl.cut(prompts);
		}

		@Override
		public PromptEncoder with(final TextualInversion inversion) {
			return new Words(xl.with(inversion), demo.with(inversion));
		}

		@Override
		public void close() {
			xl.close();
			demo.close();
		}
	}
}
