package sc.fiji.diffedit.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Predicts large latents in overlapping tiles of the size that a model was made for, and averages the predictions where tiles
 * overlap, at each step (Bar-Tal, Yariv, Lipman, Dekel: "MultiDiffusion: Fusing Diffusion Paths for Controlled Image Generation",
 * ICML 2023). The steps themselves, and with them all noise, are those of the whole image, so there are no seams between images
 * that were made apart. The average is weighted as in Jiménez, "Mixture of Diffusers", 2023: a tile counts less towards its edge.
 * Memory grows with the tile, not with the image. Latents that fit into one tile are predicted as without tiles, to the last bit.
 */
public final class TiledUNet extends WrappedUNet {

	private final int edge;
	private final int overlap;
	private final Optional<Mask> wanted;

	/**
	 * @param edge of a tile in latents
	 * @param overlap latents that neighbours share at least; less than the edge
	 */
	TiledUNet(final UNet inner, final int edge, final int overlap) {
		this(inner, edge, overlap, Optional.empty());
	}

	private TiledUNet(final UNet inner, final int edge, final int overlap, final Optional<Mask> wanted) {
		super(inner);
		this.edge = edge;
		this.overlap = overlap;
		this.wanted = wanted;
	}

	/**
	 * A UNet that computes only tiles in which a mask has a pixel above 0, if it is tiled at all. What it predicts elsewhere is 0.
	 *
	 * @param mask of the whole plane, at any resolution
	 */
	public static UNet within(final UNet unet, final Mask mask) {
		return unet instanceof TiledUNet tiled ? new TiledUNet(tiled.inner(), tiled.edge, tiled.overlap, Optional.of(mask)) : unet;
	}

	/** The size of what goes through a UNet at once, for latents of a size. */
	public record Pass(int height, int width, int tiles) {}

	/** How latents of a size go through a UNet: in tiles if it is tiled, else as a whole. */
	public static Pass pass(final UNet unet, final int height, final int width) {
		if (!(unet instanceof TiledUNet tiled)) return new Pass(height, width, 1);
		final TileGrid grid = tiled.grid(height, width);
		return new Pass(grid.height(), grid.width(), grid.count());
	}

	private TileGrid grid(final long height, final long width) {
		return new TileGrid((int) height, (int) width, edge, overlap);
	}

	@Override
	public long rowsAtOnce(final long rows, final long height, final long width) {
		return super.rowsAtOnce(rows, Math.min(edge, height), Math.min(edge, width));
	}

	@Override
	public long samplesAtOnce(final long samples, final long height, final long width) {
		return super.samplesAtOnce(samples, Math.min(edge, height), Math.min(edge, width));
	}

	@Override
	public List<Tensor> predict(final Tensor sample, final double timestep, final List<Conditioning> conditionings, final DeepFeatures features) {
		final TileGrid grid = grid(sample.size(2), sample.size(3));
		if (grid.count() == 1) return inner().predict(sample, timestep, conditionings, features);
		final List<TileGrid.Corner> tiles = grid.corners(tile -> isWanted(tile, grid, sample));
		final List<float[]> weights = grid.weights(tiles);
		List<Tensor> sums = List.of();
		try (Scope scope = Scope.open()) {
			for (int i = 0; i < tiles.size(); i++) {
				final List<Tensor> before = sums;
				sums = added(before, tile(sample, tiles.get(i), grid, timestep, conditionings, features), tiles.get(i), Tensor.of(weights.get(i), 1, 1, grid.height(), grid.width()), sample);
				before.forEach(Tensor::close);
			}
			if (sums.isEmpty()) sums = nothing(sample, conditionings);
			return sums.stream().map(sum -> scope.keep(sum.to(dtype()))).toList();
		}
	}

	private boolean isWanted(final TileGrid.Corner tile, final TileGrid grid, final Tensor sample) {
		if (wanted.isEmpty()) return true;
		final Mask mask = wanted.get();
		final int height = (int) sample.size(2), width = (int) sample.size(3);
		final int bottom = covering((tile.y() + grid.height()) * mask.height(), height), right = covering((tile.x() + grid.width()) * mask.width(), width);
		for (int y = tile.y() * mask.height() / height; y < bottom; y++) {
			for (int x = tile.x() * mask.width() / width; x < right; x++) {
				if (mask.values()[y * mask.width() + x] > 0) return true;
			}
		}
		return false;
	}

	private static int covering(final int length, final int by) {
		return (length + by - 1) / by;
	}

	private List<Tensor> tile(final Tensor sample, final TileGrid.Corner tile, final TileGrid grid, final double timestep, final List<Conditioning> conditionings,
		final DeepFeatures features)
	{
		final Tensor part = sample.slice(2, tile.y(), tile.y() + grid.height()).slice(3, tile.x(), tile.x() + grid.width());
		return inner().predict(part, timestep, conditionings, features.part(tile.x(), tile.y()));
	}

	/** The sums with a tile's weighted predictions, in 32 bits; kept in the scope around this call. */
	private static List<Tensor> added(final List<Tensor> sums, final List<Tensor> predictions, final TileGrid.Corner tile, final Tensor weights, final Tensor sample) {
		final List<Tensor> added = new ArrayList<>();
		for (int c = 0; c < predictions.size(); c++) {
			try (Scope scope = Scope.open()) {
				final Tensor weighted = predictions.get(c).multiply(weights.to(sample.device()));
				final Tensor placed = placed(placed(weighted, 2, tile.y(), sample.size(2)), 3, tile.x(), sample.size(3));
				added.add(scope.keep(sums.isEmpty() ? placed : sums.get(c).plus(placed)));
			}
		}
		return added;
	}

	/** A part of an axis within the whole axis, 0 elsewhere. */
	private static Tensor placed(final Tensor part, final int axis, final long from, final long length) {
		final List<Tensor> pieces = new ArrayList<>(List.of(part));
		if (from > 0) pieces.add(0, zeros(part, axis, from));
		final long rest = length - from - part.size(axis);
		if (rest > 0) pieces.add(zeros(part, axis, rest));
		return Tensor.cat(pieces, axis);
	}

	private static Tensor zeros(final Tensor like, final int axis, final long length) {
		final long[] shape = like.shape();
		shape[axis] = length;
		return Tensor.zeros(like.dtype(), shape).to(like.device());
	}

	private List<Tensor> nothing(final Tensor sample, final List<Conditioning> conditionings) {
		final long[] shape = { conditionings.get(0).batch(), config().outChannels(), sample.size(2), sample.size(3) };
		return conditionings.stream().map(conditioning -> Tensor.zeros(dtype(), shape).to(sample.device())).toList();
	}
}
