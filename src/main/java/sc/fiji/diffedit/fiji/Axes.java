package sc.fiji.diffedit.fiji;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import net.imglib2.FinalInterval;
import net.imglib2.Interval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.view.Views;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/**
 * Which dimension of an image is which, one letter per dimension: {@code X}, {@code Y}, {@code C} (channel), {@code Z},
 * {@code T}, or any other letter. Dimensions other than X, Y and C are held at one position.
 *
 * <pre>
 * Axes.named("XYCZT").at('Z', 4).at('T', 0)
 * </pre>
 *
 * @param letters one upper-case letter for each dimension, each once, with X and Y among them
 * @param positions where the image is cut along the other dimensions, counted from the image's first plane (its
 *          minimum, whatever number that is); 0 when absent
 */
public record Axes(String letters, Map<Character, Long> positions) {

	public Axes {
		positions = Map.copyOf(positions);
		final boolean unique = letters.chars().distinct().count() == letters.length();
		if (!unique || letters.indexOf('X') < 0 || letters.indexOf('Y') < 0 || !letters.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
			throw new DiffEditException("The axes \"" + letters
				+ "\" are not one upper-case letter for each dimension with X and Y among them; write for example XYCZT.");
		}
		for (final char letter : positions.keySet()) {
			if (letter == 'X' || letter == 'Y' || letter == 'C' || letters.indexOf(letter) < 0) {
				throw new DiffEditException("A position along " + letter + " was given, but the axes are " + letters
					+ "; positions belong to the axes other than X, Y and C.");
			}
		}
	}

	/** Axes in the order of the dimensions, at the first position of each. */
	public static Axes named(final String letters) {
		return new Axes(letters, Map.of());
	}

	/** The same axes, cut at another position along one of them. */
	public Axes at(final char letter, final long position) {
		final Map<Character, Long> moved = new TreeMap<>(positions);
		moved.put(letter, position);
		return new Axes(letters, moved);
	}

	/** The image's channels at these positions, each a plane (x, y) that starts at (0, 0). Views: writing reaches the image. */
	<T> List<RandomAccessibleInterval<T>> channels(final RandomAccessibleInterval<T> image) {
		if (image.numDimensions() != letters.length()) {
			throw new DiffEditException("The image has " + Counted.of(image.numDimensions(), "dimension") + ", but the axes " + letters
				+ " name " + letters.length() + ".");
		}
		final StringBuilder left = new StringBuilder(letters);
		final RandomAccessibleInterval<T> cut = cut(image, left);
		final int channel = left.indexOf("C");
		if (channel < 0) return List.of(upright(cut, left.toString()));
		left.deleteCharAt(channel);
		final List<RandomAccessibleInterval<T>> planes = new ArrayList<>();
		for (long c = cut.min(channel); c <= cut.max(channel); c++) {
			planes.add(upright(Views.hyperSlice(cut, channel, c), left.toString()));
		}
		return planes;
	}

	/** Where the plane lies in the image: all of X, Y and C, one position along each of the other axes. */
	Interval plane(final Interval image) {
		final long[] min = image.minAsLongArray(), max = image.maxAsLongArray();
		for (int d = 0; d < letters.length(); d++) {
			final char letter = letters.charAt(d);
			if (letter != 'X' && letter != 'Y' && letter != 'C') max[d] = min[d] += positions.getOrDefault(letter, 0L);
		}
		return new FinalInterval(min, max);
	}

	private <T> RandomAccessibleInterval<T> cut(final RandomAccessibleInterval<T> image, final StringBuilder left) {
		RandomAccessibleInterval<T> cut = image;
		for (int d = left.length() - 1; d >= 0; d--) {
			final char letter = left.charAt(d);
			if (letter == 'X' || letter == 'Y' || letter == 'C') continue;
			final long position = positions.getOrDefault(letter, 0L);
			if (position < 0 || position >= cut.dimension(d)) {
				throw new DiffEditException("Position " + position + " along " + letter + " lies outside of the image, which has "
					+ cut.dimension(d) + " there; count from 0.");
			}
			cut = Views.hyperSlice(cut, d, cut.min(d) + position);
			left.deleteCharAt(d);
		}
		return cut;
	}

	private static <T> RandomAccessibleInterval<T> upright(final RandomAccessibleInterval<T> plane, final String order) {
		return Views.zeroMin(order.equals("XY") ? plane : Views.permute(plane, 0, 1));
	}
}
