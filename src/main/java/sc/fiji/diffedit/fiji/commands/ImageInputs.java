package sc.fiji.diffedit.fiji.commands;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.IntensityRange;
import sc.fiji.diffedit.fiji.PlaneRange;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.pipelines.ImageSize;

/** The image that a command processes, and how it is shown to the model. Subclasses determine the part of the image. */
abstract class ImageInputs extends InputGroup {

	@Parameter(label = "Image", persist = false, callback = MemoryLine.CHANGED)
	private ImagePlus image;
	@Parameter(label = "Intensity range", choices = { IntensityRange.AUTO_CHOICE, IntensityRange.PERCENTILE_CHOICE,
		IntensityRange.DISPLAY_CHOICE, IntensityRange.FULL_CHOICE }, persist = false,
		description = "Which pixel values the model sees as dark and bright. Auto: percentiles, but all of 8-bit and RGB images.")
	private String intensity = IntensityRange.AUTO_CHOICE;
	@Parameter(label = "Channels", required = false, persist = false, description = "Such as 1,3; empty for those that are shown.")
	private String channels = "";

	@Parameter(label = "Planes (such as all or 3-9)", required = false, persist = false, callback = MemoryLine.CHANGED,
		description = "this slice, all, or a range such as z=3-9 t=all. Each plane is worked on alone, with the same noise, and all make one stack. Names channels too: c=1,3.")
	private String planes = PlaneRange.SHOWN;

	/** No form shows it: recorded calls say so what was drawn. */
	@Parameter(label = "Selection", required = false, persist = false, visibility = ItemVisibility.INVISIBLE, description = RecordedSelection.HELP)
	private String selection = "";

	private PlaneRange range;
	/** As it was at the start; later planes are of the same image and selection. */
	private Snapshot start;
	private Snapshot snapshot;
	private Workplace place;

	ImageInputs() {
		onlyIf("planes", () -> image != null && PlaneRange.isStack(image));
	}

	@Override
	protected Optional<String> wrong(final String input) {
		if (image == null) return super.wrong(input);
		return switch (input) {
			case "planes" -> failure(() -> PlaneRange.of(planes, image));
			case "channels" -> failure(() -> Workplace.viewSettings(intensity, channels()).requireChannelsOf(image));
			default -> super.wrong(input);
		};
	}

	/** The part of an image that is worked on. */
	abstract Workplace place(Snapshot snapshot);

	/** Works on the image as it was, and as it was selected, when somebody else took it. */
	final void use(final Snapshot taken) {
		snapshot = taken;
	}

	/** Takes the first plane of the image as it is now, unless it has been taken: what users do to it later changes no result. */
	final void take() {
		start = snapshot == null ? selected(Snapshot.of(image)) : snapshot;
		range = range(start);
		snapshot = range.planes().get(0).equals(start.position()) ? start : start.at(range.planes().get(0));
		place = place(snapshot);
	}

	private Snapshot selected(final Snapshot taken) {
		return RecordedSelection.isSaid(selection) ? taken.withSelection(selection()) : taken;
	}

	/** What is selected, as far as it is known before the run; {@code null} for nothing. */
	final Roi selection() {
		return RecordedSelection.of(selection, chosen());
	}

	private PlaneRange range(final Snapshot shown) {
		if (PlaneRange.isShown(planes)) return new PlaneRange(List.of(shown.position()), List.of());
		final PlaneRange named = PlaneRange.of(planes, image);
		if (named.channels().isEmpty() || isBlank(channels)) return named;
		throw new DiffEditException("Channels are named twice, by planes (" + planes + ") and by channels (" + channels + "); keep one of them.");
	}

	/** Goes on to another plane of the range, as it is now. @param n number of the plane, from 0; the first one has been taken */
	final void take(final int n) {
		if (n == 0) return;
		snapshot = start.at(range.planes().get(n));
		place = place(snapshot);
	}

	/** The planes to be worked on, once the image has been taken. */
	final PlaneRange range() {
		return range;
	}

	/** Whether there are several planes to be worked on. */
	final boolean hasSeveral() {
		return range.count() > 1;
	}

	/** The image and what was shown and selected when the run began. */
	final Snapshot start() {
		return start;
	}

	/** Whether more than the plane that is shown may be worked on. */
	final boolean mayHaveSeveral() {
		return !PlaneRange.isShown(planes);
	}

	/** How many planes there are, as far as that is known before the run. */
	final int count() {
		try {
			return PlaneRange.of(planes, chosen()).count();
		}
		catch (final DiffEditException e) {
			return 1;
		}
	}

	private static boolean isBlank(final String text) {
		return text == null || text.isBlank();
	}

	/** What is worked on, once it has been taken. */
	final Workplace place() {
		return place;
	}

	/** What users have done to the image since it was taken, if it matters. */
	final Optional<String> change() {
		return snapshot.change();
	}

	/** What to do where the image has no selection of an area. */
	final Optional<String> withoutSelection(final String label) {
		if (image == null || RecordedSelection.isSaid(selection) || image.getRoi() != null && image.getRoi().isArea()) return Optional.empty();
		return Optional.of("\"" + image.getTitle() + "\" has no selection of an area; cancel and draw one, or choose something else in '" + label + "'.");
	}

	/** What to do where another image has not the image's size. @param what it is, such as {@code mask} */
	final Optional<String> ofOtherSize(final String what, final ImagePlus other) {
		if (image == null || other == null || other.getWidth() == image.getWidth() && other.getHeight() == image.getHeight()) return Optional.empty();
		return Optional.of("\"" + other.getTitle() + "\" has " + other.getWidth() + " x " + other.getHeight() + " pixels, but \"" + image.getTitle() + "\" has "
			+ image.getWidth() + " x " + image.getHeight() + ": choose a " + what + " of the image's size.");
	}

	/** The image that is chosen in the form; it may have been closed. */
	final ImagePlus chosen() {
		if (image == null) throw new DiffEditException("no image is open.");
		return image;
	}

	/** The size of the part, as far as it is known before the run. */
	ImageSize size() {
		return new ImageSize(chosen().getHeight(), chosen().getWidth());
	}

	final String intensity() {
		return intensity;
	}

	final String channels() {
		return range == null || range.channels().isEmpty() ? channels : range.channels().stream().map(String::valueOf).collect(Collectors.joining(","));
	}

	@Override
	protected Provenance addTo(final Provenance made) {
		final Provenance more = made.with("image", place.image().getTitle());
		return (hasSeveral() ? place.describeRegion(more) : place.describe(more)).with("planes", planes);
	}
}
