package sc.fiji.diffedit.fiji.evaluation;

import java.util.Arrays;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.demo.Sample;
import sc.fiji.diffedit.demo.SampleRequests;
import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.MaskRefinement;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.MaskSource;
import sc.fiji.diffedit.pipelines.MaskUse;
import sc.fiji.diffedit.pipelines.Mode;
import sc.fiji.diffedit.tensor.Mask;

/** Whole ways to edit, from mask to result. */
public enum Method {
	/** DiffEdit as diffusers does it, with the samples' settings: what samples.json expects. */
	PARITY("parity", Double.NaN, false),
	/** All defaults. */
	DEFAULT("default", EditRequest.DEFAULTS.inpaintStrength(), true),
	/** The same without growing masks of changes of shape. */
	NOT_GROWN("not-grown", EditRequest.DEFAULTS.inpaintStrength(), false),
	/** The defaults at the strength of diffusers. */
	STRONGER("stronger", 0.8, true),
	/** The mask of diffusers at the samples' ratio, with its strength. */
	DIFFUSERS("diffusers", 0.8, false),
	/** The same at a lower strength. */
	DIFFUSERS_WEAKER("diffusers-weaker", 0.6, false),
	/** The true mask. */
	TRUTH("truth", EditRequest.DEFAULTS.inpaintStrength(), false),
	/** All defaults, but all edits that are listed of one picture in one pass, each in a region of its own. */
	REGIONS("regions", EditRequest.DEFAULTS.inpaintStrength(), true);

	private final String word;
	private final double strength;
	private final boolean isGrown;

	Method(final String word, final double strength, final boolean isGrown) {
		this.word = word;
		this.strength = strength;
		this.isGrown = isGrown;
	}

	/** @throws DiffEditException if there is none of this name */
	public static Method named(final String word) {
		return Arrays.stream(values()).filter(method -> method.word.equals(word)).findFirst().orElseThrow(() -> new DiffEditException("There is no method '" + word
			+ "'; there are " + Arrays.stream(values()).map(Method::word).collect(Collectors.joining(", ")) + "."));
	}

	/** By which users name it. */
	public String word() {
		return word;
	}

	/** What is asked for to edit a sample, but for the samples' preset. */
	SampleRequests requests(final Sample sample, final Samples.Settings settings) {
		if (this == PARITY) return SampleRequests.of(sample, settings, Mode.PARITY);
		final SampleRequests ask = SampleRequests.of(sample, settings, Mode.DEFAULT).withStrength(strength);
		if (this != DIFFUSERS && this != DIFFUSERS_WEAKER) return ask;
		return ask.withMask(mask -> mask.withMaskSource(MaskSource.DIFFERENCE).withMaskRefinement(MaskRefinement.NONE).withMaskThresholdingRatio(settings.maskThresholdingRatio()));
	}

	/** Whether it needs no mask to be found. */
	boolean hasTruth() {
		return this == TRUTH;
	}

	/** Whether edits of one picture are made together. */
	boolean isTogether() {
		return this == REGIONS;
	}

	/** The mask that the edit gets. */
	Mask forEdit(final MaskResult found, final MaskUse use) {
		final Mask mask = isGrown ? found.editMasks().get(0) : found.mask();
		return use == MaskUse.SOFT ? found.softened(0, mask) : mask;
	}
}
