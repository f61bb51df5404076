package sc.fiji.diffedit.goldens;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

import javax.imageio.ImageIO;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.BlipConfig;
import sc.fiji.diffedit.models.BlipForConditionalGeneration;
import sc.fiji.diffedit.models.TextDecoder;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.text.BertTokenizer;
import sc.fiji.diffedit.text.BlipImageProcessor;
import sc.fiji.diffedit.text.CaptionRequest;
import sc.fiji.diffedit.text.Captioner;
import sc.fiji.diffedit.text.Tokenizer;

/** Kind {@code blip}: pictures to pixel values, what the model sees, scores of given captions, and captions. */
final class BlipRunner implements GoldenRunner {

	@Override
	public void run(final GoldenCase golden, final Comparison comparison) {
		final BlipImageProcessor processor = BlipImageProcessor.of(Config.read(golden.model().resolve("preprocessor_config.json")));
		try (GoldenPart part = GoldenPart.of(golden); Tokenizer tokenizer = BertTokenizer.read(golden.model());
			BlipForConditionalGeneration blip = new BlipForConditionalGeneration(BlipConfig.of(part.config()), part.weights(), DType.FLOAT32))
		{
			final Captioner captioner = new Captioner(tokenizer, processor, blip, Device.CPU);
			int i = 0;
			for (final JsonObject run : golden.runs()) {
				final String out = "out." + i + ".";
				final Picture picture = picture(((GoldenCase.Png) golden.value(run.get("image"))).file());
				final String beginning = run.get("prompt").isJsonNull() ? "" : run.get("prompt").getAsString();
				if (!beginning.isEmpty()) comparison.wholeNumbers(out + "prompt_ids", tokenizer.encode(beginning));
				scores(golden, comparison, blip, processor.preprocess(List.of(picture)), out);
				final CaptionRequest request = new CaptionRequest(beginning, run.get("max_new_tokens").getAsInt(),
					run.has("num_beams") ? run.get("num_beams").getAsInt() : 1);
				comparison.wholeNumbers(out + "ids", captioner.tokens(picture, request, made -> {}));
				comparison.equal("caption " + i, golden.texts("captions").get(i++), captioner.caption(picture, request));
			}
		}
	}

	private static void scores(final GoldenCase golden, final Comparison comparison, final BlipForConditionalGeneration blip,
		final Tensor pixels, final String out)
	{
		try (Scope scope = Scope.open()) {
			comparison.tensor(out + "pixel_values", pixels);
			final Tensor imageEmbeds = blip.encodeImage(pixels);
			comparison.tensor(out + "image_embeds", imageEmbeds);
			try (TextDecoder caption = blip.describe(imageEmbeds)) {
				comparison.tensor(out + "logits", caption.next(new long[][] { golden.tensor(out + "ids").toLongArray() }));
			}
			comparison.leaveOut(out + "top2_gap");
		}
	}

	static Picture picture(final Path file) {
		try {
			final BufferedImage image = ImageIO.read(file.toFile());
			return Picture.ofRgb(image.getWidth(), image.getHeight(), image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()));
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}
}
