package sc.fiji.diffedit.fiji;

import java.awt.image.ColorModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.process.LUT;

/**
 * Everything but its pixels that decides how a plane of an image looks on the screen: equal states show equal pixels alike. It does not
 * change with the image, so that any thread may use it.
 *
 * @param kind the image's type and channels, and whether it is a composite
 * @param size width and height
 * @param channel the channel that is shown, from 1
 * @param mode how a composite is shown; 0 for other images
 * @param active the channels of a composite that are shown
 * @param tables look-up tables, of a composite one for each channel
 * @param ranges which values are the darkest and the brightest, two for each table
 */
public record DisplayState(Kind kind, List<Integer> size, int channel, int mode, List<Boolean> active, List<ColorModel> tables, List<Double> ranges) {

	/** What two images must have in common for one to be displayed like the other. */
	record Kind(int type, int channels, boolean isComposite) {

		static Kind of(final ImagePlus image) {
			return new Kind(image.getType(), image.getNChannels(), image.isComposite());
		}
	}

	/** The present state of an image. */
	public static DisplayState of(final ImagePlus image) {
		final Kind kind = Kind.of(image);
		final List<Integer> size = List.of(image.getWidth(), image.getHeight());
		final int channel = Position.of(image).channel();
		if (!(image instanceof CompositeImage composite)) {
			return new DisplayState(kind, size, channel, 0, List.of(), List.of(image.getProcessor().getColorModel()), List.of(image.getDisplayRangeMin(), image.getDisplayRangeMax()));
		}
		final List<Boolean> active = new ArrayList<>();
		for (final boolean one : composite.getActiveChannels()) active.add(one);
		final List<Double> ranges = new ArrayList<>();
		final LUT[] tables = composite.getLuts();                              // copies
		for (final LUT table : tables) ranges.addAll(List.of(table.min, table.max));
		return new DisplayState(kind, size, channel, composite.getMode(), active, List.copyOf(Arrays.asList(tables)), ranges);
	}

	/** An image of several channels in the mode and colours of this state, which is a composite's. @param plain of as many channels */
	CompositeImage composite(final ImagePlus plain) {
		final CompositeImage shown = new CompositeImage(plain, mode);
		shown.setLuts(tables.stream().map(table -> (LUT) ((LUT) table).clone()).toArray(LUT[]::new));
		for (int i = 0; i < active.size(); i++) shown.getActiveChannels()[i] = active.get(i);
		return shown;
	}
}
