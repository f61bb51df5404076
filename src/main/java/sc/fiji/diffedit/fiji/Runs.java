package sc.fiji.diffedit.fiji;

import java.util.Arrays;

import sc.fiji.diffedit.tensor.MaskBits;

/**
 * The pixels of a mask, or those around it, as horizontal runs, and which of them hang together: each run of a row is joined to those
 * it touches in the row above. There are far fewer runs than pixels, so parts are found in a few milliseconds.
 */
final class Runs {

	private final int width;
	private final int height;
	/** Index of the first pixel of each run, and the one after its last, in reading order. */
	private int[] starts = new int[64], ends = new int[64];
	/** Another run of the same part, with a smaller number; a part's first run has its own. */
	private int[] parents = new int[64];
	private int count;

	/**
	 * @param mask whose pixels are searched; not kept
	 * @param inside whether runs are of the mask's inside or of its outside
	 * @param diagonal whether pixels that touch at a corner hang together (8 neighbours instead of 4)
	 */
	Runs(final MaskBits mask, final boolean inside, final boolean diagonal) {
		width = mask.width();
		height = mask.height();
		int above = 0;
		for (int y = 0; y < height; y++) {
			final int first = count;
			addRow(mask, y, inside);
			join(above, first, diagonal ? 1 : 0);
			above = first;
		}
	}

	private void addRow(final MaskBits mask, final int y, final boolean inside) {
		for (int x = mask.next(y, 0, inside); x < width;) {
			final int end = mask.next(y, x, !inside);
			add(y * width + x, y * width + end);
			x = mask.next(y, end, inside);
		}
	}

	private void add(final int start, final int end) {
		if (count == starts.length) {
			starts = Arrays.copyOf(starts, 2 * count);
			ends = Arrays.copyOf(ends, 2 * count);
			parents = Arrays.copyOf(parents, 2 * count);
		}
		starts[count] = start;
		ends[count] = end;
		parents[count] = count++;
	}

	/** Joins the runs of the last row to those of the row above, which begin at number {@code above}. */
	private void join(final int above, final int first, final int reach) {
		int upper = above;
		for (int run = first; run < count; run++) {
			while (upper < first && ends[upper] + width + reach <= starts[run]) upper++;
			for (int other = upper; other < first && starts[other] + width < ends[run] + reach; other++) unite(other, run);
		}
	}

	private void unite(final int one, final int other) {
		final int a = part(one), b = part(other);
		parents[Math.max(a, b)] = Math.min(a, b);
	}

	/** Number of the first run of a run's part. */
	private int part(final int run) {
		int first = run;
		while (parents[first] != first) first = parents[first];
		for (int next = run; parents[next] != first;) {
			final int after = parents[next];
			parents[next] = first;
			next = after;
		}
		return first;
	}

	/** How many parts there are. */
	int count() {
		int parts = 0;
		for (int run = 0; run < count; run++) if (parents[run] == run) parts++;
		return parts;
	}

	/**
	 * Gives the pixels of each part a number, counted from 1 in reading order.
	 *
	 * @return how many parts there are
	 */
	int label(final int[] labels) {
		final int[] numbers = new int[count];
		int parts = 0;
		for (int run = 0; run < count; run++) {
			final int part = part(run);
			if (part == run) numbers[run] = ++parts;
			Arrays.fill(labels, starts[run], ends[run], numbers[part]);
		}
		return parts;
	}

	/**
	 * Puts parts inside or outside by their size.
	 *
	 * @param mask of the same size
	 * @param most parts of at most this many pixels are
	 * @param borders whether also those that touch the border of the image are
	 */
	void putSmall(final MaskBits mask, final int most, final boolean borders, final boolean inside) {
		final long[] sizes = new long[count];
		for (int run = 0; run < count; run++) sizes[part(run)] += !borders && touchesBorder(run) ? Integer.MAX_VALUE : ends[run] - starts[run];
		for (int run = 0; run < count; run++) {
			if (sizes[part(run)] > most) continue;
			final int y = starts[run] / width, x = starts[run] - y * width;
			mask.set(y, x, x + ends[run] - starts[run], inside);
		}
	}

	private boolean touchesBorder(final int run) {
		return starts[run] < width || starts[run] >= width * (height - 1) || starts[run] % width == 0 || ends[run] % width == 0;
	}
}
