package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.scijava.Context;

import ij.IJ;
import ij.ImagePlus;
import ij.io.Opener;
import ij.plugin.FileInfoVirtualStack;
import ij.plugin.JpegWriter;
import ij.plugin.PNG_Writer;

import sc.fiji.diffedit.Counted;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.JavaMemory;
import sc.fiji.diffedit.fiji.TiffFiles;

/** Images in files, as ImageJ reads and writes them, without dialogs. */
public final class ImageFiles {

	/** File names end with one of these. */
	public static final List<String> WRITTEN = List.of("tif", "tiff", "png", "jpg", "jpeg");
	/** Bio-Formats, which is in Fiji alone and opens a dialog of its own unless it is called directly. */
	private static final String BIO_FORMATS = "loci.plugins.BF";
	private static final int JPEG_QUALITY = 95;

	private ImageFiles() {}

	/**
	 * Opens an image without showing it. Stacks in TIFF files that would take more than half of the memory that is free stay on the disk.
	 *
	 * @throws DiffEditException if it is missing, damaged or of an unknown format
	 */
	public static ImagePlus open(final Path file) {
		return open(file, JavaMemory.free() / 2, other -> Optional.empty());
	}

	/**
	 * Opens formats too that ImageJ does not know.
	 *
	 * @param context whose services open them
	 * @throws DiffEditException as without
	 */
	static ImagePlus open(final Path file, final Context context) {
		return open(file, JavaMemory.free() / 2, new OtherFormats(context)::open);
	}

	/** Opens what ImageJ does not know. */
	@FunctionalInterface
	interface Last {

		Optional<ImagePlus> open(Path file) throws IOException;
	}

	/** @param most bytes of a stack that is read as a whole */
	static ImagePlus open(final Path file, final long most, final Last last) {
		if (!Files.isRegularFile(file)) throw new DiffEditException("There is no file " + file + "; give the path of an image.");
		IJ.redirectErrorMessages(true);
		try {
			final String path = file.toAbsolutePath().toString();
			final ImagePlus image = isUnknown(path) ? openWithBioFormats(path) : null;
			final ImagePlus opened = image != null ? image : open(path, most);
			if (opened != null && opened.getWidth() > 0) return opened;
			final Optional<ImagePlus> other = last.open(file);
			if (other.isPresent()) return other.get();
		}
		catch (final IOException | RuntimeException e) {
			throw new DiffEditException(file + " cannot be opened as an image (" + e + "); save it as TIFF or PNG.", e);
		}
		finally {
			IJ.redirectErrorMessages(false);
		}
		throw new DiffEditException(file + " is damaged or not of a format that ImageJ opens here; save it as TIFF or PNG.");
	}

	private static ImagePlus open(final String path, final long most) throws IOException {
		final long size = Files.size(Path.of(path));
		if (size == 0) return null;
		final Opener opener = new Opener();
		final ImagePlus onDisk = size > most && opener.getFileType(path) == Opener.TIFF ? FileInfoVirtualStack.openVirtual(path) : null;
		if (onDisk != null && onDisk.getStackSize() > 1) return onDisk;
		opener.setSilentMode(true);
		return opener.openImage(path);
	}

	private static boolean isUnknown(final String path) {
		final int type = new Opener().getFileType(path);
		return type == Opener.UNKNOWN || type == Opener.TIFF_AND_DICOM;
	}

	/** The first series of the file; null where Bio-Formats is not there. */
	private static ImagePlus openWithBioFormats(final String path) throws IOException {
		try {
			final Object series = Class.forName(BIO_FORMATS, true, Thread.currentThread().getContextClassLoader()).getMethod("openImagePlus", String.class).invoke(null, path);
			return series instanceof ImagePlus[] images && images.length > 0 ? images[0] : null;
		}
		catch (final InvocationTargetException e) {
			throw new IOException(e.getCause());
		}
		catch (final ReflectiveOperationException | LinkageError e) {
			return null;
		}
	}

	/** The end of a file's name, in small letters. */
	public static String extension(final Path file) {
		final String name = file.getFileName().toString();
		return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
	}

	/**
	 * Writes an image in the format that the file's name asks for. TIFF keeps everything; PNG and JPEG take one plane without its
	 * overlay, PNG with its pixels as they are.
	 *
	 * @throws DiffEditException if the format cannot hold the image, or the file cannot be written
	 */
	public static void save(final ImagePlus image, final Path file) {
		requireFormat(file);
		lost(image, file).ifPresent(what -> {
			throw new DiffEditException(file + ": the image has " + what + ", which only TIFF keeps; name a .tif file.");
		});
		final String format = extension(file);
		if (format.startsWith("tif")) TiffFiles.save(image, file);
		else WholeFile.write(file, part -> savePicture(image.duplicate(), part, format));
	}

	/** @throws DiffEditException if images are not written in the format that the file's name asks for */
	public static void requireFormat(final Path file) {
		if (!WRITTEN.contains(extension(file))) throw new DiffEditException(file + ": images are written as .tif, .png or .jpg; choose one of these.");
	}

	/** What the file's format cannot hold of an image: {@code 2 planes}, {@code 32-bit numbers}; empty if it holds all. */
	public static Optional<String> lost(final ImagePlus image, final Path file) {
		if (extension(file).startsWith("tif")) return Optional.empty();
		final boolean onePlane = image.getStackSize() == 1 || image.isComposite() && image.getNSlices() * image.getNFrames() == 1;
		if (!onePlane) return Optional.of(Counted.of(image.getStackSize(), "plane"));
		return image.getBitDepth() == 32 ? Optional.of("32-bit numbers") : Optional.empty();
	}

	private static void savePicture(final ImagePlus image, final Path part, final String format) throws IOException {
		image.setOverlay(null);
		image.deleteRoi();
		if (!format.equals("png")) {
			final String trouble = JpegWriter.save(image, part.toString(), JPEG_QUALITY);
			if (trouble != null) throw new IOException(trouble);
			return;
		}
		try {
			new PNG_Writer().writeImage(image, part.toString(), -1);
		}
		catch (final Exception e) {
			throw new IOException(e);
		}
	}
}
