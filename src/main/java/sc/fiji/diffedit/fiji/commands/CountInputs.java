package sc.fiji.diffedit.fiji.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

import org.scijava.plugin.Parameter;

import ij.ImagePlus;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.PlaneRange;

/** How many images are made, each from a seed of its own, so that one alone can be made again; and how they are arranged. */
final class CountInputs extends ArrangeInput {

	private static final int MOST = 1000;

	@Parameter(label = "How many images", min = "1", persist = false, description = "How many; each has the seed of the one before plus 1.",
		callback = MemoryLine.CHANGED)
	private int count = 1;

	CountInputs() {
		super(STACK);
		onlyIf("arrange", () -> count > 1);
	}

	@Override
	protected void check() {
		super.check();
		if (count < 1 || count > MOST) throw new DiffEditException("count is " + count + "; it must lie between 1 and " + MOST + ".");
	}

	/** @throws DiffEditException if several images are to be made of each of several planes */
	void requireOne(final PlaneRange planes) {
		if (count == 1 || planes.count() == 1) return;
		throw new DiffEditException("count is " + count + " for " + Counted.of(planes.count(), "plane") + "; make one image of each of several planes, or several of one.");
	}

	int count() {
		return count;
	}

	/** What is made from each seed, from the first one on. */
	<T> List<T> each(final long firstSeed, final LongFunction<T> make) {
		final List<T> all = new ArrayList<>();
		for (int i = 0; i < count; i++) all.add(make.apply(firstSeed + i));
		return all;
	}

	/** A label for each image. */
	List<String> labels(final long firstSeed) {
		return each(firstSeed, seed -> "seed " + seed);
	}

	/** One image as it is; several as one, in the arrangement that was chosen. */
	ImagePlus arranged(final List<ImagePlus> images, final long firstSeed) {
		return SeveralImages.arranged(images, labels(firstSeed), isMontage());
	}
}
