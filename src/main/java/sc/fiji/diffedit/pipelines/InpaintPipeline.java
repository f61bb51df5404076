package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.ImageEncoder.Decoded;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.schedulers.StepArguments;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * New content inside a mask, with ordinary models (4 channels: the background is put back after every step) and with
 * inpainting models (9 channels: the network sees mask and masked image). Matches diffusers 0.42.1
 * {@code pipeline_stable_diffusion_inpaint.py} and {@code pipeline_stable_diffusion_xl_inpaint.py}.
 * <p>
 * On purpose different outside parity mode: pixels outside the mask are the input's, at the input's own size; every latent
 * that the mask touches is computed, not only those whose corner it covers; and where a base model hands over to a
 * refiner, the background has the noise level of the sample, which diffusers pastes clean.
 */
public final class InpaintPipeline {

	private final DiffusionModel model;
	private final boolean seesMask;

	public InpaintPipeline(final DiffusionModel model) {
		final int channels = model.unet().config().inChannels();
		final int latent = model.vae().latentChannels();
		if (channels != latent && channels != 2 * latent + 1) {
			throw new DiffEditException("unet/config.json asks for " + channels + " input channels; inpainting needs " + latent + " or "
				+ (2 * latent + 1) + ". Choose another model.");
		}
		this.model = model;
		this.seesMask = channels != latent;
	}

	/**
	 * Fills masks.
	 *
	 * @param masks one for all images or one per image, at the size of the image or of its latents
	 * @throws DiffEditException if the request is invalid; the message says what to change
	 */
	public GenerationResult generate(final ImageInput input, final List<Mask> masks, final InpaintRequest request, final StepListener listener) {
		request.checkFor(input.count(), masks);
		if (seesMask && input instanceof ImageInput.Encoded) {
			throw new DiffEditException("An inpainting model must see the image itself; give a picture in place of latents.");
		}
		try (Scope scope = Scope.open()) {
			return run(input, masks, request, listener);
		}
	}

	public GenerationResult generate(final ImageInput input, final Mask mask, final InpaintRequest request, final StepListener listener) {
		return generate(input, List.of(mask), request, listener);
	}

	private GenerationResult run(final ImageInput input, final List<Mask> masks, final InpaintRequest request, final StepListener listener) {
		final List<InpaintSource> sources = InpaintSource.of(model, input, masks, request);
		final Scheduler scheduler = Stages.scheduler(model);
		final SchedulerRun schedule = scheduler.run(request.numInferenceSteps());
		final boolean handedOver = request.denoisingStart() > 0;
		final int from = handedOver ? Stages.startAfter(scheduler, schedule, request.denoisingStart())
			: Stages.start("strength", scheduler, request.strength(), request.numInferenceSteps());
		final int to = Stages.end(scheduler, schedule, from, request.denoisingEnd());
		if (from >= to) throw new DiffEditException("denoisingStart and denoisingEnd leave no step of " + request.numInferenceSteps() + "; use more steps.");

		final InpaintStart start = new InpaintStart(model, request, sources, schedule, from, seesMask);
		final StepArguments arguments = StepArguments.DEFAULTS.withNoise(start.noise()).withEta(request.eta());
		final Denoising loop = new Denoising("Inpainting", guidance(input.count(), request, start.latents()), schedule, arguments, listener);
		if (seesMask) loop.seeing(start::besideMask);
		else loop.after((latents, i) -> start.blended(latents, i, to));
		final Tensor latents = loop.run(start.latents(), from, to);
		final Decoded decoded = request.output() == OutputType.IMAGE ? new ImageEncoder(model, request.mode()).decode(latents) : Decoded.NONE;
		return new GenerationResult(pictures(decoded.pictures(), sources, request), Latents.of(latents), decoded.flagged());
	}

	private Guidance guidance(final int images, final InpaintRequest request, final Tensor latents) {
		final ImageSize size = ImageSize.ofLatents(latents.size(2), latents.size(3), model.vae().vaeScale());
		final PromptConditioner conditioner = new PromptConditioner(model, request.clipSkip(), request.sizes(), size, request.mode());
		return Guidance.of(model, conditioner, request.prompt(), request.negative(), request.guidanceScale(), request.guidanceRescale(), images)
			.within(request.guidanceInterval()).reusing(request.deepCache()).repeated(request.numImagesPerPrompt());
	}

	private static List<Picture> pictures(final List<Picture> decoded, final List<InpaintSource> sources, final InpaintRequest request) {
		final List<Picture> pictures = new ArrayList<>();
		for (int i = 0; i < decoded.size(); i++) {
			final InpaintSource source = sources.get(Math.min(sources.size() - 1, i / request.numImagesPerPrompt()));
			pictures.add(source.finished(decoded.get(i)));
		}
		return pictures;
	}
}
