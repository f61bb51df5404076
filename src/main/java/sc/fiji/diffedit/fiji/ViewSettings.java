package sc.fiji.diffedit.fiji;

import java.util.Arrays;
import java.util.List;

import ij.ImagePlus;

import sc.fiji.diffedit.DiffEditException;

/**
 * How an image is shown to a network.
 *
 * @param range which pixel values are dark and bright
 * @param channels which channels of an {@code ImagePlus}, counted from 1; none means those that the screen shows: the
 *          active channels of a composite, else the current one
 * @param colors the colour of each channel at full brightness, 0xRRGGBB; none means the look-up tables' own, grey for
 *          one channel alone, and for images without look-up tables red, green, blue, grey, cyan, magenta, yellow
 */
public record ViewSettings(IntensityRange range, List<Integer> channels, List<Integer> colors) {

	public static final ViewSettings DEFAULT = new ViewSettings(IntensityRange.AUTO, List.of(), List.of());

	static final List<Integer> DEFAULT_COLORS = List.of(0xff0000, 0x00ff00, 0x0000ff, 0xffffff, 0x00ffff, 0xff00ff, 0xffff00);

	public ViewSettings {
		channels = List.copyOf(channels);
		colors = List.copyOf(colors);
	}

	/** @throws DiffEditException if an image has not all of the channels */
	public void requireChannelsOf(final ImagePlus image) {
		final int count = image.getNChannels();
		for (final int channel : channels) {
			if (channel < 1 || channel > count) {
				throw new DiffEditException("Channel " + channel + " was asked for, but the image has " + count + "; count from 1.");
			}
		}
	}

	public ViewSettings withRange(final IntensityRange newRange) {
		return new ViewSettings(newRange, channels, colors);
	}

	public ViewSettings withChannels(final int... newChannels) {
		return new ViewSettings(range, Arrays.stream(newChannels).boxed().toList(), colors);
	}

	public ViewSettings withColors(final int... newColors) {
		return new ViewSettings(range, channels, Arrays.stream(newColors).boxed().toList());
	}
}
