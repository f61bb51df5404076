package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.tensor.DType;
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
 * shares the threshold's mean over the batch, and answers equal prompts with a mask of ones. The other {@linkplain MaskSource sources}
 * compare at several strengths, take the autoencoder's mean instead of a draw, and look at the noise that was really added.
 */
final class MaskGeneration {

	static final String STAGE = "Mask";

	private final DiffusionModel model;
	private final MaskRequest request;
	private final int images;
	private final StepListener listener;
	private final Scheduler scheduler;
	private final SchedulerRun schedule;

	/** Copies that go through the network together: {@code from} to before {@code to}, at an index of the schedule. */
	private record Batch(long from, long to, int level) {}

	/** Predicts copies from one on under the conditionings of all prompts. */
	private interface Predictor {

		List<Tensor> predict(Tensor noisy, double timestep, int first, List<Conditioning> rows);
	}

	MaskGeneration(final DiffusionModel model, final MaskRequest request, final int images, final StepListener listener) {
		this.model = model;
		this.request = request;
		this.images = images;
		this.listener = listener;
		this.scheduler = Stages.scheduler(model, "DDIMScheduler");
		this.schedule = scheduler.run(request.numInferenceSteps());
	}

	MaskResult run(final ImageInput input) {
		final Noise generators = Noise.of(request.seeds());
		final Tensor clean = clean(input, generators);
		final Tensor noise = generators.randn(clean.dtype(), clean.shape()).to(model.device());
		final PromptComparison prompts = new PromptComparison(model, request, images, clean.size(2), clean.size(3));
		final MaskMaps maps = new MaskMaps(request, images, (int) clean.size(3), (int) clean.size(2));
		final Predictor predictor = predictor(prompts, maps, clean);
		final List<Guide> guides = guides(input);
		final StableMask stable = new StableMask(request, images);
		final List<Batch> batches = batches(clean.size(0), model.unet().samplesAtOnce(clean.size(0), clean.size(2), clean.size(3)));
		for (int i = 0; i < batches.size(); i++) {
			final Batch batch = batches.get(i);
			final int image = (int) batch.from / request.numMapsPerMask();
			if (!stable.wantsMore(image)) continue;
			try (Scope scope = Scope.open()) {
				final Tensor some = clean.slice(0, batch.from, batch.to), added = noise.slice(0, batch.from, batch.to);
				final Tensor noisy = schedule.addNoise(some, added, batch.level);
				final double timestep = schedule.timesteps()[batch.level];
				final List<Tensor> predicted = predictor.predict(noisy, timestep, (int) batch.from, prompts.rows(batch.from, batch.to));
				maps.addDifferences((int) batch.from, prompts.difference(predicted).abs().mean(false, 1));
				if (request.maskSource() == MaskSource.DIFFERENCE_AND_LIKELIHOOD) maps.addLikelihoods((int) batch.from, likelihood(predicted, WantedOutput.of(scheduler, schedule, some, added, batch.level)));
				listener.stepped(new StepListener.Step(STAGE, i, batches.size(), timestep, noisy));
			}
			if (request.untilStable()) stable.looked(image, MaskResult.of(List.of(maps.map(image)), guides.isEmpty() ? guides : List.of(guides.get(image)), request).mask());
		}
		return MaskResult.of(maps.maps(), guides, request, request.untilStable() ? stable.notices() : List.of());
	}

	private Predictor predictor(final PromptComparison prompts, final MaskMaps maps, final Tensor clean) {
		if (!request.maskSource().hasAttention()) return (noisy, timestep, first, rows) -> model.unet().predict(noisy, timestep, rows);
		return new WordAttention(model, prompts, request.numMapsPerMask(), maps, (int) clean.size(2), (int) clean.size(3))::predict;
	}

	/** Copies of each image one after another. */
	private Tensor clean(final ImageInput input, final Noise noise) {
		final ImageEncoder encoder = new ImageEncoder(model, request.mode());
		final Tensor encoded = request.maskSource() == MaskSource.DIFFERENCE ? encoder.encode(input, request.numMapsPerMask(), noise)
			: encoder.encodeMean(input, request.numMapsPerMask());
		return encoded.repeat(images / input.count());
	}

	/** Copies of one strength stand beside each other within an image; with a single strength images share batches. */
	private List<Batch> batches(final long copies, final long atOnce) {
		if (request.untilStable()) return oneByOne();
		final List<Batch> batches = new ArrayList<>();
		for (long from = 0, to = 1; from < copies; from = to++) {
			while (to < copies && to < from + atOnce && level(to) == level(from) && (to % request.numMapsPerMask() != 0 || request.maskSource() == MaskSource.DIFFERENCE)) to++;
			batches.add(new Batch(from, to, level(from)));
		}
		return batches;
	}

	private List<Batch> oneByOne() {
		final List<Batch> batches = new ArrayList<>();
		for (int image = 0; image < images; image++) {
			for (final int copy : StableMask.order(request.maskSource(), request.numMapsPerMask())) {
				final long at = (long) image * request.numMapsPerMask() + copy;
				batches.add(new Batch(at, at + 1, level(at)));
			}
		}
		return batches;
	}

	private int level(final long copy) {
		return request.numInferenceSteps() - request.encodeSteps((int) (copy % request.numMapsPerMask()));
	}

	/**
	 * How much worse the target's prediction is than the source's. The errors of networks that predict the clean sample or v are those
	 * of the noise times a number, which the division by the mean takes out again.
	 */
	private static Tensor likelihood(final List<Tensor> predicted, final Tensor wanted) {
		final Tensor source = predicted.get(0).to(DType.FLOAT32).minus(wanted), target = predicted.get(1).to(DType.FLOAT32).minus(wanted);
		return target.multiply(target).minus(source.multiply(source)).mean(false, 1);
	}

	/** Pictures whose outlines masks can follow: none where latents were given. */
	private List<Guide> guides(final ImageInput input) {
		if (!(input instanceof ImageInput.Pictures given)) return List.of();
		final List<Guide> guides = new ArrayList<>();
		for (int i = 0; i < images; i++) guides.add(new Guide(given.pictures().get(i % given.count()), model.vae().scaleFactor()));
		return guides;
	}
}
