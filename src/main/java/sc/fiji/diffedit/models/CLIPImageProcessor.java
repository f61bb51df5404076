package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Raster;
import sc.fiji.diffedit.tensor.Region;
import sc.fiji.diffedit.tensor.Resampling;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Preprocesses pictures for CLIP and similar models (transformers {@code CLIPImageProcessor}, from
 * {@code preprocessor_config.json}): resized in 8 bits, cut to the middle, and each channel brought to mean and standard
 * deviation of the training images. What the config switches off is left out.
 *
 * @param width to resize to; 0 keeps the shape and brings the shortest edge to {@code height}
 * @param height to resize to, or length of the shortest edge; 0 resizes nothing
 * @param cropWidth of the middle part, 0 for the whole image
 * @param cropHeight of the middle part, 0 for the whole image
 * @param resampling filter to resize with
 * @param scale what levels 0 to 255 are multiplied by
 * @param mean per channel
 * @param std per channel, not 0
 */
public record CLIPImageProcessor(int width, int height, int cropWidth, int cropHeight, Resampling resampling, double scale,
	List<Double> mean, List<Double> std)
{

	private static final double[] MEAN = { 0.48145466, 0.4578275, 0.40821073 };
	private static final double[] STD = { 0.26862954, 0.26130258, 0.27577711 };
	private static final int MOST = 1 << 14;

	/** @throws sc.fiji.diffedit.DiffEditException if the config needs what this class does not have */
	public static CLIPImageProcessor of(final Config json) {
		final int[] size = json.getBoolean("do_resize", true) ? size(json, "size") : new int[2];
		final int[] crop = json.getBoolean("do_center_crop", true) ? size(json, "crop_size") : new int[2];
		if (crop[1] > 0 && crop[0] == 0) crop[0] = crop[1];
		final boolean normalize = json.getBoolean("do_normalize", true);
		final double scale = json.getBoolean("do_rescale", true) ? json.getDouble("rescale_factor", 1 / 255.0) : 1;
		return new CLIPImageProcessor(size[0], size[1], crop[0], crop[1], filter(json), scale,
			normalize ? three(json, "image_mean", MEAN) : List.of(0.0, 0.0, 0.0), normalize ? three(json, "image_std", STD) : List.of(1.0, 1.0, 1.0));
	}

	/** Width and height; width 0 stands for "shortest edge". Sizes are a number, an edge, or width and height. */
	private static int[] size(final Config json, final String key) {
		final int[] size = new int[2];
		if (!json.has(key)) size[1] = 224;
		else if (json.json().get(key).isJsonObject()) {
			final Config object = json.getConfig(key);
			size[0] = object.getInt("width", 0);
			size[1] = object.getInt("height", object.getInt("shortest_edge", 0));
		}
		else size[1] = json.getInt(key, 224);
		if (size[0] < 0 || size[1] < 1 || Math.max(size[0], size[1]) > MOST) throw json.unsupported(key, "a size from 1 to " + MOST);
		return size;
	}

	private static Resampling filter(final Config json) {
		final Resampling[] byNumber = { Resampling.NEAREST, Resampling.LANCZOS, Resampling.BILINEAR, Resampling.BICUBIC, Resampling.BOX };
		final int number = json.getInt("resample", 3);
		if (number < 0 || number >= byNumber.length) throw json.unsupported("resample", "a filter from 0 to 4");
		return byNumber[number];
	}

	private static List<Double> three(final Config json, final String key, final double[] otherwise) {
		final double[] values = json.has(key) ? json.getDoubles(key) : otherwise;
		if (values.length != 3) throw json.unsupported(key, "three numbers");
		final List<Double> list = new ArrayList<>();
		for (final double value : values) {
			if (value == 0 && key.equals("image_std")) throw json.unsupported(key, "three numbers that are not 0");
			list.add(value);
		}
		return list;
	}

	/**
	 * Pictures as a batch.
	 *
	 * @param pictures of 3 channels, of any sizes that this config brings to one
	 * @return 32-bit floats of shape (batch, 3, height, width), in the innermost scope
	 */
	public Tensor preprocess(final List<Picture> pictures) {
		try (Scope scope = Scope.open()) {
			final List<Tensor> tensors = new ArrayList<>();
			for (final Picture picture : pictures) tensors.add(normalised(cropped(resized(Raster.of(picture)))));
			return scope.keep(Tensor.cat(tensors, 0));
		}
	}

	private Raster resized(final Raster image) {
		if (height == 0) return image;
		if (width > 0) return image.resized(width, height, resampling);
		final int shortest = Math.min(image.width(), image.height());
		final int newWidth = image.width() == shortest ? height : (int) ((long) height * image.width() / shortest);
		final int newHeight = image.height() == shortest ? height : (int) ((long) height * image.height() / shortest);
		return image.resized(newWidth, newHeight, resampling);
	}

	/** The middle; images smaller than it get black edges. */
	private Raster cropped(final Raster image) {
		if (cropHeight == 0) return image;
		final int left = Math.floorDiv(image.width() - cropWidth, 2);
		final int top = Math.floorDiv(image.height() - cropHeight, 2);
		return image.cropped(new Region(left, top, left + cropWidth, top + cropHeight));
	}

	private Tensor normalised(final Raster image) {
		final int plane = image.width() * image.height();
		final float[] values = new float[3 * plane];
		for (int i = 0; i < values.length; i++) {
			final int channel = i / plane;
			final int level = image.values()[image.channels() == 1 ? i % plane : i] & 255;
			values[i] = ((float) (level * scale) - mean.get(channel).floatValue()) / std.get(channel).floatValue();
		}
		return Tensor.of(values, 1, 3, image.height(), image.width());
	}
}
