package sc.fiji.diffedit.fiji.window;

import java.util.HashMap;
import java.util.Map;

import org.scijava.module.Module;

import sc.fiji.diffedit.fiji.AutoThreshold;
import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.MaskShape;
import sc.fiji.diffedit.pipelines.Threshold;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.MaskBits;

/**
 * What the sliders say: how a mask is cut from a difference map and shaped.
 *
 * @param threshold how the heat map is cut, as in forms
 * @param level the number of all kinds of thresholds but ratios
 * @param ratio the number of these
 * @param shape all that follows the cut
 */
public record MaskSettings(String threshold, double level, double ratio, MaskShape shape) {

	/** @throws sc.fiji.diffedit.DiffEditException if there is no mask at this threshold */
	public MaskSettings {
		AutoThreshold.named(threshold, level, ratio);
	}

	/** The settings among the inputs of a command that finds masks. */
	static MaskSettings of(final Module inputs) {
		return new MaskSettings((String) inputs.getInput("threshold"), (double) inputs.getInput("thresholdLevel"), (double) inputs.getInput("thresholdRatio"), new MaskShape((double) inputs.getInput("smoothMap"), (boolean) inputs.getInput("smooth"),
			(int) inputs.getInput("holes"), (int) inputs.getInput("smallest"), (double) inputs.getInput("grow")));
	}

	/** The same as values of a command's inputs, by their names. */
	public Map<String, Object> values() {
		return Map.of("threshold", threshold, "thresholdLevel", level, "thresholdRatio", ratio, "smoothMap", shape.smoothMap(), "smooth", shape.smooth(), "holes", shape.holes(),
			"smallest", shape.smallest(), "grow", shape.grow());
	}

	/** The same without the number that the threshold does not have. */
	Map<String, Object> told() {
		final Map<String, Object> told = new HashMap<>(values());
		if (!Threshold.hasLevel(threshold)) told.remove("thresholdLevel");
		if (!(cut() instanceof Threshold.Ratio)) told.remove("thresholdRatio");
		return told;
	}

	/** Where heat maps are cut. */
	Threshold cut() {
		return AutoThreshold.named(threshold, level, ratio);
	}

	/** What masks are cut from: the map, smoothed. */
	LocatedMap smoothed(final LocatedMap map) {
		return shape.smoothMap() == 0 ? map : map.smoothed(cut(), shape);
	}

	/** The mask of the whole image for an edit, which may need more room. @param smooth a map that is smoothed */
	Mask editMaskFrom(final LocatedMap smooth) {
		return smooth.editMask(cut(), shape.withSmoothMap(0));
	}

	/** The mask of the whole image. @param smooth a map that is smoothed */
	MaskBits cutFrom(final LocatedMap smooth) {
		return smooth.inside(cut(), shape.withSmoothMap(0));
	}
}
