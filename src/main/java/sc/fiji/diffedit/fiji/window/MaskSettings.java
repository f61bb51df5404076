package sc.fiji.diffedit.fiji.window;

import java.util.Map;

import org.scijava.module.Module;

import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.MaskShape;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.tensor.Mask;

/**
 * What the sliders say: how a mask is cut from a difference map and shaped.
 *
 * @param thresholdRatio inside is where the difference exceeds half of this times its mean; above 0
 * @param shape all that follows the cut
 */
public record MaskSettings(double thresholdRatio, MaskShape shape) {

	/** @throws sc.fiji.diffedit.DiffEditException if there is no mask at this threshold */
	public MaskSettings {
		MaskRequest.DEFAULTS.withMaskThresholdingRatio(thresholdRatio);
	}

	/** The settings among the inputs of a command that finds masks. */
	static MaskSettings of(final Module inputs) {
		return new MaskSettings((double) inputs.getInput("thresholdRatio"), new MaskShape((double) inputs.getInput("smoothMap"), (boolean) inputs.getInput("smooth"),
			(int) inputs.getInput("holes"), (int) inputs.getInput("smallest"), (double) inputs.getInput("grow")));
	}

	/** The same as values of a command's inputs, by their names. */
	public Map<String, Object> values() {
		return Map.of("thresholdRatio", thresholdRatio, "smoothMap", shape.smoothMap(), "smooth", shape.smooth(), "holes", shape.holes(),
			"smallest", shape.smallest(), "grow", shape.grow());
	}

	/** The mask of the whole image. */
	Mask of(final LocatedMap map) {
		return map.mask(thresholdRatio, shape);
	}
}
