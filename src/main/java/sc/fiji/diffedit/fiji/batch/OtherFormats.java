package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

import org.scijava.Context;
import org.scijava.convert.ConvertService;
import org.scijava.io.IOService;

import ij.ImagePlus;
import net.imglib2.RandomAccessibleInterval;

/** Images of formats that ImageJ itself does not know, opened by what a context has for them: in Fiji that is SCIFIO. */
final class OtherFormats {

	private final IOService files;
	private final ConvertService converters;

	/** @param context whose services open files */
	OtherFormats(final Context context) {
		files = context.getService(IOService.class);
		converters = context.service(ConvertService.class);
	}

	/**
	 * Opens a file.
	 *
	 * @return empty if it is nothing that can become an {@code ImagePlus}
	 * @throws IOException if it is of a known format, but damaged
	 */
	Optional<ImagePlus> open(final Path file) throws IOException {
		final Object opened = files == null ? null : files.open(file.toAbsolutePath().toString());
		if (opened instanceof ImagePlus image) return Optional.of(image);
		return opened instanceof RandomAccessibleInterval ? Optional.ofNullable(converters.convert(opened, ImagePlus.class)) : Optional.empty(); // texts would be taken for paths
	}
}
