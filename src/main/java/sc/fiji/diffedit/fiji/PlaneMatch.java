package sc.fiji.diffedit.fiji;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import ij.ImagePlus;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/**
 * Which planes of an image another image shows: one with as many slices and frames shows all of them; a result of DiffEdit tells which
 * ones it was made of; any other single plane stands for the one that the image shows.
 */
final class PlaneMatch {

	private final ImagePlus other;
	private final List<Position> planes;

	/** @throws DiffEditException if the other image has another size, or planes that no rule above tells */
	PlaneMatch(final ImagePlus other, final ImagePlus image) {
		if (other.getWidth() != image.getWidth() || other.getHeight() != image.getHeight()) {
			throw new DiffEditException("\"" + other.getTitle() + "\" has " + other.getWidth() + " x " + other.getHeight() + " pixels, but \"" + image.getTitle() + "\" has "
				+ image.getWidth() + " x " + image.getHeight() + "; they must be the same.");
		}
		this.other = other;
		planes = planes(other, image);
	}

	private static List<Position> planes(final ImagePlus other, final ImagePlus image) {
		final int count = other.getNSlices() * other.getNFrames();
		if (other.getNSlices() == image.getNSlices() && other.getNFrames() == image.getNFrames()) return PlaneRange.of(PlaneRange.ALL, image).planes();
		final Optional<Provenance> made = Provenance.read(other);
		final List<Position> told = made.map(info -> told(info, image)).orElse(List.of());
		if (told.size() >= count) return told.subList(0, count);
		if (count == 1) return List.of(Position.of(image));
		throw new DiffEditException("\"" + other.getTitle() + "\" has " + Counted.of(count, "plane") + " and \"" + image.getTitle() + "\" " + image.getNSlices() * image.getNFrames()
			+ ", and nothing tells which belong together; give an image with as many slices and frames, or of one plane.");
	}

	private static List<Position> told(final Provenance made, final ImagePlus image) {
		final Optional<String> planes = made.get("planes").filter(text -> !PlaneRange.isShown(text));
		if (planes.isPresent()) return PlaneRange.of(planes.get(), image).planes();
		if (made.get("slice").isEmpty() || made.get("frame").isEmpty()) return List.of();
		return List.of(new Position(1, made.number("slice", 1, image.getNSlices()), made.number("frame", 1, image.getNFrames())));
	}

	/** The planes of the image that the other one shows. */
	List<Position> planes() {
		return planes;
	}

	/** What the other image shows of a plane, in the channel that it shows; empty if it does not show the plane. */
	Optional<ImageProcessor> of(final Position plane) {
		return IntStream.range(0, planes.size()).filter(i -> planes.get(i).isOnPlaneOf(plane)).boxed().findFirst()
			.map(i -> ImagePlusView.processor(other, i * other.getNChannels() + Position.of(other).channel()));
	}
}
