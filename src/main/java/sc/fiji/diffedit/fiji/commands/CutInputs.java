package sc.fiji.diffedit.fiji.commands;

import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;

import sc.fiji.diffedit.fiji.AutoThreshold;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.inputs.InputGroup;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskSource;
import sc.fiji.diffedit.pipelines.Threshold;

/** What the heat map is made of, how it is refined, and where it is cut. */
final class CutInputs extends InputGroup {

	@Parameter(label = "Heat map from", choices = { "Difference", "Differences", "Difference and likelihood", "Cross-attention", "Differences and cross-attention" }, persist = false,
		description = "Difference: of the two descriptions, at one amount of noise. Differences: at five. Likelihood: also, how much worse the new description explains the image. Cross-attention: where the model looks for the words that differ.")
	private String heatFrom = MaskRequest.DEFAULTS.maskSource().word();
	@Parameter(label = "Follow outlines by", choices = { "None", "Guided filter" }, persist = false,
		description = "Guided filter: the mask follows the outlines of the image. None: it is made of the squares that the model's resolution leaves.")
	private String maskRefinement = MaskRequest.DEFAULTS.maskRefinement().word();
	@Parameter(label = "Threshold method", choices = { Threshold.TOP, Threshold.RATIO, Threshold.QUANTILE, Threshold.FIXED, "Default", "Huang", "Intermodes", "IsoData",
		"IJ_IsoData", "Li", "MaxEntropy", "Mean", "MinError", "Minimum", "Moments", "Otsu", "Percentile", "RenyiEntropy", "Shanbhag", "Triangle", "Yen" }, persist = false,
		description = "Top: the mask threshold times the heat map's 99th percentile. Ratio: half of the ratio times its mean, as in diffusers. Quantile: the part that is outside. Fixed: a value of the heat map. Others: as in Image > Adjust > Threshold.")
	private String threshold = MaskRequest.DEFAULTS.threshold() instanceof Threshold.Ratio ? Threshold.RATIO : Threshold.TOP;
	@Parameter(label = "Mask threshold", min = "0", stepSize = "0.05", persist = false, attrs = @Attr(name = HINT, value = "higher: smaller mask"),
		description = "Inside is where the heat map exceeds this part of its top: larger makes smaller masks.")
	private double thresholdLevel = Threshold.Top.USUAL.part();
	@Parameter(label = "Ratio", min = "0", stepSize = "0.5", persist = false, attrs = @Attr(name = HINT, value = "higher: smaller mask"),
		description = "Inside is where the heat map exceeds half of this times its mean: larger makes smaller masks.")
	private double thresholdRatio = MaskRequest.DEFAULTS.maskThresholdingRatio();

	CutInputs() {
		onlyWith("thresholdRatio", "threshold", Threshold.RATIO);
		besides("thresholdRatio", "strength", EditRequest.DEFAULTS.parity().inpaintStrength());
		onlyIf("thresholdLevel", () -> Threshold.hasLevel(threshold));
	}

	@Override
	protected void check() {
		source();
		refinement();
		threshold();
	}

	/** The request with these answers in it. */
	MaskRequest on(final MaskRequest request) {
		return request.withMaskSource(source()).withMaskRefinement(refinement()).withThreshold(threshold());
	}

	private Threshold threshold() {
		return AutoThreshold.named(threshold, thresholdLevel, thresholdRatio);
	}

	/** Without the number that the threshold does not have. */
	@Override
	protected Provenance addTo(final Provenance made) {
		Provenance more = made.with("heatFrom", heatFrom).with("maskRefinement", maskRefinement).with("threshold", threshold);
		if (isNeeded("thresholdLevel")) more = more.with("thresholdLevel", thresholdLevel);
		return isNeeded("thresholdRatio") ? more.with("thresholdRatio", thresholdRatio) : more;
	}

	private MaskSource source() {
		return Choices.of("heatFrom", heatFrom, MaskSource.values(), MaskSource::word);
	}

	private MaskRefinement refinement() {
		return Choices.of("maskRefinement", maskRefinement, MaskRefinement.values(), MaskRefinement::word);
	}
}
