package sc.fiji.diffedit.goldens;

import java.util.List;

import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.EditResult;
import sc.fiji.diffedit.pipelines.Inversion;
import sc.fiji.diffedit.pipelines.OutputType;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Tensor;

/** {@code StableDiffusionDiffEditPipeline.__call__}. */
final class EditRunner extends DiffEditRunner {

	@Override
	void stages(final DiffEditStages stages, final CallArguments arguments) {
		final int steps = arguments.whole("num_inference_steps", 50);
		final int copies = arguments.whole("num_images_per_prompt", 1);
		stages.prompts(0, arguments.prompts("prompt"), arguments.prompts("negative_prompt"), arguments.whole("clip_skip", 0), copies);
		stages.unet(guided(arguments, EditRequest.DEFAULTS.parity().guidanceScale()), copies);
		stages.steps("step", "DDIMScheduler", arguments, steps - (int) (steps * arguments.number("inpaint_strength", 0.8)));
		stages.images();
	}

	@Override
	void whole(final GoldenCase golden, final ModelLease lease, final CallArguments arguments, final Comparison comparison) {
		final EditRequest request = request(arguments);
		final List<Mask> masks = arguments.masks("mask_image");
		final Inversion inversion = Inversion.of(arguments.latents("image_latents"), request.numInferenceSteps());
		final Heard listener = new Heard(step -> {
			final String next = "unet." + (step.index() + 1) + ".sample";
			if (golden.has(next)) latents(golden.tensor(next), next, step.latents(), comparison);
		});
		final EditResult edited = lease.diffEdit().edit(request, masks, inversion, listener);
		final boolean nothingToDo = masks.stream().allMatch(Mask::isEmpty);
		comparison.equal("number of steps", nothingToDo ? 0 : (int) (request.numInferenceSteps() * request.inpaintStrength()), listener.steps());
		if (golden.has("out.latents")) comparison.numbers("out.latents", edited.latents().values());
		if (golden.has("out.images")) comparison.numbers("out.images", channelsLast(edited.images()));
		lease.call(model -> {
			DiffEditStages.beforeDecoding(golden, model, edited.latents().toTensor(), comparison);
			return null;
		});
	}

	/** Without noise of their own, copies of an image are computed once here; in the file the copies that fill a whole batch stand once. */
	private static void latents(final Tensor stored, final String name, final Tensor actual, final Comparison comparison) {
		final long batch = Math.max(stored.size(0), actual.size(0));
		comparison.tensor(name, stored.repeat(batch / stored.size(0)), actual.repeatInterleave(batch / actual.size(0)));
	}

	private static EditRequest request(final CallArguments arguments) {
		final EditRequest defaults = EditRequest.DEFAULTS.parity();
		return defaults.withPrompt(arguments.prompts("prompt")).withNegative(arguments.prompts("negative_prompt"))
			.withNumInferenceSteps(arguments.whole("num_inference_steps", defaults.numInferenceSteps()))
			.withInpaintStrength(arguments.number("inpaint_strength", defaults.inpaintStrength()))
			.withGuidanceScale(arguments.number("guidance_scale", defaults.guidanceScale()))
			.withNumImagesPerPrompt(arguments.whole("num_images_per_prompt", 1)).withEta(arguments.number("eta", 0))
			.withClipSkip(arguments.whole("clip_skip", 0)).withSeeds(arguments.seeds())
			.withOutput(arguments.text("output_type", "pil").equals("latent") ? OutputType.LATENT : OutputType.IMAGE);
	}
}
