package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.io.RoiDecoder;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.RegularFile;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.RoiObjects;

/** ImageJ's selections in files: one in a {@code .roi}, many in a {@code .zip} of the ROI Manager. */
public final class SelectionFiles {

	/** Longest selection that is read, in bytes: millions of corners. */
	private static final int MOST_BYTES = 1 << 26;

	private SelectionFiles() {}

	/** Whether a file holds selections, by its name. */
	public static boolean isOne(final Path file) {
		return List.of("roi", "zip").contains(ImageFiles.extension(file));
	}

	/**
	 * The selections of a file as a label image: of masks and objects, which forms ask for as images.
	 *
	 * @param image on which they lie
	 * @throws DiffEditException if it cannot be read, or has no areas
	 */
	public static ImagePlus toLabelImage(final Path file, final ImagePlus image) {
		return RoiObjects.of(read(file), file.toString(), image).toLabelImage();
	}

	/**
	 * The selections of a file, under the names that they have in it.
	 *
	 * @throws DiffEditException if it is missing, damaged, or has none
	 */
	public static List<Roi> read(final Path file) {
		final List<Roi> selections = new ArrayList<>();
		try (InputStream in = RegularFile.open(file)) {
			if (ImageFiles.extension(file).equals("roi")) selections.add(selection(in, file.getFileName().toString()));
			else addAll(new ZipInputStream(in), selections);
		}
		catch (final IOException | RuntimeException e) {
			throw new DiffEditException(file + " cannot be read as selections of ImageJ (" + (e instanceof IOException trouble ? WholeFile.reason(trouble) : e) + "); save them from the ROI Manager.", e);
		}
		if (selections.isEmpty()) throw new DiffEditException(file + " has no selections of ImageJ; save them from the ROI Manager.");
		return selections;
	}

	private static void addAll(final ZipInputStream zip, final List<Roi> selections) throws IOException {
		for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
			if (entry.getName().endsWith(".roi")) selections.add(selection(zip, entry.getName()));
		}
	}

	private static Roi selection(final InputStream in, final String name) throws IOException {
		final byte[] bytes = in.readNBytes(MOST_BYTES + 1);
		final Roi roi = bytes.length > MOST_BYTES ? null : RoiDecoder.openFromByteArray(bytes);
		if (roi == null) throw new IOException(name + " is no selection");
		roi.setName(name.replaceFirst("\\.roi$", ""));
		return roi;
	}
}
