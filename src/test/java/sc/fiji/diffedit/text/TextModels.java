package sc.fiji.diffedit.text;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.SafetensorsReader;
import sc.fiji.diffedit.WithoutPrefix;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.CLIPTextConfig;
import sc.fiji.diffedit.models.CLIPTextModel;
import sc.fiji.diffedit.models.CLIPTextModelWithProjection;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.weights.Weights;

/** Tokenizers and text encoders of a tiny model, and what was made from them; closed together. */
final class TextModels implements AutoCloseable {

	private final Deque<AutoCloseable> parts = new ArrayDeque<>();
	private final List<String> warnings = new ArrayList<>();
	private PromptEncoder encoder;

	/** @param model {@code sd1}, {@code sd2}, {@code sdxl} or {@code sdxl-refiner} */
	static TextModels open(final String model) {
		final TextModels models = new TextModels();
		final Path folder = GoldenCase.model(model);
		if (model.equals("sdxl")) {
			models.encoder = StableDiffusionXLPromptEncoder.base(models.tokenizer(folder, ""), models.text(folder), models.tokenizer(folder, "_2"),
				models.projected(folder), true, Device.CPU, models.warnings::add);
		}
		else if (model.equals("sdxl-refiner")) {
			models.encoder = StableDiffusionXLPromptEncoder.refiner(models.tokenizer(folder, "_2"), models.projected(folder), false, Device.CPU,
				models.warnings::add);
		}
		else models.encoder = new StableDiffusionPromptEncoder(models.tokenizer(folder, ""), models.text(folder), Device.CPU, models.warnings::add);
		return models;
	}

	PromptEncoder encoder() {
		return encoder;
	}

	/** Sentences that the encoder said so far. */
	List<String> warnings() {
		return warnings;
	}

	<T extends AutoCloseable> T keep(final T part) {
		parts.push(part);
		return part;
	}

	private ClipTokenizer tokenizer(final Path folder, final String number) {
		return keep(ClipTokenizer.read(folder.resolve("tokenizer" + number)));
	}

	private CLIPTextModel text(final Path folder) {
		return keep(new CLIPTextModel(config(folder, "text_encoder"), weights(folder, "text_encoder"), DType.FLOAT32));
	}

	private CLIPTextModelWithProjection projected(final Path folder) {
		return keep(new CLIPTextModelWithProjection(config(folder, "text_encoder_2"), weights(folder, "text_encoder_2"), DType.FLOAT32));
	}

	private static CLIPTextConfig config(final Path folder, final String part) {
		return CLIPTextConfig.of(Config.read(folder.resolve(part).resolve("config.json")));
	}

	private static Weights weights(final Path folder, final String part) {
		return new WithoutPrefix(new SafetensorsReader(folder.resolve(part).resolve("model.safetensors")), "text_model.");
	}

	@Override
	public void close() {
		for (final AutoCloseable part : parts) {
			try {
				part.close();
			}
			catch (final Exception e) {
				throw new IllegalStateException(e);
			}
		}
	}
}
