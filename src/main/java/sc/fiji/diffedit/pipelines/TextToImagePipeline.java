package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.pipelines.ImageEncoder.Decoded;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.schedulers.StepArguments;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Images from words alone. Matches diffusers 0.42.1 {@code pipeline_stable_diffusion.py} and
 * {@code pipeline_stable_diffusion_xl.py}, with the scheduler that the model's folder names.
 */
public final class TextToImagePipeline {

	private final DiffusionModel model;

	public TextToImagePipeline(final DiffusionModel model) {
		Stages.requirePlainUnet(model, "Text-to-image");
		this.model = model;
	}

	/** @throws DiffEditException if the request cannot be answered; the sentence says what to change */
	public GenerationResult generate(final TextToImageRequest ask, final StepListener listener) {
		ask.check();
		try (Scope scope = Scope.open()) {
			return run(ask, listener);
		}
	}

	private GenerationResult run(final TextToImageRequest ask, final StepListener listener) {
		final int prompts = ask.prompt().size();
		final ImageSize size = size(ask);
		final PromptConditioner words = new PromptConditioner(model, ask.clipSkip(), ask.sizes(), size, Mode.DEFAULT);
		final Guidance guidance = Guidance.of(model, words, ask.prompt(), ask.negative(), ask.guidanceScale(), ask.guidanceRescale(), prompts)
			.repeated(ask.numImagesPerPrompt());
		final Scheduler scheduler = Stages.scheduler(model);
		final SchedulerRun schedule = scheduler.run(ask.numInferenceSteps());
		final Noise noise = Noise.of(ask.seeds());
		final Tensor first = first(ask, size, noise).multiply(schedule.initNoiseSigma());
		final StepArguments arguments = StepArguments.DEFAULTS.withNoise(noise).withEta(ask.eta());
		final int to = Stages.end(scheduler, schedule, 0, ask.denoisingEnd());
		final Tensor latents = new Denoising("Text to image", guidance, schedule, arguments, listener).run(first, 0, to);
		final Decoded decoded = ask.output() == OutputType.IMAGE ? new ImageEncoder(model, Mode.DEFAULT).decode(latents) : Decoded.NONE;
		return new GenerationResult(decoded.pictures(), Latents.of(latents), decoded.flagged());
	}

	/** The size in pixels; the model's own where none is asked for. */
	private ImageSize size(final TextToImageRequest ask) {
		final VaeScale scale = model.vae().vaeScale();
		if (ask.latents().isPresent()) return ImageSize.ofLatents(ask.latents().get().height(), ask.latents().get().width(), scale);
		final int own = scale.toPixels(model.unet().config().sampleSize());
		final ImageSize size = new ImageSize(ask.height() == 0 ? own : ask.height(), ask.width() == 0 ? own : ask.width());
		if (!scale.fits(size.width()) || !scale.fits(size.height())) {
			throw new DiffEditException("The image size is " + size.width() + " x " + size.height() + "; both must be multiples of " + scale.factor() + ".");
		}
		return size;
	}

	private Tensor first(final TextToImageRequest ask, final ImageSize size, final Noise noise) {
		final int count = ask.prompt().size() * ask.numImagesPerPrompt();
		if (ask.latents().isEmpty()) {
			final VaeScale scale = model.vae().vaeScale();
			return noise.randn(model.unet().dtype(), count, model.vae().latentChannels(), scale.toLatents(size.height()), scale.toLatents(size.width()))
				.to(model.device());
		}
		final Latents given = ask.latents().get();
		if (given.count() != count || given.channels() != model.vae().latentChannels()) {
			throw new DiffEditException("There are " + given.count() + " latents of " + given.channels() + " channels, but " + count + " of "
				+ model.vae().latentChannels() + " are needed; give one per image from the same model.");
		}
		return given.toTensor().to(model.unet().dtype()).to(model.device());
	}
}
