package sc.fiji.diffedit.fiji.commands;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.ImageEdit;
import sc.fiji.diffedit.fiji.ImageView;
import sc.fiji.diffedit.fiji.IntensityRange;
import sc.fiji.diffedit.fiji.LabelImages;
import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.Padding;
import sc.fiji.diffedit.fiji.PixelHash;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.RoiObjects;
import sc.fiji.diffedit.fiji.Snapshot;
import sc.fiji.diffedit.fiji.ViewSettings;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.ObjectLabels;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;

/**
 * What a command works on: a rectangle of the plane that was shown when it started, and within it perhaps a selection.
 *
 * @param snapshot the image as it was then
 * @param view the rectangle as the network sees it
 * @param limits the selection within the rectangle, if the work is limited to one
 * @param intensity which pixel values the network sees as dark and bright, as given in the form
 * @param channels the channels that it sees, as given in the form
 */
record Workplace(Snapshot snapshot, ImageView<ImagePlus> view, Optional<Mask> limits, String intensity, String channels) {

	static final String WHOLE_IMAGE = "Whole image", SELECTION = "Selection";

	/** @param workOn {@link #WHOLE_IMAGE} or {@link #SELECTION} */
	static Workplace of(final Snapshot snapshot, final String workOn, final String intensity, final String channels) {
		final ImageView<ImagePlus> whole = ImageView.of(snapshot, viewSettings(intensity, channels));
		if (Choices.same(workOn, WHOLE_IMAGE)) return new Workplace(snapshot, whole, Optional.empty(), intensity, channels);
		Choices.require("workOn", workOn, WHOLE_IMAGE, SELECTION);
		final Roi selection = selection(snapshot);
		final Rectangle region = Masks.region(selection, whole.width(), whole.height());
		final Mask limits = Masks.cropped(Masks.of(selection, whole.width(), whole.height()), region);
		return new Workplace(snapshot, whole.cropped(region), Optional.of(limits), intensity, channels);
	}

	/** The whole image, of which only a mask of its size may change. */
	static Workplace of(final Snapshot snapshot, final Mask mask, final String intensity, final String channels) {
		return new Workplace(snapshot, ImageView.of(snapshot, viewSettings(intensity, channels)), Optional.of(mask), intensity, channels);
	}

	/** The same within a rectangle of the image. */
	Workplace cropped(final Rectangle region) {
		final ImageView<ImagePlus> part = view.cropped(region);
		return new Workplace(snapshot, part, limits.map(mask -> Masks.cropped(mask, part.region())), intensity, channels);
	}

	static Roi selection(final Snapshot snapshot) {
		return snapshot.selection().orElseThrow(
			() -> new DiffEditException("\"" + snapshot.plane().getTitle() + "\" has no selection; draw an area on it first."));
	}

	/** How the network sees an image, as given in the form. */
	static ViewSettings viewSettings(final String intensity, final String channels) {
		final List<Integer> numbers = new ArrayList<>();
		for (final String number : (channels == null ? "" : channels.strip()).split("[,;\\s]+")) {
			if (number.isEmpty()) continue;
			if (!number.matches("[1-9][0-9]{0,5}")) {
				throw new DiffEditException("\"" + number + "\" is not the number of a channel; write for example 1,3, or nothing for those shown.");
			}
			numbers.add(Integer.valueOf(number));
		}
		return new ViewSettings(IntensityRange.of(intensity), numbers, List.of());
	}

	/** An edit of the view, within the limits, with all defaults. */
	ImageEdit<ImagePlus> edit() {
		final ImageEdit<ImagePlus> edit = ImageEdit.of(view);
		return new ImageEdit<>(view, limits, Optional.empty(), edit.maskRequest(), edit.invertRequest(), edit.editRequest(), edit.shape(), edit.feather(), edit.checked(), edit.regions());
	}

	/** A copy of the plane in which nothing has changed. */
	ImagePlus unchanged() {
		return view.edited(picture(), Mask.filled(view.width(), view.height(), 0));
	}

	/** The plane as it was, in all of its channels. */
	ImagePlus image() {
		return snapshot.plane();
	}

	/** What the network sees; pixels that cannot change may be no numbers. */
	Picture picture() {
		return limits.map(view::picture).orElseGet(view::picture);
	}

	ImageInput input() {
		return ImageInput.of(picture());
	}

	Padding padding(final int factor) {
		return new Padding(view.width(), view.height(), factor);
	}

	/**
	 * A difference map in its place.
	 *
	 * @param factor pixels per value of the map
	 */
	LocatedMap located(final MaskResult found, final int factor) {
		return new LocatedMap(found, view.region(), limits, factor, image().getWidth(), image().getHeight(), snapshot.position());
	}

	/** The objects of a label image that lie in the rectangle. @param labels of the image's size */
	ObjectLabels objects(final ImagePlus labels) {
		return LabelImages.objects(labels, image(), snapshot.position(), view.region());
	}

	/** The objects that lie in the rectangle. */
	ObjectLabels objects(final RoiObjects outlines) {
		return outlines.on(snapshot.position(), view.region());
	}

	/** A mask of the rectangle as a mask of the whole image. */
	Mask whole(final Mask part) {
		return Masks.placed(part, view.region(), image().getWidth(), image().getHeight());
	}

	/** Which plane and which part of it were worked on. */
	Provenance describe(final Provenance made) {
		return describeRegion(made.with(Provenance.IMAGE_HASH, PixelHash.of(image(), 1, 1)).with(Provenance.PICTURE_HASH, PixelHash.of(picture()))
			.with("slice", snapshot.position().slice()).with("frame", snapshot.position().frame()));
	}

	/** Which part of each plane was worked on. */
	Provenance describeRegion(final Provenance made) {
		final Rectangle region = view.region();
		return made.with("intensity", intensity).with("channels", channels)
			.with("regionX", region.x).with("regionY", region.y).with("regionWidth", region.width).with("regionHeight", region.height);
	}
}
