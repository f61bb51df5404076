package sc.fiji.diffedit.goldens;

import java.util.List;
import java.util.stream.LongStream;

import sc.fiji.diffedit.models.CLIPTextConfig;
import sc.fiji.diffedit.models.CLIPTextModel;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.text.ClipTokenizer;
import sc.fiji.diffedit.text.PromptEmbeddings;
import sc.fiji.diffedit.text.PromptEncoder;
import sc.fiji.diffedit.text.StableDiffusionPromptEncoder;
import sc.fiji.diffedit.weights.ModelFolder;

/** Kind {@code mean_embeddings}: the mean of many encoded sentences. */
final class MeanEmbeddingsRunner implements GoldenRunner {

	@Override
	public void run(final GoldenCase golden, final Comparison comparison) {
		final List<String> sentences = golden.texts("sentences");
		try (ModelFolder folder = ModelFolder.open(golden.model()); ClipTokenizer tokenizer = ClipTokenizer.read(folder.root().resolve("tokenizer"));
			CLIPTextModel text = new CLIPTextModel(CLIPTextConfig.of(folder.config("text_encoder")), folder.weights("text_encoder"), DType.FLOAT32))
		{
			comparison.wholeNumbers("out.input_ids", sentences.stream().flatMapToLong(s -> LongStream.of(tokenizer.pad(s).ids())).toArray());
			final PromptEncoder encoder = new StableDiffusionPromptEncoder(tokenizer, text, Device.CPU, warning -> {});
			comparison.tensor("out.embeds", PromptEmbeddings.mean(encoder.encode(sentences, 0)).encoderHiddenStates());
		}
	}
}
