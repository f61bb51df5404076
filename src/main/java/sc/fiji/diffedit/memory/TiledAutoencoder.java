package sc.fiji.diffedit.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.DiagonalGaussian;
import sc.fiji.diffedit.models.WrappedAutoencoder;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * VAE tiling: images above the size of a tile are worked on tile by tile, both ways, and neighbours are blended linearly
 * where they overlap, so that memory grows with the tile and not with the image. Matches {@code enable_tiling} of
 * diffusers' {@code AutoencoderKL}; the tiny autoencoder is tiled in the same way, where diffusers' own tiles have
 * ramps that are one pixel shorter. The norms of each tile see that tile alone, so tone may differ a little between tiles.
 */
public final class TiledAutoencoder extends WrappedAutoencoder {

	private final Tiling tiling;

	public TiledAutoencoder(final Autoencoder inner, final Tiling tiling) {
		super(inner);
		this.tiling = tiling;
	}

	public Tiling tiling() {
		return tiling;
	}

	/** The tiles of an autoencoder that has any, whatever is wrapped around it. */
	public static Optional<Tiling> tilingOf(final Autoencoder vae) {
		if (vae instanceof TiledAutoencoder tiled) return Optional.of(tiled.tiling);
		return vae instanceof WrappedAutoencoder wrapped ? tilingOf(wrapped.inner()) : Optional.empty();
	}

	@Override
	public DiagonalGaussian encode(final Tensor image) {
		if (fits(image, tiling.sampleSize())) return inner().encode(image);
		final boolean[] certain = new boolean[1];
		final Tensor parameters = tiles(image, tiling.sampleSize(), tiling.latentSize(), tile -> {
			final DiagonalGaussian encoded = inner().encode(tile);
			certain[0] = encoded.isCertain();
			return encoded.parameters();
		});
		return certain[0] ? DiagonalGaussian.certain(parameters) : DiagonalGaussian.of(parameters);
	}

	@Override
	public Tensor decode(final Tensor latents) {
		if (fits(latents, tiling.latentSize())) return inner().decode(latents);
		return tiles(latents, tiling.latentSize(), tiling.sampleSize(), inner()::decode);
	}

	private static boolean fits(final Tensor x, final int edge) {
		return x.size(2) <= edge && x.size(3) <= edge;
	}

	/** A rest of fewer pixels than one latent has is dropped, as without tiles. */
	private long least(final int from) {
		return from == tiling.sampleSize() ? scaleFactor() : 1;
	}

	/** Cuts, applies, blends and joins. {@code from} and {@code to} are the edges of a tile before and after. */
	private Tensor tiles(final Tensor x, final int from, final int to, final UnaryOperator<Tensor> operation) {
		final long step = tiling.step(from);
		final long least = least(from);
		try (Scope scope = Scope.open()) {
			final List<Tensor> finished = new ArrayList<>();
			List<Tensor> above = List.of();
			for (long y = 0; y + least <= x.size(2); y += step) {
				final List<Tensor> row = row(x.slice(2, y, y + from), from, to, above, operation);
				finished.add(joined(row, to));
				above.forEach(Tensor::close);
				above = row;
			}
			return scope.keep(Tensor.cat(finished, 2));
		}
	}

	/** The blended tiles of one row, each of its full size: the next row blends with their lower edges. */
	private List<Tensor> row(final Tensor strip, final int from, final int to, final List<Tensor> above, final UnaryOperator<Tensor> operation) {
		final long step = tiling.step(from);
		final long least = least(from);
		final int blend = tiling.blended(to);
		final List<Tensor> row = new ArrayList<>();
		for (long x = 0; x + least <= strip.size(3); x += step) {
			try (Scope scope = Scope.open()) {
				Tensor tile = operation.apply(strip.slice(3, x, x + from));
				if (!above.isEmpty()) tile = blend(above.get(row.size()), tile, 2, blend);
				if (!row.isEmpty()) tile = blend(row.get(row.size() - 1), tile, 3, blend);
				row.add(scope.keep(tile));
			}
		}
		return row;
	}

	/** The parts of a row's tiles that no later tile covers, side by side. */
	private Tensor joined(final List<Tensor> row, final int to) {
		final int keep = tiling.usedLength(to);
		try (Scope scope = Scope.open()) {
			final List<Tensor> parts = new ArrayList<>();
			for (final Tensor tile : row) parts.add(tile.slice(2, 0, keep).slice(3, 0, keep));
			return scope.keep(Tensor.cat(parts, 3));
		}
	}

	/** The second tile, whose first {@code extent} rows or columns fade in over the last ones of the first tile. */
	private static Tensor blend(final Tensor first, final Tensor second, final int axis, final int extent) {
		final long wide = Math.min(extent, Math.min(first.size(axis), second.size(axis)));
		if (wide == 0) return second;
		final Tensor out = first.slice(axis, first.size(axis) - wide, first.size(axis)).multiply(ramp(wide, axis, true, second));
		final Tensor in = second.slice(axis, 0, wide).multiply(ramp(wide, axis, false, second));
		final Tensor mixed = out.plus(in).to(second.dtype());
		return wide == second.size(axis) ? mixed : Tensor.cat(axis, mixed, second.slice(axis, wide, second.size(axis)));
	}

	/** Weights 0, 1/n, 2/n, ... along an axis, or one minus them; 32-bit so that half precision rounds once. */
	private static Tensor ramp(final long length, final int axis, final boolean falling, final Tensor like) {
		final float[] weights = new float[(int) length];
		for (int i = 0; i < length; i++) weights[i] = (float) (falling ? 1 - (double) i / length : (double) i / length);
		final long[] shape = { 1, 1, 1, 1 };
		shape[axis] = length;
		return Tensor.of(weights, shape).to(like.device());
	}
}
