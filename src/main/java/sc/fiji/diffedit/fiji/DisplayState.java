package sc.fiji.diffedit.fiji;

import java.awt.image.ColorModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.process.LUT;

/**
 * Everything but its pixels that decides how a plane of an image looks on the screen: equal states show equal pixels alike.
 *
 * @param kind the image's type, size, channels, the channel that is shown, and how a composite is shown
 * @param active the channels of a composite that are shown
 * @param tables look-up tables
 * @param ranges which values are the darkest and the brightest, two for each table
 */
public record DisplayState(List<Integer> kind, List<Boolean> active, List<ColorModel> tables, List<Double> ranges) {

	/** The present state of an image. */
	public static DisplayState of(final ImagePlus image) {
		final List<Integer> kind = List.of(image.getType(), image.getWidth(), image.getHeight(), image.getNChannels(), Position.of(image).channel(),
			image instanceof CompositeImage composite ? composite.getMode() : 0);
		final List<Boolean> active = new ArrayList<>();
		if (!(image instanceof CompositeImage composite)) {
			return new DisplayState(kind, active, List.of(image.getProcessor().getColorModel()), List.of(image.getDisplayRangeMin(), image.getDisplayRangeMax()));
		}
		for (final boolean one : composite.getActiveChannels()) active.add(one);
		final List<Double> ranges = new ArrayList<>();
		for (final LUT table : composite.getLuts()) ranges.addAll(List.of(table.min, table.max));
		return new DisplayState(kind, active, List.copyOf(Arrays.asList(composite.getLuts())), ranges);
	}
}
