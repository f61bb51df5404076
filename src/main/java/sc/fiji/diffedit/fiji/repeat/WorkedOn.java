package sc.fiji.diffedit.fiji.repeat;

import java.util.Optional;
import java.util.stream.Stream;

import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.Roi;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Masks;
import sc.fiji.diffedit.fiji.PixelHash;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.tensor.Mask;

/** The image that a result is made of once more: the same as the first time, or another one. */
final class WorkedOn {

	private final Recipe recipe;
	private final ImagePlus image;
	private final ImagePlus drawn;
	/** Found once, since all pixels of a plane are hashed for it. */
	private Optional<Position> same;

	/**
	 * @param chosen by the user; null for the open one that has the title in the info
	 * @param drawn a mask image that takes the place of the mask in the info; null for none
	 */
	WorkedOn(final Recipe recipe, final ImagePlus chosen, final ImagePlus drawn) {
		this.recipe = recipe;
		this.image = chosen == null ? recipe.made().get("image").map(WindowManager::getImage).orElse(null) : chosen;
		this.drawn = drawn;
	}

	/** The same image for a result that this one began with. */
	WorkedOn of(final Recipe before) {
		return new WorkedOn(before, image, null);
	}

	/** @throws DiffEditException if there is none */
	ImagePlus image() {
		if (image != null && image.getProcessor() != null) return image;
		throw new DiffEditException("\"" + recipe.title() + "\" was made of the image " + recipe.made().get("image").map(name -> "\"" + name + "\"").orElse("(unknown)")
			+ ", which is not open; open it, or choose the image to work on.");
	}

	/** Whether the pixels are those of the first time: in the same slice and frame, or in the plane that is shown. */
	boolean isSame() {
		return same().isPresent();
	}

	/** The plane of the first time if it has the same pixels, else the plane that is shown. */
	private Position position() {
		return same().orElseGet(() -> Position.of(image()));
	}

	/** The plane with the pixels of the first time, if there is one. */
	private Optional<Position> same() {
		if (same == null) {
			final Position shown = Position.of(image()), then = new Position(shown.channel(), number("slice"), number("frame"));
			same = Stream.of(then, shown).filter(this::isThere).filter(at -> recipe.made().get(Provenance.IMAGE_HASH).equals(Optional.of(PixelHash.of(image, at.slice(), at.frame())))).findFirst();
		}
		return same;
	}

	private boolean isThere(final Position at) {
		return at.slice() >= 1 && at.slice() <= image.getNSlices() && at.frame() >= 1 && at.frame() <= image.getNFrames();
	}

	private int number(final String key) {
		return recipe.made().get(key).filter(text -> text.matches("[0-9]{1,9}")).map(Integer::parseInt).orElse(0);
	}

	/** The mask image that was chosen, as it is. */
	Optional<ImagePlus> drawn() {
		return Optional.ofNullable(drawn);
	}

	/**
	 * Where it may change: in a mask image that was chosen, or as it was drawn the first time; in another image in its own selection, if
	 * it has one.
	 *
	 * @return of the image's size
	 */
	Mask mask() {
		final int width = image().getWidth(), height = image().getHeight();
		if (drawn != null) return Masks.of(drawn, width, height);
		final Optional<Roi> own = Optional.ofNullable(image.getRoi()).filter(Roi::isArea);
		if (own.isPresent() && !isSame()) return Masks.of(own.get(), width, height);
		final Mask saved = recipe.mask().orElseThrow(() -> new DiffEditException("The info of \"" + recipe.title()
			+ "\" does not contain the mask that was drawn; choose it as the mask image."));
		if (saved.width() == width && saved.height() == height) return saved;
		throw new DiffEditException("The mask of \"" + recipe.title() + "\" was drawn on an image of " + saved.width() + " x " + saved.height() + " pixels, but \""
			+ image.getTitle() + "\" has " + width + " x " + height + "; draw a selection on it, or choose a mask image of its size.");
	}

	/** What a mask that was found the first time became by hand, if it has the image's size. */
	Optional<Mask> correctedMask() {
		return recipe.correctedMask().filter(this::fits);
	}

	/** What to tell of such a mask of another size, which cannot be made again here. */
	Optional<String> correctedMaskLeftOut() {
		return recipe.correctedMask().filter(mask -> !fits(mask)).map(mask -> "The mask that was corrected by hand, of " + mask.width() + " x " + mask.height()
			+ " pixels, was left out: it is not of the image's size.");
	}

	private boolean fits(final Mask mask) {
		return image != null && mask.width() == image.getWidth() && mask.height() == image.getHeight();
	}

	/** Shows the plane, and if wanted the selection, that the command is to find; the selection of before comes back. */
	Shown show(final boolean selected) {
		final Position at = position();
		final Roi before = image.getRoi();
		final Roi selection = selected ? Masks.toRoi(mask()) : null;
		if (image.getStackSize() > 1) image.setPosition(at.channel(), at.slice(), at.frame());
		if (selected) image.setRoi(selection);
		return () -> {
			if (selected && image.getRoi() == selection) image.setRoi(before);
		};
	}

	/** Something that is shown until it is closed. */
	interface Shown extends AutoCloseable {

		@Override
		void close();
	}
}
