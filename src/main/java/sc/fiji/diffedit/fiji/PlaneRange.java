package sc.fiji.diffedit.fiji;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import ij.ImagePlus;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/**
 * Which planes of a stack are worked on, and which channels of them a model sees: {@code this slice}, {@code all}, or a range such as
 * {@code z=3-9 t=all c=1,3}. Numbers count from 1. Of an axis that is left out, the range has the position that is shown. Where a stack
 * is long along one axis alone, numbers without a letter will do: {@code 3-9}.
 *
 * @param planes in the order of the stack: slices first, then frames
 * @param channels empty for those that are shown
 */
public record PlaneRange(List<Position> planes, List<Integer> channels) {

	/** The plane that is shown. */
	public static final String SHOWN = "this slice";
	/** All planes. */
	public static final String ALL = "all";

	private static final String HELP = "write " + SHOWN + ", " + ALL + ", or a range such as z=3-9 t=all";

	public PlaneRange {
		planes = List.copyOf(planes);
		channels = List.copyOf(channels);
	}

	/**
	 * Reads a range.
	 *
	 * @param text as written above; empty for the plane that is shown
	 * @throws DiffEditException if the image has no such planes, or the text is none of these
	 */
	public static PlaneRange of(final String text, final ImagePlus image) {
		final String words = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
		if (isShown(words)) return new PlaneRange(List.of(Position.of(image)), List.of());
		if (words.equals(ALL)) return of(Map.of('z', ALL, 't', ALL), image);
		return of(axes(words, image), image);
	}

	/** Whether a text says nothing but the plane that is shown. */
	public static boolean isShown(final String text) {
		return text == null || text.isBlank() || text.strip().equalsIgnoreCase(SHOWN);
	}

	/** Whether an image has several planes to choose from. */
	public static boolean isStack(final ImagePlus image) {
		return image.getNSlices() * image.getNFrames() > 1;
	}

	private static PlaneRange of(final Map<Character, String> axes, final ImagePlus image) {
		final Position shown = Position.of(image);
		final List<Integer> slices = numbers('z', axes.get('z'), shown.slice(), image.getNSlices(), image);
		final List<Integer> frames = numbers('t', axes.get('t'), shown.frame(), image.getNFrames(), image);
		final List<Position> planes = new ArrayList<>();
		for (final int frame : frames) {
			for (final int slice : slices) planes.add(new Position(shown.channel(), slice, frame));
		}
		final String channels = axes.get('c');
		return new PlaneRange(planes, channels == null || channels.equals(ALL) ? List.of() : numbers('c', channels, 0, image.getNChannels(), image));
	}

	private static Map<Character, String> axes(final String words, final ImagePlus image) {
		final Map<Character, String> axes = new TreeMap<>();
		for (final String word : words.replaceAll("\\s*([=,-])\\s*", "$1").split("[\\s;]+")) {
			final boolean named = word.matches("[zct]=.+");
			if (!named && axes.isEmpty() && word.matches("[0-9].*")) axes.put(longAxis(words, image), word);
			else if (!named) throw new DiffEditException("planes is \"" + words + "\", of which \"" + word + "\" is no range; " + HELP + ".");
			else if (axes.put(word.charAt(0), word.substring(2)) != null) {
				throw new DiffEditException("planes is \"" + words + "\", which says " + word.charAt(0) + " twice; keep one of them.");
			}
		}
		return axes;
	}

	private static char longAxis(final String words, final ImagePlus image) {
		if (image.getNFrames() == 1) return 'z';
		if (image.getNSlices() == 1) return 't';
		throw new DiffEditException("planes is \"" + words + "\", but \"" + image.getTitle() + "\" has slices and frames; " + HELP + ".");
	}

	private static List<Integer> numbers(final char axis, final String text, final int shown, final int length, final ImagePlus image) {
		if (text == null) return List.of(shown);
		final Set<Integer> numbers = new TreeSet<>();
		for (final String part : (text.equals(ALL) ? "1-" + length : text).split(",")) {
			if (!part.matches("[0-9]{1,9}(-[0-9]{1,9})?")) throw new DiffEditException(axis + " is \"" + text + "\"; write numbers such as 3-9 or 1,4,7, or " + ALL + ".");
			final String[] ends = part.split("-");
			final int first = Integer.parseInt(ends[0]), last = Integer.parseInt(ends[ends.length - 1]);
			if (first < 1 || last < first || last > length) {
				throw new DiffEditException(axis + " is \"" + text + "\", but \"" + image.getTitle() + "\" has "
					+ Counted.of(length, axis == 'z' ? "slice" : axis == 't' ? "frame" : "channel") + "; they count from 1 to " + length + ", the smaller number first.");
			}
			for (int i = first; i <= last; i++) numbers.add(i);
		}
		return List.copyOf(numbers);
	}

	public int count() {
		return planes.size();
	}

	/** How a plane is called in messages: by those of its numbers in which the planes differ. */
	public String name(final Position plane) {
		final boolean slices = planes.stream().mapToInt(Position::slice).distinct().count() > 1, frames = planes.stream().mapToInt(Position::frame).distinct().count() > 1;
		final String slice = slices || !frames ? "z=" + plane.slice() : "";
		return slice + (slices && frames ? " " : "") + (frames ? "t=" + plane.frame() : "");
	}

	/** How many of the planes are of one frame, if all frames have as many. */
	int slices() {
		return (int) planes.stream().mapToInt(Position::slice).distinct().count();
	}
}
