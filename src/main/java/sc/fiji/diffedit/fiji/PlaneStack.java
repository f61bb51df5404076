package sc.fiji.diffedit.fiji;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.plugin.FileInfoVirtualStack;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.Counted;

/**
 * The results of planes as one image. One plane is itself; several become a stack that is put together as they come, with the colours,
 * calibration and properties of the first, the slice labels of each, and overlays in their places. What does not go into memory, as
 * {@link StackRoom} decides, is written to a file, and only one plane is in memory at a time.
 */
public final class PlaneStack implements AutoCloseable {

	private final PlaneRange range;
	private final StackRoom room;
	private ImagePlus first;
	private ImageStack stack;
	private final List<Drawn> drawn = new ArrayList<>();
	private int done;
	private boolean given;
	private double least = Double.POSITIVE_INFINITY, most = Double.NEGATIVE_INFINITY;

	/** An element of the overlay of a plane. @param channel 0 for all */
	private record Drawn(Roi roi, int channel, int plane) {}

	/**
	 * @param range the planes that are expected
	 * @param room where several planes go
	 */
	public PlaneStack(final PlaneRange range, final StackRoom room) {
		this.range = range;
		this.room = room;
	}

	/**
	 * Adds the result of the next plane: an image of one plane in all of its channels, or of several frames.
	 *
	 * @param source the plane, whose label the result takes if it has none
	 */
	public void add(final ImagePlus plane, final ImagePlus source) {
		if (range.count() > 1) join(plane, source);
		if (first == null) first = range.count() == 1 ? plane : withoutPixels(plane);
		done++;
	}

	private void join(final ImagePlus plane, final ImagePlus source) {
		if (stack == null) stack = room.stack(plane, range.count());
		final int before = stack.size();
		try {
			for (int i = 1; i <= plane.getStackSize(); i++) append(label(plane, i, source), plane.getStack().getProcessor(i));
		}
		catch (final RuntimeException | Error e) {
			while (stack.size() > before) stack.deleteLastSlice();                // no half planes
			throw e;
		}
		least = Math.min(least, plane.getDisplayRangeMin());
		most = Math.max(most, plane.getDisplayRangeMax());
		if (plane.getOverlay() == null) return;
		for (final Roi one : plane.getOverlay().duplicate()) drawn.add(new Drawn(one, Position.of(one, plane).channel(), done));
	}

	private static String label(final ImagePlus plane, final int index, final ImagePlus source) {
		final String own = plane.getStack().getSliceLabel(index);
		return own == null ? source.getStack().getSliceLabel(1) : own;
	}

	/** Labels of planes with more than 65535 parts have 32 bits, and then those of all planes have. */
	private void append(final String label, final ImageProcessor plane) {
		if (stack.size() > 0 && plane.getBitDepth() != stack.getBitDepth()) {
			final ImageProcessor wide = plane.convertToFloat();
			if (stack.getBitDepth() != Float.SIZE) widen(wide);
			stack.addSlice(label, wide);
		}
		else stack.addSlice(label, plane);
	}

	private void widen(final ImageProcessor like) {
		final ImageStack narrow = stack;
		stack = narrow instanceof DiskStack disk ? disk.empty(like) : new ImageStack(narrow.getWidth(), narrow.getHeight());
		if (narrow.getColorModel() != null) stack.setColorModel(narrow.getColorModel());
		for (int i = 1; i <= narrow.size(); i++) stack.addSlice(narrow.getSliceLabel(i), narrow.getProcessor(i).convertToFloat());
		if (narrow instanceof DiskStack disk) disk.close();
	}

	/** What describes the image is needed until the end, its pixels are not. */
	private static ImagePlus withoutPixels(final ImagePlus plane) {
		final ImageStack small = new ImageStack(1, 1);
		for (int i = 1; i <= plane.getStackSize(); i++) small.addSlice(plane.getStack().getProcessor(i).createProcessor(1, 1));
		final ImagePlus plain = new ImagePlus(plane.getTitle(), small);
		plain.setDimensions(plane.getNChannels(), plane.getNSlices(), plane.getNFrames());
		if (plane.getType() == ImagePlus.COLOR_256) plain.setTypeToColor256();
		final ImagePlus like = plane instanceof CompositeImage composite ? Descriptions.composite(plain, composite) : plain;
		Descriptions.copy(plane, new Position(1, 1, 1), like);
		like.setOverlay(null);
		return like;
	}

	private Overlay overlay(final ImagePlus image) {
		if (drawn.isEmpty()) return null;
		final Overlay overlay = new Overlay();
		for (final Drawn one : drawn) {
			final Position at = at(one.plane());
			if (image.isComposite() || image.isHyperStack()) one.roi().setPosition(one.channel(), at.slice(), at.frame());
			else one.roi().setPosition(one.plane() + 1);
			overlay.add(one.roi());
		}
		return overlay;
	}

	/** Slices of the result. A stack that ends within a frame has one frame only. */
	private int slices() {
		return done % range.slices() == 0 ? range.slices() : done;
	}

	/** Where the n-th plane lies in the result, n from 0, once all have been added. */
	private Position at(final int n) {
		return new Position(1, n % slices() + 1, n / slices() + 1);
	}

	/** Where the planes lie in the result, once all have been added. */
	public List<Position> places() {
		return IntStream.range(0, done).mapToObj(this::at).toList();
	}

	/**
	 * The planes that have been added; {@code null} if there are none. A stack that was written to the user's folder is opened from there.
	 *
	 * @param title of the image, and of the file
	 * @param described completes the image before it is saved
	 */
	public ImagePlus image(final String title, final Consumer<ImagePlus> described) {
		if (first == null) return null;
		final ImagePlus image = range.count() == 1 ? first : joined();
		image.setTitle(title);
		described.accept(image);
		given = room.folder().isEmpty();
		return given || stack == null ? image : saved(image);
	}

	/** What users must know if the result did not fit into memory. */
	public Optional<String> outside() {
		if (!given || !(stack instanceof DiskStack disk)) return Optional.empty();
		return Optional.of("The result of " + Counted.of(done, "plane") + " does not fit into ImageJ's memory: it lies in " + disk.file() + " and is deleted when ImageJ ends. Save it to keep it,"
			+ " or name a folder in 'Write stacks to folder'.");
	}

	/** Deletes what an image that was saved elsewhere, and is not needed any more, has on the disk. */
	public static void release(final ImagePlus image) {
		if (image.getStack() instanceof DiskStack disk) disk.close();
	}

	private ImagePlus joined() {
		final int channels = first.getNChannels(), depth = first.getNFrames();
		final ImagePlus plain = new ImagePlus(first.getTitle(), stack);
		if (depth > 1) plain.setDimensions(channels, depth, done);
		else plain.setDimensions(channels, slices(), done / slices());
		if (first.getType() == ImagePlus.COLOR_256) plain.setTypeToColor256();
		final ImagePlus image = first instanceof CompositeImage composite ? Descriptions.composite(plain, composite) : plain;
		if (!(first instanceof CompositeImage) && image.getBitDepth() != 24 && first.getType() != ImagePlus.COLOR_256) image.setDisplayRange(least, most);
		Descriptions.copy(first, new Position(1, 1, 1), image);
		image.setOpenAsHyperStack(channels > 1 || image.getNSlices() > 1 && image.getNFrames() > 1);
		image.setOverlay(overlay(image));
		return image;
	}

	private ImagePlus saved(final ImagePlus image) {
		final Path file = free(image.getTitle());
		TiffFiles.save(image, file);
		release(image);
		final ImagePlus opened = FileInfoVirtualStack.openVirtual(file.toString());
		opened.setTitle(image.getTitle());
		return opened;
	}

	/** A file that is not there yet. */
	private Path free(final String title) {
		final String name = title.replaceAll("[\\\\/:*?\"<>|\\p{Cntrl}]", "_");
		Path file = room.folder().orElseThrow().resolve(name + ".tif");
		for (int number = 1; Files.exists(file); number++) file = room.folder().orElseThrow().resolve(name + "-" + number + ".tif");
		return file;
	}

	/** Deletes what was written, unless it has been saved or is part of the image that was made of it. */
	@Override
	public void close() {
		if (!given && stack instanceof DiskStack disk) disk.close();
	}
}
