package sc.fiji.diffedit.fiji;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;

import ij.ImagePlus;
import ij.ImageStack;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;

/**
 * Where the results of a run on several planes go, plane by plane: into the folder that the user names; else into memory; else, if they
 * do not fit there beside the work on a plane, into files of the system's folder for temporary files, which are deleted when Java ends.
 */
public final class StackRoom {

	/** What the work on a plane takes at most for each of its pixels: a few pictures of three floats, and masks. */
	private static final int WORK_BYTES_PER_PIXEL = 64;
	private static final int MB_SHIFT = 20;

	private final Optional<Path> folder;
	private final LongSupplier memory;
	private long promised;

	/** @param folder where all stacks are written; empty for memory, as long as it suffices */
	public StackRoom(final Optional<Path> folder) {
		this(folder, JavaMemory::free);
	}

	/** @param memory how many bytes are free */
	StackRoom(final Optional<Path> folder, final LongSupplier memory) {
		this.folder = folder;
		this.memory = memory;
	}

	/** The folder that the user has named for stacks. */
	Optional<Path> folder() {
		return folder;
	}

	/**
	 * A stack without planes.
	 *
	 * @param like has the size, type and colours of the planes to come
	 * @param planes how many of them there will be
	 */
	ImageStack stack(final ImagePlus like, final int planes) {
		final long needed = (long) planes * like.getStackSize() * like.getWidth() * like.getHeight() * like.getBytesPerPixel();
		if (folder.isEmpty() && fits(needed, like)) {
			promised += needed;
			final ImageStack empty = new ImageStack(like.getWidth(), like.getHeight());
			if (like.getStack().getColorModel() != null) empty.setColorModel(like.getStack().getColorModel());
			return empty;
		}
		final Path there = folder.orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
		requireDisk(there, needed, planes);
		return DiskStack.in(there, like.getStack().getProcessor(1));
	}

	private boolean fits(final long needed, final ImagePlus like) {
		return JavaMemory.has(promised + needed + (long) WORK_BYTES_PER_PIXEL * like.getWidth() * like.getHeight(), memory);
	}

	private void requireDisk(final Path there, final long needed, final int planes) {
		try {
			Files.createDirectories(there);
			final long free = Files.getFileStore(there).getUsableSpace();
			if (needed <= free) return;
			throw new DiffEditException("The result of " + Counted.of(planes, "plane") + " takes " + (needed >> MB_SHIFT) + " MB, but " + (folder.isEmpty() ? "ImageJ has " + (memory.getAsLong() >> MB_SHIFT)
				+ " MB of memory and " : "") + "there are " + (free >> MB_SHIFT) + " MB in the folder " + there + " left; name another folder to write it to, or choose fewer planes.");
		}
		catch (final IOException e) {
			throw DiskStack.unwritable(there, e);
		}
	}
}
