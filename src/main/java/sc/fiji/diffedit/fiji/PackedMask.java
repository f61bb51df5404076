package sc.fiji.diffedit.fiji;

import java.util.BitSet;

import sc.fiji.diffedit.tensor.Mask;

/**
 * A mask without soft edges in one bit per pixel, for histories and infos.
 *
 * @param width in pixels
 * @param height in pixels
 * @param inside bit {@code y * width + x}
 */
public record PackedMask(int width, int height, BitSet inside) {

	/** Inside is what {@link Mask#isInside} says. */
	public static PackedMask of(final Mask mask) {
		final BitSet inside = new BitSet(mask.values().length);
		for (int i = 0; i < mask.values().length; i++) if (mask.values()[i] >= 0.5f) inside.set(i);
		return new PackedMask(mask.width(), mask.height(), inside);
	}

	/** Values of 0 and 1. */
	public Mask mask() {
		final float[] values = new float[width * height];
		inside.stream().forEach(i -> values[i] = 1);
		return new Mask(width, height, values);
	}

	/** What it takes in memory. */
	public long bytes() {
		return inside.size() / Byte.SIZE;
	}
}
