package sc.fiji.diffedit.goldens;

import java.util.List;

import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.MaskResult;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Mask;

/** {@code StableDiffusionDiffEditPipeline.generate_mask}. */
final class GenerateMaskRunner extends DiffEditRunner {

	@Override
	void stages(final DiffEditStages stages, final CallArguments arguments) {
		final int maps = arguments.whole("num_maps_per_mask", 10);
		final List<Prompt> source = arguments.prompts("source_prompt");
		final List<Prompt> target = arguments.prompts("target_prompt");
		final List<Prompt> sourceNegative = PromptRows.each(arguments.prompts("source_negative_prompt"), source.size());
		final List<Prompt> targetNegative = PromptRows.each(arguments.prompts("target_negative_prompt"), target.size());
		stages.prompts(0, target, targetNegative, 0, maps);
		stages.prompts(1, source, sourceNegative, 0, maps);
		stages.moments(arguments.pictures("image"), maps);
		stages.noisedLatents(arguments.whole("num_inference_steps", 50), arguments.number("mask_encode_strength", 0.5));
		stages.unet(List.of(source, sourceNegative, target, targetNegative), maps); // diffusers names prompts and negative ones the wrong way round
	}

	@Override
	void whole(final GoldenCase golden, final ModelLease lease, final CallArguments arguments, final Comparison comparison) {
		final MaskRequest request = request(arguments);
		final MaskResult found = lease.diffEdit().generateMask(ImageInput.of(arguments.pictures("image")), request);
		comparison.numbers("out.map", joined(found.maps().stream().map(DifferenceMap::values).toList()));
		comparison.numbers("out.threshold", threshold(found.maps(), request.maskThresholdingRatio()));
		comparison.mask("out.mask", joined(found.masks().stream().map(Mask::values).toList()));
	}

	private static MaskRequest request(final CallArguments arguments) {
		final MaskRequest defaults = MaskRequest.DEFAULTS.parity();
		return defaults.withSource(arguments.prompts("source_prompt")).withTarget(arguments.prompts("target_prompt"))
			.withSourceNegative(arguments.prompts("source_negative_prompt")).withTargetNegative(arguments.prompts("target_negative_prompt"))
			.withNumMapsPerMask(arguments.whole("num_maps_per_mask", defaults.numMapsPerMask()))
			.withMaskEncodeStrength(arguments.number("mask_encode_strength", defaults.maskEncodeStrength()))
			.withMaskThresholdingRatio(arguments.number("mask_thresholding_ratio", defaults.maskThresholdingRatio()))
			.withNumInferenceSteps(arguments.whole("num_inference_steps", defaults.numInferenceSteps()))
			.withGuidanceScale(arguments.number("guidance_scale", defaults.guidanceScale())).withSeeds(arguments.seeds());
	}

	/** diffusers' threshold is half the ratio times the mean over the whole batch. */
	private static float threshold(final List<DifferenceMap> maps, final double ratio) {
		return (float) (ratio / 2 * maps.stream().mapToDouble(DifferenceMap::mean).average().orElse(0));
	}

	private static float[] joined(final List<float[]> parts) {
		final float[] all = new float[parts.stream().mapToInt(p -> p.length).sum()];
		int at = 0;
		for (final float[] part : parts) {
			System.arraycopy(part, 0, all, at, part.length);
			at += part.length;
		}
		return all;
	}
}
