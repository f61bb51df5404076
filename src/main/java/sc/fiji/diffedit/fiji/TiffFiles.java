package sc.fiji.diffedit.fiji;

import java.io.IOException;
import java.nio.file.Path;

import ij.IJ;
import ij.ImagePlus;
import ij.Prefs;
import ij.io.FileSaver;

import sc.fiji.diffedit.WholeFile;

/** Images and stacks as TIFF files that keep everything ImageJ knows of them. */
public final class TiffFiles {

	private TiffFiles() {}

	/**
	 * Writes an image, whole or not at all. Equal images give equal bytes on every machine: numbers begin with their lowest byte, whatever
	 * ImageJ's options say.
	 *
	 * @throws sc.fiji.diffedit.DiffEditException if it cannot be written
	 */
	public static void save(final ImagePlus image, final Path file) {
		WholeFile.write(file, part -> saveLittleEndian(image, part));
	}

	/** ImageJ's writer reads the order from its options alone. */
	private static synchronized void saveLittleEndian(final ImagePlus image, final Path part) throws IOException {
		final boolean chosen = Prefs.intelByteOrder;
		Prefs.intelByteOrder = true;
		IJ.redirectErrorMessages(true);
		try {
			final FileSaver saver = new FileSaver(image);
			final boolean written = image.getStackSize() > 1 ? saver.saveAsTiffStack(part.toString()) : saver.saveAsTiff(part.toString());
			if (!written) throw new IOException("ImageJ cannot write it as TIFF");
		}
		finally {
			IJ.redirectErrorMessages(false);
			Prefs.intelByteOrder = chosen;
		}
	}
}
