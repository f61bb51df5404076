package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Step 1 of DiffEdit (Couairon et al. 2023, section 3.2): the mask is where two prompts disagree about the noise. Matches
 * {@code generate_mask} of diffusers' {@code pipeline_stable_diffusion_diffedit.py}, less the work that cannot change the
 * result: with equal negatives guidance only scales the difference, so no unconditional pass is made; each image is
 * encoded once; noisy copies go through the UNet in small batches.
 * <p>
 * On purpose different outside parity mode: diffusers swaps prompt and negative prompt (guides away from the prompt),
 * shares the threshold's mean over the batch, and answers equal prompts with a mask of ones.
 */
final class MaskGeneration {

	static final String STAGE = "Mask";

	private final DiffusionModel model;
	private final MaskRequest request;
	private final int images;
	private final StepListener listener;

	MaskGeneration(final DiffusionModel model, final MaskRequest request, final int images, final StepListener listener) {
		this.model = model;
		this.request = request;
		this.images = images;
		this.listener = listener;
	}

	MaskResult run(final ImageInput input) {
		final SchedulerRun schedule = Stages.scheduler(model, "DDIMScheduler").run(request.numInferenceSteps());
		final int level = request.numInferenceSteps() - request.encodeSteps();
		final double timestep = schedule.timesteps()[level];
		final Tensor noisy = noisyCopies(input, schedule, level);
		final PromptComparison prompts = new PromptComparison(model, request, images, noisy.size(2), noisy.size(3));
		final MeanMaps maps = new MeanMaps(images, request.numMapsPerMask(), (int) noisy.size(3), (int) noisy.size(2));

		final long copies = noisy.size(0);
		final long atOnce = model.unet().samplesAtOnce(copies, noisy.size(2), noisy.size(3));
		for (long from = 0; from < copies; from += atOnce) {
			try (Scope scope = Scope.open()) {
				final Tensor some = noisy.slice(0, from, from + atOnce);
				final Tensor difference = prompts.difference(model.unet().predict(some, timestep, prompts.rows(from, from + atOnce)));
				maps.add(difference.abs().mean(false, 1));
				listener.stepped(new StepListener.Step(STAGE, (int) (from / atOnce), (int) (copies / atOnce), timestep, some));
			}
		}
		return MaskResult.of(maps.means(), request);
	}

	/** Copies of each image one after another, each with noise of its own. */
	private Tensor noisyCopies(final ImageInput input, final SchedulerRun schedule, final int level) {
		final Noise noise = Noise.of(request.seeds());
		final Tensor drawn = new ImageEncoder(model, request.mode()).encode(input, request.numMapsPerMask(), noise);
		final Tensor clean = drawn.repeat(images / input.count());
		return schedule.addNoise(clean, noise.randn(clean.dtype(), clean.shape()).to(model.device()), level);
	}
}
