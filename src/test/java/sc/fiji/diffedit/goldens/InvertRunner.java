package sc.fiji.diffedit.goldens;

import java.util.List;

import sc.fiji.diffedit.pipelines.ImageInput;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Latents;

/** {@code StableDiffusionDiffEditPipeline.invert}. */
final class InvertRunner extends DiffEditRunner {

	@Override
	void stages(final DiffEditStages stages, final CallArguments arguments) {
		stages.prompts(0, arguments.prompts("prompt"), arguments.prompts("negative_prompt"), 0, 1);
		stages.moments(arguments.pictures("image"), 1);
		stages.unet(guided(arguments, InvertRequest.DEFAULTS.parity().guidanceScale()), 1);
		stages.steps("inverse_step", "DDIMInverseScheduler", arguments, 0);
		stages.images();
	}

	@Override
	void whole(final GoldenCase golden, final ModelLease lease, final CallArguments arguments, final Comparison comparison) {
		final InvertRequest request = request(arguments);
		final Heard listener = new Heard(step -> comparison.tensor("inverse_step." + step.index() + ".prev_sample", step.latents()));
		final Inversion inversion = lease.diffEdit().invert(ImageInput.of(arguments.pictures("image")), request, listener);
		comparison.equal("number of steps", (int) (request.numInferenceSteps() * request.inpaintStrength()), listener.steps());
		comparison.numbers("out.latents", joined(inversion.trajectories()));
		if (golden.has("out.images")) comparison.numbers("out.images", channelsLast(inversion.decoded()));
	}

	private static InvertRequest request(final CallArguments arguments) {
		final InvertRequest defaults = InvertRequest.DEFAULTS.parity();
		return defaults.withPrompt(arguments.prompts("prompt")).withNegative(arguments.prompts("negative_prompt"))
			.withNumInferenceSteps(arguments.whole("num_inference_steps", defaults.numInferenceSteps()))
			.withInpaintStrength(arguments.number("inpaint_strength", defaults.inpaintStrength()))
			.withGuidanceScale(arguments.number("guidance_scale", defaults.guidanceScale()))
			.withDecodeLatents(arguments.flag("decode_latents")).withNumRegSteps(arguments.whole("num_reg_steps", defaults.numRegSteps()))
			.withNumAutoCorrRolls(arguments.whole("num_auto_corr_rolls", defaults.numAutoCorrRolls()))
			.withLambdaAutoCorr(arguments.number("lambda_auto_corr", defaults.lambdaAutoCorr()))
			.withLambdaKl(arguments.number("lambda_kl", defaults.lambdaKl())).withSeeds(arguments.seeds());
	}

	/** Shape (images, steps, channels, height, width). */
	private static float[] joined(final List<Latents> trajectories) {
		final int size = trajectories.get(0).values().length;
		final float[] all = new float[trajectories.size() * size];
		for (int i = 0; i < trajectories.size(); i++) System.arraycopy(trajectories.get(i).values(), 0, all, i * size, size);
		return all;
	}
}
