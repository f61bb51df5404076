package sc.fiji.diffedit.pipelines;

import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.ImageEncoder.Decoded;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.schedulers.StepArguments;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Images from images and words, and the second half of a base-and-refiner pair. Matches diffusers 0.42.1
 * {@code pipeline_stable_diffusion_img2img.py} and {@code pipeline_stable_diffusion_xl_img2img.py}. On purpose different
 * outside parity mode: an image whose size does not fit is mirrored at its edge and cut again, not shrunk; copies of
 * several images stay with their prompts; the negative prompt's crop counts.
 */
public final class ImageToImagePipeline {

	private final DiffusionModel model;

	public ImageToImagePipeline(final DiffusionModel model) {
		Stages.requirePlainUnet(model, "Image-to-image");
		this.model = model;
	}

	/** @throws DiffEditException if the request is invalid; the message says what to change */
	public GenerationResult generate(final ImageInput input, final ImageToImageRequest request, final StepListener listener) {
		request.checkFor(input.count());
		try (Scope scope = Scope.open()) {
			return run(input, request, listener);
		}
	}

	private GenerationResult run(final ImageInput input, final ImageToImageRequest request, final StepListener listener) {
		final Scheduler scheduler = Stages.scheduler(model);
		final SchedulerRun schedule = scheduler.run(request.numInferenceSteps());
		final boolean handedOver = request.denoisingStart() > 0;
		final int from = handedOver ? Stages.startAfter(scheduler, schedule, request.denoisingStart())
			: Stages.start("strength", scheduler, request.strength(), request.numInferenceSteps());
		final int to = Stages.end(scheduler, schedule, from, request.denoisingEnd());
		if (from >= to) throw new DiffEditException("denoisingStart and denoisingEnd leave no step of " + request.numInferenceSteps() + "; use more steps.");

		final Noise noise = Noise.of(request.seeds());
		final Tensor clean = clean(input, request, noise);
		final Tensor first = handedOver ? clean : schedule.addNoise(clean, noise.randn(clean.dtype(), clean.shape()).to(model.device()), from);
		final StepArguments arguments = StepArguments.DEFAULTS.withNoise(noise).withEta(request.eta());
		final Tensor latents = new Denoising("Image to image", guidance(input, request, clean), schedule, arguments, listener).run(first, from, to);
		final Decoded decoded = request.output() == OutputType.IMAGE ? new ImageEncoder(model, request.mode()).decode(latents) : Decoded.NONE;
		return new GenerationResult(cut(decoded.pictures(), input, request), Latents.of(latents), decoded.flagged());
	}

	/** Latents of every result; those that were handed over need no image. One shared seed draws once per image, seeds of their own draw once per result. */
	private Tensor clean(final ImageInput input, final ImageToImageRequest request, final Noise noise) {
		if (request.latents().isPresent()) return handedOver(request.latents().get(), input, request);
		final ImageEncoder encoder = new ImageEncoder(model, request.mode());
		final int copies = request.numImagesPerPrompt();
		if (request.seeds().size() > 1) return encoder.encode(input, copies, noise);
		final Tensor once = encoder.encode(input, 1, noise);
		return request.mode() == Mode.PARITY ? once.repeat(copies) : once.repeatInterleave(copies);
	}

	private Tensor handedOver(final Latents latents, final ImageInput input, final ImageToImageRequest request) {
		return Stages.placed(model, latents, (long) input.count() * request.numImagesPerPrompt(), model.vae().latentChannels(), latents.height(), latents.width());
	}

	private Guidance guidance(final ImageInput input, final ImageToImageRequest request, final Tensor clean) {
		final ImageSize size = ImageSize.ofLatents(clean.size(2), clean.size(3), model.vae().vaeScale());
		final PromptConditioner conditioner = new PromptConditioner(model, request.clipSkip(), request.sizes(), size, request.mode());
		return Guidance.of(model, conditioner, request.prompt(), request.negative(), request.guidanceScale(), request.guidanceRescale(), input.count())
			.within(request.guidanceInterval()).reusing(request.deepCache()).repeated(request.numImagesPerPrompt());
	}

	/** Pictures cut to the size of the input where its edge was mirrored. */
	private static List<Picture> cut(final List<Picture> decoded, final ImageInput input, final ImageToImageRequest request) {
		if (request.mode() == Mode.PARITY || !(input instanceof ImageInput.Pictures given)) return decoded;
		final Picture original = given.pictures().get(0);
		return decoded.stream().map(picture -> Sizes.cropped(picture, original.width(), original.height())).toList();
	}
}
