package sc.fiji.diffedit.pipelines;

import java.util.List;

import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Everything that inpainting draws and encodes before its loop, in the order of diffusers: posterior of the image, noise,
 * posterior of the masked image. Also what the loop takes from it: the background of ordinary models, and what inpainting
 * models see besides. All tensors have a row for each result.
 */
final class InpaintStart {

	private final DiffusionModel model;
	private final InpaintRequest request;
	private final SchedulerRun schedule;
	private final Noise noise;
	private final Tensor drawn;
	private final Tensor latents;
	private final Tensor mask;
	/** The images' own latents, as far as the model needs them. */
	private final Tensor clean;
	/** Latents of what the mask leaves of the images, as far as the model needs them. */
	private final Tensor masked;

	/**
	 * @param from index of the first step
	 * @param seesMask whether it is an inpainting model
	 */
	InpaintStart(final DiffusionModel model, final InpaintRequest request, final List<InpaintSource> sources, final SchedulerRun schedule, final int from,
		final boolean seesMask)
	{
		this.model = model;
		this.request = request;
		this.schedule = schedule;
		this.noise = Noise.of(request.seeds());
		final boolean handedOver = request.denoisingStart() > 0;
		final boolean pureNoise = request.strength() == 1 && !handedOver;
		mask = copies(Tensor.cat(sources.stream().map(source -> place(source.latentMask())).toList(), 0));
		clean = !seesMask || !pureNoise ? encoded(sources, false) : null;
		final long[] shape = mask.shape();
		shape[1] = model.vae().latentChannels();
		drawn = noise.randn(model.unet().dtype(), shape).to(model.device());
		if (handedOver) latents = request.latents().map(given -> Stages.placed(model, given, shape)).orElse(clean);
		else latents = pureNoise ? drawn.multiply(schedule.initNoiseSigma()) : schedule.addNoise(clean, drawn, from);
		masked = seesMask || request.mode() == Mode.PARITY && sources.get(0).isPicture() ? encoded(sources, true) : null;
	}

	/** Latents of the images, or of what the mask leaves of them. One shared seed draws once per image. */
	private Tensor encoded(final List<InpaintSource> sources, final boolean masked) {
		final ImageEncoder encoder = new ImageEncoder(model, request.mode());
		if (!sources.get(0).isPicture()) return copies(encoder.encode(sources.get(0).input(), 1, noise));
		final Tensor images = Tensor.cat(sources.stream().map(source -> masked ? source.maskedImage() : source.image()).toList(), 0);
		return request.seeds().size() > 1 ? encoder.encode(images, request.numImagesPerPrompt(), noise) : copies(encoder.encode(images, 1, noise));
	}

	private Tensor copies(final Tensor rows) {
		return request.mode() == Mode.PARITY ? rows.repeat(request.numImagesPerPrompt()) : rows.repeatInterleave(request.numImagesPerPrompt());
	}

	private Tensor place(final Tensor tensor) {
		return tensor.to(model.unet().dtype()).to(model.device());
	}

	/** What was drawn from so far; the loop draws on. */
	Noise noise() {
		return noise;
	}

	/** Where the loop begins. */
	Tensor latents() {
		return latents;
	}

	/** What an inpainting model sees: the latents, the mask, and what the mask leaves of the image. */
	Tensor besideMask(final Tensor x) {
		return Tensor.cat(1, x, mask, masked);
	}

	/**
	 * For ordinary models: the latents inside the mask, the image at the noise level that the step has reached outside.
	 *
	 * @param i index of the step just taken
	 * @param to index after the last one
	 */
	Tensor blended(final Tensor latents, final int i, final int to) {
		return background(i, to).multiply(mask.multiply(-1).plus(1)).plus(latents.multiply(mask));
	}

	private Tensor background(final int i, final int to) {
		final boolean last = request.mode() == Mode.PARITY ? i == to - 1 : i == schedule.size() - 1;
		return last ? clean : schedule.addNoise(clean, drawn, i + 1);
	}
}
