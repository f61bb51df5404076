package sc.fiji.diffedit.fiji;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import ij.ImagePlus;
import ij.VirtualStack;
import ij.io.FileInfo;
import ij.io.FileOpener;
import ij.io.ImageWriter;
import ij.process.ImageProcessor;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;

/** Planes in a file of raw pixels, one after another as they come: none of them stays in memory. */
final class DiskStack extends VirtualStack implements AutoCloseable {

	private final Path file;
	private final FileInfo format;
	private final List<String> labels = new ArrayList<>();

	/**
	 * A stack without planes.
	 *
	 * @param file is deleted with the stack
	 * @param like has the size, type and colours of the planes to come
	 */
	private DiskStack(final Path file, final ImageProcessor like) {
		super(like.getWidth(), like.getHeight());
		this.file = file;
		format = new ImagePlus("", like).getFileInfo();
		format.directory = file.toAbsolutePath().getParent().toString();
		format.fileName = file.getFileName().toString();
		setColorModel(like.getColorModel());
		setBitDepth(like.getBitDepth());
	}

	/**
	 * A stack without planes, in a new file.
	 *
	 * @throws DiffEditException if nothing can be written to the folder
	 */
	static DiskStack in(final Path folder, final ImageProcessor like) {
		try {
			Files.createDirectories(folder);
			final Path file = Files.createTempFile(folder, "diffedit-", ".part");
			file.toFile().deleteOnExit();
			return new DiskStack(file, like);
		}
		catch (final IOException e) {
			throw unwritable(folder, e);
		}
	}

	/** What to do where a folder takes no files. */
	static DiffEditException unwritable(final Path folder, final IOException e) {
		return new DiffEditException("Nothing can be written to the folder " + folder + " (" + WholeFile.reason(e) + "); choose another one.", e);
	}

	/** A stack without planes of this size in another file of the same folder. @param like has the type of the planes to come */
	DiskStack empty(final ImageProcessor like) {
		return in(file.toAbsolutePath().getParent(), like);
	}

	Path file() {
		return file;
	}

	@Override
	public void addSlice(final String label, final ImageProcessor plane) {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
				OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel.position(start(labels.size())))))
		{
			format.pixels = plane.getPixels();
			new ImageWriter(format).write(out);
		}
		catch (final IOException e) {
			throw new DiffEditException("The plane cannot be written to " + file + " (" + WholeFile.reason(e) + "); make room there, or choose another folder.", e);
		}
		finally {
			format.pixels = null;
		}
		labels.add(label);
	}

	/** Its pixels stay in the file until the next plane takes their place. */
	@Override
	public void deleteLastSlice() {
		labels.remove(labels.size() - 1);
	}

	@Override
	public ImageProcessor getProcessor(final int n) {
		final FileInfo at = (FileInfo) format.clone();
		at.nImages = 1;
		at.longOffset = start(n - 1);
		final ImagePlus plane = new FileOpener(at).openImage();
		if (plane == null) throw new DiffEditException("Plane " + n + " cannot be read from " + file + "; the file was there when the result was made: bring it back, or make the result again.");
		plane.getProcessor().setColorModel(getColorModel());
		return plane.getProcessor();
	}

	/** Where a plane begins in the file, in bytes; what an attempt that failed has left behind the last one is overwritten. */
	private long start(final int index) {
		return (long) index * format.width * format.height * format.getBytesPerPixel();
	}

	@Override
	public Object getPixels(final int n) {
		return getProcessor(n).getPixels();
	}

	@Override
	public int size() {
		return labels.size();
	}

	@Override
	public int getSize() {
		return labels.size();
	}

	@Override
	public String getSliceLabel(final int n) {
		return labels.get(n - 1);
	}

	@Override
	public void close() {
		try {
			Files.deleteIfExists(file);
		}
		catch (final IOException e) {
			file.toFile().deleteOnExit();
		}
	}
}
