package sc.fiji.diffedit.fiji;

import java.util.Properties;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.gui.Overlay;

/** The metadata of an image, and how it is shown. */
public final class Descriptions {

	private Descriptions() {}

	/**
	 * Calibration, properties, info and overlay of one plane.
	 *
	 * @param at the plane; what the overlay shows on others stays away
	 */
	static void copy(final ImagePlus from, final Position at, final ImagePlus to) {
		copyProperties(from, to);
		if (from.getOverlay() != null) setOverlay(overlay(from, at), from, to);
	}

	/** The same of all planes. */
	static void copyAll(final ImagePlus from, final ImagePlus to) {
		copyProperties(from, to);
		if (from.getOverlay() != null) setOverlay(copyOf(from.getOverlay()), from, to);
	}

	private static void copyProperties(final ImagePlus from, final ImagePlus to) {
		to.setCalibration(from.getCalibration().copy());
		final Properties properties = from.getProperties();
		if (properties != null) {
			for (final String name : properties.stringPropertyNames()) to.setProperty(name, properties.getProperty(name));
		}
		final String[] own = from.getPropertiesAsArray();
		if (own != null) to.setProperties(own.clone());
	}

	private static void setOverlay(final Overlay overlay, final ImagePlus from, final ImagePlus to) {
		if (overlay.size() == 0) return;
		to.setOverlay(overlay);
		to.setHideOverlay(from.getHideOverlay());
	}

	private static Overlay overlay(final ImagePlus from, final Position at) {
		final Overlay overlay = copyOf(from.getOverlay());
		for (int i = overlay.size() - 1; i >= 0; i--) {
			final Position place = Position.of(overlay.get(i), from);
			if (place.isElsewhereThan(at)) overlay.remove(i);
			else overlay.get(i).setPosition(from.getNChannels() > 1 ? place.channel() : 0);
		}
		return overlay;
	}

	private static Overlay copyOf(final Overlay overlay) {
		final Overlay copy = overlay.duplicate();
		TemporaryElements.removeFrom(copy);
		return copy;
	}

	/** The pixel size and origin, for images that show the same place without its grey values. */
	public static void copyPlace(final ImagePlus from, final ImagePlus to) {
		final var calibration = from.getCalibration().copy();
		calibration.disableDensityCalibration();
		to.setCalibration(calibration);
	}

	/** An image of several channels in another one's mode and colours. @param plain of as many channels */
	public static CompositeImage composite(final ImagePlus plain, final CompositeImage like) {
		return DisplayState.of(like).composite(plain);
	}
}
