package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.Counted;
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

	/** @throws DiffEditException if the request is invalid; the message says what to change */
	public GenerationResult generate(final TextToImageRequest request, final StepListener listener) {
		request.check();
		try (Scope scope = Scope.open()) {
			return run(request, listener);
		}
	}

	private GenerationResult run(final TextToImageRequest request, final StepListener listener) {
		final int prompts = request.prompt().size();
		final ImageSize size = size(request);
		final PromptConditioner conditioner = new PromptConditioner(model, request.clipSkip(), request.sizes(), size, Mode.DEFAULT);
		final Guidance guidance = Guidance.of(model, conditioner, request.prompt(), request.negative(), request.guidanceScale(), request.guidanceRescale(), prompts)
			.within(request.guidanceInterval()).reusing(request.deepCache()).repeated(request.numImagesPerPrompt());
		final Scheduler scheduler = Stages.schedulerFromNoise(model);
		final SchedulerRun schedule = scheduler.run(request.numInferenceSteps());
		final Noise noise = Noise.of(request.seeds());
		final Tensor first = first(request, size, noise).multiply(schedule.initNoiseSigma());
		final StepArguments arguments = StepArguments.DEFAULTS.withNoise(noise).withEta(request.eta());
		final int to = Stages.end(scheduler, schedule, 0, request.denoisingEnd());
		final Tensor latents = new Denoising("Text to image", guidance, schedule, arguments, listener).run(first, 0, to);
		final Decoded decoded = request.output() == OutputType.IMAGE ? new ImageEncoder(model, Mode.DEFAULT).decode(latents) : Decoded.NONE;
		return new GenerationResult(decoded.pictures(), Latents.of(latents), decoded.flagged());
	}

	/** The size in pixels; the model's own where none is requested. */
	private ImageSize size(final TextToImageRequest request) {
		final VaeScale scale = model.vae().vaeScale();
		if (request.latents().isPresent()) return ImageSize.ofLatents(request.latents().get().height(), request.latents().get().width(), scale);
		final int own = scale.toPixels(model.unet().config().sampleSize());
		final ImageSize size = new ImageSize(request.height() == 0 ? own : request.height(), request.width() == 0 ? own : request.width());
		if (!scale.fits(size.width()) || !scale.fits(size.height())) {
			throw new DiffEditException("The image size is " + size.width() + " x " + size.height() + "; both must be multiples of " + scale.factor() + ".");
		}
		return size;
	}

	private Tensor first(final TextToImageRequest request, final ImageSize size, final Noise noise) {
		final int count = request.prompt().size() * request.numImagesPerPrompt();
		if (request.latents().isEmpty()) {
			final VaeScale scale = model.vae().vaeScale();
			return noise.randn(model.unet().dtype(), count, model.vae().latentChannels(), scale.toLatents(size.height()), scale.toLatents(size.width()))
				.to(model.device());
		}
		final Latents given = request.latents().get();
		if (given.count() != count || given.channels() != model.vae().latentChannels()) {
			throw new DiffEditException(Counted.there(given.count(), "latent") + " of " + Counted.of(given.channels(), "channel") + ", but these images need " + count + " of "
				+ model.vae().latentChannels() + "; give one per image from the same model.");
		}
		return given.toTensor().to(model.unet().dtype()).to(model.device());
	}
}
