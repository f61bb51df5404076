package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.AttentionMap;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.TiledUNet;
import sc.fiji.diffedit.nn.BasicTransformerBlock;
import sc.fiji.diffedit.tensor.Tensor;

/** Predicts as the UNet does, and reads besides where the words that differ between two prompts are looked for in the image. */
final class WordAttention {

	private final DiffusionModel model;
	private final PromptComparison prompts;
	private final int height;
	private final int width;
	private final MaskMaps maps;
	private final int copies;

	/**
	 * @param copies of each image
	 * @param maps receives where changed words are looked for
	 * @param height of the latents
	 * @param width of the latents
	 * @throws DiffEditException if the UNet does not see latents of this size as a whole
	 */
	WordAttention(final DiffusionModel model, final PromptComparison prompts, final int copies, final MaskMaps maps, final int height, final int width) {
		this.model = model;
		this.prompts = prompts;
		this.height = height;
		this.width = width;
		this.copies = copies;
		this.maps = maps;
		final int tiles = TiledUNet.pass(model.unet(), height, width).tiles();
		if (tiles > 1) {
			throw new DiffEditException("The heat map from cross-attention needs the image as a whole, but it goes through the model in " + tiles
				+ " tiles; choose larger tiles or none, or another heat map.");
		}
	}

	/**
	 * @param samples copies of one image
	 * @param first of them, counted over all images
	 * @param rows conditionings of the source, the target and perhaps their negatives
	 * @return what {@link sc.fiji.diffedit.models.UNet#predict} returns, to the last bit
	 */
	List<Tensor> predict(final Tensor samples, final double timestep, final int first, final List<Conditioning> rows) {
		final ChangedWords changed = prompts.changedWords(first / copies);
		final List<Tensor> predicted = new ArrayList<>();
		predicted.add(predict(samples, timestep, first, rows.get(0), changed.source()));
		predicted.add(predict(samples, timestep, first, rows.get(1), changed.target()));
		if (rows.size() > 2) predicted.addAll(model.unet().predict(samples, timestep, rows.subList(2, rows.size())));
		return predicted;
	}

	private Tensor predict(final Tensor samples, final double timestep, final int first, final Conditioning rows, final float[] words) {
		if (!ChangedWords.any(words)) return model.unet().predict(samples, timestep, rows);
		final AttentionMap map = new AttentionMap(height, width, Tensor.of(words, words.length));
		final Tensor predicted = BasicTransformerBlock.heard(map, () -> model.unet().predict(samples, timestep, rows));
		maps.addAttention(first, (int) samples.size(0), map.values());
		return predicted;
	}
}
