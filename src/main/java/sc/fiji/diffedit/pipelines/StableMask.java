package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Overlap;

/**
 * Tells when further noisy copies would hardly change a mask: once {@value #IN_A_ROW} copies one after another have left it nearly as it
 * was. Copies come one by one for that, and those of all strengths early. The rule is this project's own; what it saves and costs is in
 * the table of the page on speed.
 */
final class StableMask {

	/** How much a mask has to be like the one before: intersection over union. */
	private static final double ALIKE = 0.97;
	/** So often. */
	private static final int IN_A_ROW = 2;

	private final MaskRequest request;
	private final List<OfImage> images = new ArrayList<>();

	/** An image's mask so far. */
	private static final class OfImage {

		private Optional<Mask> mask = Optional.empty();
		private int looked, alike;
	}

	StableMask(final MaskRequest request, final int images) {
		this.request = request;
		for (int i = 0; i < images; i++) this.images.add(new OfImage());
	}

	/**
	 * The copies of an image, from 0 on, in the order in which they are looked at: one of each strength, the middle strength first, then the others from the outside in; then
	 * the next of each.
	 */
	static List<Integer> order(final MaskSource source, final int copies) {
		final double middle = (source.strengths() - 1) / 2.0;
		final int[] before = new int[source.strengths()];
		final int[] round = IntStream.range(0, copies).map(copy -> before[source.strengthOf(copy, copies)]++).toArray();
		final Comparator<Integer> byRound = Comparator.comparing(copy -> round[copy]);
		return IntStream.range(0, copies).boxed().sorted(byRound.thenComparing(copy -> {
			final double away = Math.abs(source.strengthOf(copy, copies) - middle);
			return away == 0 ? Double.NEGATIVE_INFINITY : -away;
		})).toList();
	}

	/** Whether more copies of an image are to be looked at. */
	boolean wantsMore(final int image) {
		return images.get(image).alike < IN_A_ROW;
	}

	/** Takes note of a further copy. @param found the image's mask so far */
	void looked(final int image, final Mask found) {
		final OfImage known = images.get(image);
		final boolean isAlike = known.mask.isPresent() && Overlap.of(found, known.mask.get()).iou() >= ALIKE;
		known.alike = isAlike ? known.alike + 1 : 0;
		known.mask = Optional.of(found);
		known.looked++;
	}

	/** What the user should know: how many copies there were, where that is fewer than were allowed. */
	List<String> notices() {
		final int most = images.stream().mapToInt(image -> image.looked).max().orElse(0), least = images.stream().mapToInt(image -> image.looked).min().orElse(0);
		if (least >= request.numMapsPerMask()) return List.of();
		return List.of("The mask was stable after " + (least == most ? "" : least + " to ") + most + " of " + request.numMapsPerMask() + " comparisons.");
	}
}
