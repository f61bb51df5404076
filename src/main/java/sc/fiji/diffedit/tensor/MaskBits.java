package sc.fiji.diffedit.tensor;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.LongBinaryOperator;

/**
 * The inside of a mask in one bit per pixel: an eighth of a byte instead of four, and 64 pixels at a time wherever masks are combined,
 * searched or grown. Each row begins with a word of its own.
 */
public final class MaskBits {

	private final int width;
	private final int height;
	private final int stride;
	/** Bit {@code x % 64} of word {@code y * stride + x / 64}; those beyond the width are 0. */
	private final long[] words;

	/** Nothing is inside. @param width in pixels, 1 or more @param height in the same */
	public MaskBits(final int width, final int height) {
		this(width, height, new long[height * ((width + Long.SIZE - 1) / Long.SIZE)]);
	}

	private MaskBits(final int width, final int height, final long[] words) {
		this.width = width;
		this.height = height;
		this.words = words;
		stride = words.length / height;
	}

	/** What {@link Mask#isInside} says. */
	public static MaskBits of(final Mask mask) {
		return from(mask, 0.5f);
	}

	/** Inside are values of at least this. */
	public static MaskBits from(final Mask mask, final float least) {
		final MaskBits bits = new MaskBits(mask.width(), mask.height());
		for (int y = 0, at = 0; y < bits.height; y++) {
			for (int x = 0; x < bits.width; x += Long.SIZE) bits.words[at++] = word(mask.values(), y * bits.width + x, Math.min(Long.SIZE, bits.width - x), least);
		}
		return bits;
	}

	private static long word(final float[] values, final int from, final int count, final float least) {
		long word = 0;
		for (int i = 0; i < count; i++) word |= (values[from + i] >= least ? 1L : 0L) << i;
		return word;
	}

	/** Bit {@code y * width + x} of a set is the pixel's. */
	public static MaskBits of(final BitSet pixels, final int width, final int height) {
		final MaskBits bits = new MaskBits(width, height);
		for (int start = pixels.nextSetBit(0); start >= 0;) {
			final int end = pixels.nextClearBit(start);
			for (int i = start; i < end;) {
				final int x = i % width, to = Math.min(width, x + end - i);
				bits.set(i / width, x, to, true);
				i += to - x;
			}
			start = pixels.nextSetBit(end);
		}
		return bits;
	}

	/** The same as a set, the rows one after another without gaps. */
	public BitSet pixels() {
		final BitSet pixels = new BitSet(width * height);
		for (int y = 0; y < height; y++) {
			for (int x = next(y, 0, true); x < width;) {
				final int end = next(y, x, false);
				pixels.set(y * width + x, y * width + end);
				x = next(y, end, true);
			}
		}
		return pixels;
	}

	/** Values of 0 and 1. */
	public Mask mask() {
		final float[] values = new float[width * height];
		fill(values);
		return new Mask(width, height, values);
	}

	/** Sets the values of all pixels inside to 1. @param values row by row */
	public void fill(final float[] values) {
		for (int y = 0; y < height; y++) {
			for (int x = next(y, 0, true); x < width;) {
				final int end = next(y, x, false);
				Arrays.fill(values, y * width + x, y * width + end, 1);
				x = next(y, end, true);
			}
		}
	}

	public int width() {
		return width;
	}

	public int height() {
		return height;
	}

	/** What it takes in memory. */
	public long bytes() {
		return (long) words.length * Long.BYTES;
	}

	// -- pixels --

	/** The first pixel of a row, from one on, that is inside or outside; the width if there is none. @param x may be the width */
	public int next(final int y, final int x, final boolean inside) {
		if (x >= width) return width;
		final long flip = inside ? 0 : -1;
		int at = x / Long.SIZE;
		long word = (words[y * stride + at] ^ flip) & -1L << x;
		while (word == 0) {
			if (++at == stride) return width;
			word = words[y * stride + at] ^ flip;
		}
		return Math.min(width, at * Long.SIZE + Long.numberOfTrailingZeros(word));
	}

	/** Puts pixels of a row inside or outside. @param from the first of them @param to the one after the last */
	public void set(final int y, final int from, final int to, final boolean inside) {
		if (from >= to) return;
		final int first = y * stride + from / Long.SIZE, last = y * stride + (to - 1) / Long.SIZE;
		for (int at = first; at <= last; at++) {
			final long some = (at == first ? -1L << from : -1L) & (at == last ? -1L >>> -to : -1L);
			words[at] = inside ? words[at] | some : words[at] & ~some;
		}
	}

	/** How many pixels are inside. */
	public int count() {
		int count = 0;
		for (final long word : words) count += Long.bitCount(word);
		return count;
	}

	/** The part of the plane that lies inside, in [0, 1]. */
	public double area() {
		return (double) count() / ((double) width * height);
	}

	/** Whether the same pixels are inside. @param other of any size */
	public boolean isSame(final MaskBits other) {
		return width == other.width && height == other.height && Arrays.equals(words, other.words);
	}

	// -- masks of masks; all are of one size --

	public MaskBits copy() {
		return new MaskBits(width, height, words.clone());
	}

	/** Inside where this or the other one is. */
	public MaskBits or(final MaskBits other) {
		return combined(other, (own, others) -> own | others);
	}

	/** Inside where both are. */
	public MaskBits and(final MaskBits other) {
		return combined(other, (own, others) -> own & others);
	}

	/** Inside where this is and the other one is not. */
	public MaskBits without(final MaskBits other) {
		return combined(other, (own, others) -> own & ~others);
	}

	/** Inside where either this or the other one is. */
	public MaskBits xor(final MaskBits other) {
		return combined(other, (own, others) -> own ^ others);
	}

	private MaskBits combined(final MaskBits other, final LongBinaryOperator operation) {
		final long[] result = new long[words.length];
		for (int i = 0; i < result.length; i++) result[i] = operation.applyAsLong(words[i], other.words[i]);
		return new MaskBits(width, height, result);
	}

	/** This mask as a part of a larger one, outside elsewhere. @param x of its upper left pixel there @param y the same */
	public MaskBits placed(final int x, final int y, final int newWidth, final int newHeight) {
		if (newWidth == width && newHeight == height) return this;
		final MaskBits placed = new MaskBits(newWidth, newHeight);
		for (int row = 0; row < height; row++) {
			for (int i = 0; i < stride; i++) placed.join(words[row * stride + i], x + i * Long.SIZE, y + row);
		}
		return placed;
	}

	/** @param word pixels from x on */
	private void join(final long word, final int x, final int y) {
		if (word == 0) return;
		final int at = y * stride + x / Long.SIZE, bits = x % Long.SIZE;
		words[at] |= word << bits;
		final long rest = bits == 0 ? 0 : word >>> -bits;
		if (rest != 0) words[at + 1] |= rest;
	}

	/**
	 * With all pixels whose centres lie at most a radius away. Each row is widened by as much as a circle is wide at each
	 * distance, from the farthest to the nearest, and joined to the rows at that distance: the work is the same for any mask.
	 *
	 * @param radius in pixels, 0 or more
	 */
	public MaskBits grown(final double radius) {
		final MaskBits grown = new MaskBits(width, height);
		final int reach = (int) Math.min(radius, height);
		final Widened row = new Widened();
		for (int y = 0; y < height; y++) {
			if (next(y, 0, true) == width) continue;
			row.begin(y);
			for (int away = reach; away >= 0; away--) {
				row.widen((int) Math.min(width, Math.sqrt(radius * radius - (double) away * away)));
				if (y - away >= 0) row.join(grown.words, y - away);
				if (y + away < height) row.join(grown.words, y + away);
			}
		}
		grown.cutRows();
		return grown;
	}

	/** Puts what lies beyond the width outside. */
	private void cutRows() {
		for (int at = stride - 1; at < words.length; at += stride) words[at] &= -1L >>> -width;
	}

	/** A row with all pixels at most so many columns away. */
	private final class Widened {

		private long[] now = new long[stride], next = new long[stride];
		private int reach;

		void begin(final int y) {
			System.arraycopy(words, y * stride, now, 0, stride);
			reach = 0;
		}

		/** Each stretch is {@code 2 reach + 1} wide at least, so copies of it moved by so much leave no gap. */
		void widen(final int newReach) {
			while (reach < newReach) {
				final int step = Math.min(newReach - reach, 2 * reach + 1);
				move(step / Long.SIZE, step % Long.SIZE);
				reach += step;
			}
		}

		private void move(final int wholes, final int bits) {
			for (int i = 0; i < stride; i++) next[i] = now[i] | up(i - wholes, bits) | down(i + wholes, bits);
			final long[] free = now;
			now = next;
			next = free;
		}

		private long up(final int at, final int bits) {
			final long own = at < 0 ? 0 : now[at] << bits;
			return bits == 0 || at < 1 ? own : own | now[at - 1] >>> -bits;
		}

		private long down(final int at, final int bits) {
			final long own = at >= stride ? 0 : now[at] >>> bits;
			return bits == 0 || at + 1 >= stride ? own : own | now[at + 1] << -bits;
		}

		void join(final long[] to, final int y) {
			for (int i = 0; i < stride; i++) to[y * stride + i] |= now[i];
		}
	}
}
