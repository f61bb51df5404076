package sc.fiji.diffedit.pipelines;

import java.util.List;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.TiledUNet;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Scope;

/**
 * DiffEdit (Couairon, Verbeek, Schwenk, Cord: "DiffEdit: Diffusion-based semantic image editing with mask guidance",
 * ICLR 2023).
 *
 * <pre>{@code
 * ImageInput image = ImageInput.of(picture);
 * MaskResult found = diffEdit.generateMask(image, MaskRequest.between("green nuclei", "cyan nuclei"), StepListener.NONE);
 * Inversion inverted = diffEdit.invert(image, InvertRequest.of("green nuclei"), StepListener.NONE);
 * EditResult edited = diffEdit.edit(EditRequest.to("cyan nuclei"), found.masks(), inverted, StepListener.NONE);
 * }</pre>
 *
 * SDXL base models go the same way; there is no other implementation to agree with, so these are conventions of this
 * project: both text encoders read the prompt unless a {@link Prompt.Text} says otherwise; a negative prompt that is left
 * out ({@link Prompt#NONE}) is zeros, pooled embedding included, where the model's {@code force_zeros_for_empty_prompt} says
 * so, and else the encoded empty text, while a negative of {@code ""} is always encoded; the time ids of every prompt,
 * source, target and negative alike, are (height, width, 0, 0, height, width): the image's own size, lengthened to the
 * autoencoder's factor, uncropped. So two prompts differ by their words alone, and the map of equal prompts is zero.
 * <p>
 * A {@linkplain #withRefiner refiner} may take the last steps of an edit (from {@link EditRequest#denoisingEnd()} on), where
 * it works on details; mask and inversion are the base model's alone. It reads the same prompts with its one text encoder,
 * is told the size in the same way and the usual aesthetic scores (6, and 2.5 for the negative), and everything outside the
 * mask is taken from the inversion after its steps too.
 * <p>
 * Results are plain Java values. Calls must come from the thread that serves the model's device; the model service
 * ({@code service.DiffusionModelService}) sees to that. A call that fails or is cancelled frees what it made and leaves
 * the model usable. Matches diffusers 0.42.1 {@code pipeline_stable_diffusion_diffedit.py} in {@link Mode#PARITY}; each
 * stage's class names what it does differently by default.
 */
public final class DiffEditPipeline {

	private final DiffusionModel model;
	private final Optional<DiffusionModel> refiner;
	private final Optional<Mask> where;

	public DiffEditPipeline(final DiffusionModel model) {
		this(model, Optional.empty(), Optional.empty());
	}

	private DiffEditPipeline(final DiffusionModel model, final Optional<DiffusionModel> refiner, final Optional<Mask> where) {
		Stages.requirePlainUnet(model, "DiffEdit");
		this.model = model;
		this.refiner = refiner;
		this.where = where;
	}

	/**
	 * This pipeline with a model that takes the last steps of edits whose {@code denoisingEnd} is below 1: for SDXL its refiner.
	 *
	 * @throws DiffEditException if its latents are not those of this model
	 */
	public DiffEditPipeline withRefiner(final DiffusionModel refiner) {
		Stages.requirePlainUnet(refiner, "DiffEdit");
		Stages.requireSameLatents(model, refiner);
		return new DiffEditPipeline(model, Optional.of(refiner), where);
	}

	/**
	 * This pipeline for images that will change only within a mask: {@linkplain sc.fiji.diffedit.models.Tiles tiles} in which the mask
	 * is empty are not inverted. Without tiles, and for all other stages, it makes no difference.
	 *
	 * @param pixels a mask of the images' size
	 */
	public DiffEditPipeline within(final Mask pixels) {
		return new DiffEditPipeline(model, refiner, Optional.of(pixels));
	}

	/** @throws DiffEditException if the model cannot be walked back to noise, as those of a few steps cannot */
	public void requireInvertible() {
		Stages.requireInvertible(model);
	}

	private DiffusionModel forInversion() {
		return where.map(pixels -> model.withUnet(TiledUNet.within(model.unet(), Sizes.toLatents(pixels, model.vae().vaeScale())))).orElse(model);
	}

	/**
	 * Finds where two prompts disagree about an image.
	 *
	 * @param images each with a prompt of its own or all with one, or a single one with several prompts
	 * @return one mask per image and prompt at the resolution of the latents, with the raw difference maps
	 * @throws DiffEditException if the request is invalid; the message says what to change
	 */
	public MaskResult generateMask(final ImageInput images, final MaskRequest request, final StepListener listener) {
		final int masks = request.masks(images.count());
		request.checkFor(masks);
		try (Scope scope = Scope.open()) {
			return new MaskGeneration(model, request, masks, listener).run(images);
		}
	}

	/**
	 * Carries images towards noise.
	 *
	 * @param images each with a prompt of its own or all with one, or a single one with several prompts
	 * @throws DiffEditException if the request is invalid; the message says what to change
	 */
	public Inversion invert(final ImageInput images, final InvertRequest request, final StepListener listener) {
		requireInvertible();
		final int inversions = request.inversions(images.count());
		request.checkFor(inversions);
		try (Scope scope = Scope.open()) {
			return new LatentInversion(forInversion(), request, inversions, listener).run(images);
		}
	}

	/**
	 * Brings inverted images back under another prompt, inside the mask only.
	 *
	 * @param masks one for all images or one per image, at the resolution of the latents or, outside parity mode, of the
	 *          image; drawn by hand or found by {@link #generateMask}
	 * @throws DiffEditException if the request is invalid; the message says what to change
	 */
	public EditResult edit(final EditRequest request, final List<Mask> masks, final Inversion inversion, final StepListener listener) {
		return edit(request, masks, inversion, List.of(), listener);
	}

	/**
	 * Brings an inverted image back under several prompts, each within its region, in one pass: the background is kept as exactly as with one,
	 * and predictions for all regions go through the network together. Nothing in diffusers' DiffEdit answers to it; see {@link RegionGuidance}.
	 *
	 * @param request whose prompts do not count
	 * @param regions of one image and of one size; they may overlap. A single one is an edit with its mask and prompt, to the same bits
	 * @throws DiffEditException if the request is invalid; the message says what to change
	 */
	public EditResult editRegions(final EditRequest request, final List<EditRegion> regions, final Inversion inversion, final StepListener listener) {
		EditRegion.check(regions, inversion);
		final EditRequest first = request.withPrompt(List.of(regions.get(0).prompt())).withNegative(List.of(regions.get(0).negative()));
		return edit(first, List.of(EditRegion.together(regions)), inversion, regions.size() == 1 ? List.of() : regions, listener);
	}

	private EditResult edit(final EditRequest request, final List<Mask> masks, final Inversion inversion, final List<EditRegion> regions, final StepListener listener) {
		request.checkFor(inversion, masks);
		checkModels(request, inversion);
		try (Scope scope = Scope.open()) {
			return new MaskedDenoising(model, refiner, request, masks, inversion, regions, listener).run();
		}
	}

	/**
	 * Asks the model whether edits have come to what they should. Nothing in diffusers answers to it.
	 *
	 * @param edited latents of the results, as {@link EditResult#latents} has them
	 * @param masks one for all or one per result, at the resolution of the latents or of the image
	 * @throws DiffEditException if the request is invalid; the message says what to change
	 */
	public EditCheck check(final CheckRequest request, final List<Mask> masks, final Latents edited, final StepListener listener) {
		request.checkFor(edited.count(), masks.size());
		try (Scope scope = Scope.open()) {
			return new EditChecking(model, request, edited, masks, listener).run();
		}
	}

	private void checkModels(final EditRequest request, final Inversion inversion) {
		if (request.denoisingEnd() < 1 && refiner.isEmpty()) {
			throw new DiffEditException("denoisingEnd is " + request.denoisingEnd() + ", but there is no refiner to go on from there; give one, or 1.");
		}
		final int channels = inversion.trajectories().get(0).channels(), needed = model.vae().latentChannels() * inversion.method().parts();
		if (channels != needed) {
			throw new DiffEditException("The inversion has " + channels + " latent channels, but with " + inversion.method().word() + " model '" + model.name() + "' uses "
				+ needed + "; invert the image with the same model.");
		}
	}

	public EditResult edit(final EditRequest request, final Mask mask, final Inversion inversion, final StepListener listener) {
		return edit(request, List.of(mask), inversion, listener);
	}
}
