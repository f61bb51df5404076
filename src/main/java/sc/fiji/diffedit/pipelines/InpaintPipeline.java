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
import sc.fiji.diffedit.tensor.Noise;
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
	 * @throws DiffEditException if the request cannot be answered; the sentence says what to change
	 */
	public GenerationResult generate(final ImageInput input, final List<Mask> masks, final InpaintRequest ask, final StepListener listener) {
		check(input, masks, ask);
		try (Scope scope = Scope.open()) {
			return run(input, masks, ask, listener);
		}
	}

	public GenerationResult generate(final ImageInput input, final Mask mask, final InpaintRequest ask, final StepListener listener) {
		return generate(input, List.of(mask), ask, listener);
	}

	private void check(final ImageInput input, final List<Mask> masks, final InpaintRequest ask) {
		Checks.perImage("the prompt", ask.prompt(), input.count());
		Checks.perImage("the negative prompt", ask.negative(), input.count());
		Checks.perImage("the mask", masks, input.count());
		Checks.said("text", ask.prompt(), Mode.PARITY);
		Checks.atLeastOne("numInferenceSteps", ask.numInferenceSteps());
		Checks.atLeastOne("numImagesPerPrompt", ask.numImagesPerPrompt());
		Checks.between("eta", ask.eta(), 0, 1);
		Checks.between("maskBlur", ask.maskBlur(), 0, 1000);
		Checks.between("denoisingStart", ask.denoisingStart(), 0, 1);
		Checks.between("denoisingEnd", ask.denoisingEnd(), 0, 1);
		Checks.handedOver(ask.latents().isPresent(), ask.denoisingStart());
		if (ask.paddingMaskCrop().isPresent()) Checks.notNegative("paddingMaskCrop", ask.paddingMaskCrop().getAsInt());
		if (seesMask && input instanceof ImageInput.Encoded) {
			throw new DiffEditException("An inpainting model must see the image itself; give a picture in place of latents.");
		}
	}

	private GenerationResult run(final ImageInput input, final List<Mask> masks, final InpaintRequest ask, final StepListener listener) {
		final List<InpaintSource> sources = InpaintSource.of(model, input, masks, ask);
		final Scheduler scheduler = Stages.scheduler(model);
		final SchedulerRun schedule = scheduler.run(ask.numInferenceSteps());
		final boolean handedOver = ask.denoisingStart() > 0;
		final int from = handedOver ? Stages.startAfter(scheduler, schedule, ask.denoisingStart())
			: Stages.start("strength", scheduler, ask.strength(), ask.numInferenceSteps());
		final int to = Stages.end(scheduler, schedule, from, ask.denoisingEnd());
		if (from >= to) throw new DiffEditException("denoisingStart and denoisingEnd leave no step of " + ask.numInferenceSteps() + "; use more steps.");

		final Start start = start(sources, ask, schedule, from);
		final StepArguments arguments = StepArguments.DEFAULTS.withNoise(start.noise).withEta(ask.eta());
		final Denoising loop = new Denoising("Inpainting", guidance(input.count(), ask, start.latents), schedule, arguments, listener);
		if (seesMask) loop.seeing(x -> Tensor.cat(1, x, start.mask, start.masked));
		else loop.after((latents, i) -> blended(latents, start, backgroundAt(start, schedule, i, to, ask)));
		final Tensor latents = loop.run(start.latents, from, to);
		final Decoded decoded = ask.output() == OutputType.IMAGE ? new ImageEncoder(model, ask.mode()).decode(latents) : Decoded.NONE;
		return new GenerationResult(pictures(decoded.pictures(), sources, ask), Latents.of(latents), decoded.flagged());
	}

	private Guidance guidance(final int images, final InpaintRequest ask, final Tensor latents) {
		final int factor = model.vae().scaleFactor();
		final ImageSize size = new ImageSize((int) latents.size(2) * factor, (int) latents.size(3) * factor);
		final PromptConditioner words = new PromptConditioner(model, ask.clipSkip(), ask.sizes(), size, ask.mode());
		return Guidance.of(model, words, ask.prompt(), ask.negative(), ask.guidanceScale(), ask.guidanceRescale(), images)
			.repeated(ask.numImagesPerPrompt());
	}

	// -- where the loop begins --

	/** Everything that is drawn and encoded before the loop; {@code clean} and {@code masked} as far as the model needs them. */
	private static final class Start {

		private Noise noise;
		private Tensor drawn;
		private Tensor clean;
		private Tensor latents;
		private Tensor mask;
		private Tensor masked;
	}

	/** Draws in the order of diffusers: posterior of the image, noise, posterior of the masked image. */
	private Start start(final List<InpaintSource> sources, final InpaintRequest ask, final SchedulerRun schedule, final int from) {
		final Start start = new Start();
		start.noise = Noise.of(ask.seeds());
		final boolean handedOver = ask.denoisingStart() > 0;
		final boolean pureNoise = ask.strength() == 1 && !handedOver;
		start.mask = copies(Tensor.cat(sources.stream().map(s -> place(s.latentMask())).toList(), 0), ask);
		if (!seesMask || !pureNoise) start.clean = latents(sources, false, ask, start.noise);
		final long[] shape = start.mask.shape();
		shape[1] = model.vae().latentChannels();
		start.drawn = start.noise.randn(model.unet().dtype(), shape).to(model.device());
		if (handedOver) start.latents = ask.latents().map(latents -> Stages.placed(model, latents, shape)).orElse(start.clean);
		else if (pureNoise) start.latents = start.drawn.multiply(schedule.initNoiseSigma());
		else start.latents = schedule.addNoise(start.clean, start.drawn, from);
		if (seesMask || ask.mode() == Mode.PARITY && sources.get(0).isPicture()) start.masked = latents(sources, true, ask, start.noise);
		return start;
	}

	/** Latents of the images, or of what the mask leaves of them. One shared seed draws once per image. */
	private Tensor latents(final List<InpaintSource> sources, final boolean masked, final InpaintRequest ask, final Noise noise) {
		final ImageEncoder encoder = new ImageEncoder(model, ask.mode());
		if (!sources.get(0).isPicture()) return copies(encoder.encode(sources.get(0).input(), 1, noise), ask);
		final Tensor images = Tensor.cat(sources.stream().map(s -> masked ? s.maskedImage() : s.image()).toList(), 0);
		return ask.seeds().size() > 1 ? encoder.encode(images, ask.numImagesPerPrompt(), noise) : copies(encoder.encode(images, 1, noise), ask);
	}

	private Tensor copies(final Tensor rows, final InpaintRequest ask) {
		return ask.mode() == Mode.PARITY ? rows.repeat(ask.numImagesPerPrompt()) : rows.repeatInterleave(ask.numImagesPerPrompt());
	}

	private Tensor place(final Tensor tensor) {
		return tensor.to(model.unet().dtype()).to(model.device());
	}

	// -- background of ordinary models --

	/** The image at the noise level that the step has reached; clean after the last one. */
	private static Tensor backgroundAt(final Start start, final SchedulerRun schedule, final int i, final int to, final InpaintRequest ask) {
		final boolean last = ask.mode() == Mode.PARITY ? i == to - 1 : i == schedule.size() - 1;
		return last ? start.clean : schedule.addNoise(start.clean, start.drawn, i + 1);
	}

	private static Tensor blended(final Tensor latents, final Start start, final Tensor background) {
		return background.multiply(start.mask.multiply(-1).plus(1)).plus(latents.multiply(start.mask));
	}

	// -- pictures --

	private static List<Picture> pictures(final List<Picture> decoded, final List<InpaintSource> sources, final InpaintRequest ask) {
		final List<Picture> pictures = new ArrayList<>();
		for (int i = 0; i < decoded.size(); i++) {
			final InpaintSource source = sources.get(Math.min(sources.size() - 1, i / ask.numImagesPerPrompt()));
			pictures.add(source.finished(decoded.get(i)));
		}
		return pictures;
	}
}
