package sc.fiji.diffedit.fiji;

import java.util.Properties;

import ij.ImagePlus;

/** What goes with an image besides its pixels. */
final class Descriptions {

	private Descriptions() {}

	/** Calibration, properties, info and overlay. */
	static void copy(final ImagePlus from, final ImagePlus to) {
		to.setCalibration(from.getCalibration().copy());
		final Properties properties = from.getProperties();
		if (properties != null) {
			for (final String name : properties.stringPropertyNames()) to.setProperty(name, properties.getProperty(name));
		}
		final String[] own = from.getPropertiesAsArray();
		if (own != null) to.setProperties(own.clone());
		if (from.getOverlay() != null) to.setOverlay(from.getOverlay().duplicate());
	}

	/** The size of a pixel and where the origin lies, for images that show the same place without its grey values. */
	static void copyPlace(final ImagePlus from, final ImagePlus to) {
		final var calibration = from.getCalibration().copy();
		calibration.disableDensityCalibration();
		to.setCalibration(calibration);
	}
}
