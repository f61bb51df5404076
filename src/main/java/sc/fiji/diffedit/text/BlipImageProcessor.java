package sc.fiji.diffedit.text;

import java.util.List;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.CLIPImageProcessor;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Preprocesses pictures for BLIP (transformers {@code BlipImageProcessor}): resized to a square and normalised as for CLIP, without cropping.
 *
 * @param processor resizes to width and height and crops nothing
 */
public record BlipImageProcessor(CLIPImageProcessor processor) {

	private static final int SIZE = 384;

	/**
	 * From {@code preprocessor_config.json}.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if the config requires an unsupported step
	 */
	public static BlipImageProcessor of(final Config json) {
		final CLIPImageProcessor read = CLIPImageProcessor.of(json);
		final boolean resizes = json.getBoolean("do_resize", true);
		final int height = !resizes ? 0 : json.has("size") ? read.height() : SIZE;
		final int width = !resizes ? 0 : read.width() > 0 ? read.width() : height;
		return new BlipImageProcessor(new CLIPImageProcessor(width, height, 0, 0, read.resampling(), read.scale(), read.mean(), read.std()));
	}

	/** 32-bit floats of shape (batch, 3, size, size), in the innermost scope. */
	public Tensor preprocess(final List<Picture> pictures) {
		return processor.preprocess(pictures);
	}
}
