package sc.fiji.diffedit.models;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.nn.AttentionListener;
import sc.fiji.diffedit.tensor.Planes;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Where some words are looked for in an image: the mean of the probabilities by which its places attend to them, over all heads, rows of
 * the batch and layers at half of the latents' size, and at a quarter where that still has 16 places to each side. Finer layers look
 * at texture, coarser ones at the image as a whole (Hertz et al., "Prompt-to-Prompt Image Editing with Cross-Attention Control", ICLR
 * 2023, reads the layers of 16 x 16 places).
 */
public final class AttentionMap implements AttentionListener {

	private static final int COARSEST = 2, LEAST_PLACES = 16;

	private final int[] heights = new int[COARSEST + 1], widths = new int[COARSEST + 1];
	private final double[][] sums = new double[COARSEST + 1][];
	private final Tensor words;
	private long rows;

	/**
	 * @param height of the latents
	 * @param width of the latents
	 * @param words how much each token counts, shape (tokens); stays the caller's
	 */
	public AttentionMap(final int height, final int width, final Tensor words) {
		this.words = words;
		heights[0] = height;
		widths[0] = width;
		for (int level = 1; level <= COARSEST; level++) {
			heights[level] = (heights[level - 1] + 1) / 2;
			widths[level] = (widths[level - 1] + 1) / 2;
		}
	}

	@Override
	public Tensor words() {
		return words;
	}

	@Override
	public boolean wants(final long places) {
		return level(places) > 0;
	}

	/** 0 where it is none of the levels that count. */
	private int level(final long places) {
		int level = Math.min(heights[COARSEST], widths[COARSEST]) < LEAST_PLACES ? 1 : COARSEST;
		while (level > 0 && (long) heights[level] * widths[level] != places) level--;
		return level;
	}

	@Override
	public void attended(final Tensor attention) {
		final int places = (int) attention.size(2), level = level(places);
		final float[] values = attention.mean(false, 1).toFloatArray();
		if (sums[level] == null) sums[level] = new double[places];
		for (int i = 0; i < values.length; i++) sums[level][i % places] += values[i];
		rows += attention.size(0);
	}

	/**
	 * The map at the latents' size, row by row, each value from 0 to the largest weight of a word.
	 *
	 * @throws DiffEditException if no layer was heard
	 */
	public float[] values() {
		if (rows == 0) throw new DiffEditException("This model has no cross-attention at half or a quarter of its latents' size; choose a heat map without cross-attention.");
		final float[] values = new float[heights[0] * widths[0]];
		for (int level = 1; level <= COARSEST; level++) {
			if (sums[level] == null) continue;
			final float[] mean = new float[sums[level].length];
			for (int i = 0; i < mean.length; i++) mean[i] = (float) (sums[level][i] / rows);
			final float[] enlarged = Planes.linear(mean, widths[level], heights[level], widths[0], heights[0]);
			for (int i = 0; i < values.length; i++) values[i] += enlarged[i];
		}
		return values;
	}
}
