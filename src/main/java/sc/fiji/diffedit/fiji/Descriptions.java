package sc.fiji.diffedit.fiji;

import java.util.Properties;

import ij.ImagePlus;
import ij.gui.Overlay;

/** The metadata of an image. */
final class Descriptions {

	private Descriptions() {}

	/**
	 * Calibration, properties, info and overlay of one plane.
	 *
	 * @param at the plane; what the overlay shows on others stays away
	 */
	static void copy(final ImagePlus from, final Position at, final ImagePlus to) {
		to.setCalibration(from.getCalibration().copy());
		final Properties properties = from.getProperties();
		if (properties != null) {
			for (final String name : properties.stringPropertyNames()) to.setProperty(name, properties.getProperty(name));
		}
		final String[] own = from.getPropertiesAsArray();
		if (own != null) to.setProperties(own.clone());
		if (from.getOverlay() == null) return;
		to.setOverlay(overlay(from, at));
		to.setHideOverlay(from.getHideOverlay());
	}

	private static Overlay overlay(final ImagePlus from, final Position at) {
		final Overlay overlay = from.getOverlay().duplicate();
		for (int i = overlay.size() - 1; i >= 0; i--) {
			final Position place = Position.of(overlay.get(i), from);
			if (place.isElsewhereThan(at)) overlay.remove(i);
			else overlay.get(i).setPosition(from.getNChannels() > 1 ? place.channel() : 0);
		}
		return overlay;
	}

	/** The pixel size and origin, for images that show the same place without its grey values. */
	static void copyPlace(final ImagePlus from, final ImagePlus to) {
		final var calibration = from.getCalibration().copy();
		calibration.disableDensityCalibration();
		to.setCalibration(calibration);
	}
}
