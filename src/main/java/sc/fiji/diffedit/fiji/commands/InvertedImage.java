package sc.fiji.diffedit.fiji.commands;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.InversionImages;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InversionMethod;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Mask;

/** An inversion as an image that a later command can use: what Invert Image... makes and Edit With Mask... takes. */
final class InvertedImage {

	private static final String STEPS = "steps", CLEAN = "clean", SLICE = "slice", FRAME = "frame", PLANES = "invertedPlanes";
	private static final int MOST_STEPS = 100_000;

	private final InversionImages.Inversion saved;
	private final String title;

	/**
	 * The inversion of a plane.
	 *
	 * @param image of one plane or of several
	 * @throws DiffEditException if the image is not an inversion, or not of this plane
	 */
	InvertedImage(final ImagePlus image, final Position plane) {
		title = image.getTitle();
		final List<String> planes = Provenance.read(image).flatMap(made -> made.get(PLANES)).map(list -> List.of(list.split(" "))).orElse(List.of());
		final int number = planes.indexOf(word(plane));
		if (!planes.isEmpty() && number < 0) throw elsewhere(String.join(", ", planes) + " (slice/frame)");
		final InversionImages.Inversion read = InversionImages.of(image, Math.max(0, number));
		saved = planes.isEmpty() ? read : read.with(read.made().with(SLICE, plane.slice()).with(FRAME, plane.frame()));
	}

	private static String word(final Position plane) {
		return plane.slice() + "/" + plane.frame();
	}

	private DiffEditException elsewhere(final String places) {
		return new DiffEditException("\"" + title + "\" is the inversion of " + places + "; go there in the image that was inverted, or invert it again.");
	}

	/**
	 * Says in an image of several inversions which planes they are of.
	 *
	 * @param image made of inversions one after another, with the description of the first
	 * @param planes those that were to be inverted; of the last ones there may be no inversions
	 * @param completed adds what else is known by now
	 */
	static void describe(final ImagePlus image, final List<Position> planes, final UnaryOperator<Provenance> completed) {
		final Provenance made = Provenance.read(image).orElseThrow();
		image.getImageProperties().remove("Info");
		completed.apply(made.with(PLANES, planes.subList(0, image.getNFrames()).stream().map(InvertedImage::word).collect(Collectors.joining(" ")))).describe(image);
	}

	/** @param made has the steps, the plane and the model */
	static ImagePlus of(final Inversion inversion, final Workplace place, final int factor, final Provenance made) {
		final ImagePlus image = place.image();
		return InversionImages.toImagePlus(new InversionImages.Inversion(inversion.trajectories().get(0), place.padding(factor),
			place.view().region(), image.getWidth(), image.getHeight(), made.with(CLEAN, inversion.clean() ? 1 : 0)), image);
	}

	/** The same part of the image, seen in the same way, of which a mask may change. */
	Workplace place(final Snapshot snapshot, final Mask mask) {
		final Provenance made = saved.made();
		final ImagePlus image = snapshot.plane();
		if (saved.imageWidth() != image.getWidth() || saved.imageHeight() != image.getHeight()) {
			throw new DiffEditException("\"" + title + "\" is the inversion of an image of " + saved.imageWidth() + " x "
				+ saved.imageHeight() + " pixels, but \"" + image.getTitle() + "\" has " + image.getWidth() + " x " + image.getHeight()
				+ "; choose the image that was inverted.");
		}
		final int slice = made.number(SLICE, 1, Integer.MAX_VALUE), frame = made.number(FRAME, 1, Integer.MAX_VALUE);
		final Position taken = snapshot.position();
		if (slice != taken.slice() || frame != taken.frame()) {
			throw new DiffEditException("\"" + title + "\" is the inversion of slice " + slice + ", frame " + frame + "; go there in \"" + image.getTitle() + "\" first.");
		}
		return Workplace.of(snapshot, mask, made.get("intensity").orElse("Auto"), made.get("channels").orElse("")).cropped(saved.region());
	}

	/** How it was made. */
	Provenance made() {
		return saved.made();
	}

	/** The steps of the noise schedule that it was made with. */
	int steps() {
		return steps(saved.made());
	}

	/** The same. @param made describes the inversion */
	static int steps(final Provenance made) {
		return made.number(STEPS, 1, MOST_STEPS);
	}

	/** The method of an inversion; infos from before there was a choice have none. @param made describes the inversion */
	static InversionMethod method(final Provenance made) {
		return made.get(InversionInputs.METHOD).map(InversionInputs::method).orElse(InversionMethod.DDIM);
	}

	/** The inversion, for the model that made it. */
	Inversion inversion(final Workplace place, final ModelLease lease) {
		saved.made().requireSameModel(title, lease.name(), lease.hash(), String.join("; ", lease.adapters().lines()), lease.adapters().loraHash());
		return new Inversion(List.of(saved.latents()), saved.made().number(CLEAN, 0, 1) == 1, steps(), method(saved.made()), List.of(place.picture()), List.of());
	}
}
