package sc.fiji.diffedit.pipelines;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.TiledUNet;
import sc.fiji.diffedit.pipelines.ImageEncoder.Decoded;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.schedulers.StepArguments;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Step 3 of DiffEdit: from the inverted latents back under the new prompt, and after each step everything outside the mask
 * is taken from the inversion. Matches {@code __call__} of diffusers' {@code pipeline_stable_diffusion_diffedit.py}.
 * <p>
 * On purpose different outside parity mode: the background has the noise level of the sample (diffusers pastes it one step
 * late), it ends with the image's own latents, and pixels outside the mask are the input's. Nothing in diffusers answers to
 * the refiner of the last steps.
 */
final class MaskedDenoising {

	static final String STAGE = "Edit";

	private final DiffusionModel model;
	private final Optional<DiffusionModel> refiner;
	private final EditRequest request;
	private final Inversion inversion;
	private final EditMasks masks;
	/** With prompts of their own; empty where one prompt counts everywhere. */
	private final List<EditRegion> regions;
	private final StepListener listener;

	MaskedDenoising(final DiffusionModel model, final Optional<DiffusionModel> refiner, final EditRequest request, final List<Mask> masks,
		final Inversion inversion, final List<EditRegion> regions, final StepListener listener)
	{
		this.model = model;
		this.refiner = refiner;
		this.request = request;
		this.inversion = inversion;
		this.masks = new EditMasks(request, masks, inversion, model.vae().vaeScale());
		this.regions = regions;
		this.listener = listener;
	}

	EditResult run() {
		final Tensor latents = masks.isEmpty() ? inversion.method().latents(level(lastLevel())) : denoised();
		final Decoded decoded = decoded(latents);
		final List<Picture> pictures = masks.isEmpty() ? decoded.pictures() : masks.pasted(decoded.pictures());
		final int duplicates = request.numImagesPerPrompt() / masks.copies();
		return new EditResult(repeated(pictures, duplicates), Latents.of(latents.repeatInterleave(duplicates)), repeated(decoded.flagged(), duplicates));
	}

	/** The model's own steps, and after them those of the refiner, if it was requested. */
	private Tensor denoised() {
		if (inversion.method().isExact()) return denoisedExactly();
		final StepArguments arguments = StepArguments.DEFAULTS.withNoise(Noise.of(request.seeds())).withEta(request.eta());
		final Scheduler scheduler = Stages.scheduler(model, inversion.method() == InversionMethod.DPM_SOLVER ? "DPMSolverMultistepScheduler" : "DDIMScheduler");
		final SchedulerRun schedule = scheduler.run(request.numInferenceSteps());
		final int handover = Stages.end(scheduler, schedule, request.firstStep(), request.denoisingEnd());
		final Tensor own = denoising(STAGE, model, prompts(), negatives(), schedule, arguments).run(level(0), request.firstStep(), handover);
		if (handover == schedule.size()) return own;
		final DiffusionModel next = refiner.orElseThrow();
		final int width = next.unet().config().crossAttentionDim().get(0);
		return denoising("Refinement", next, forRefiner(prompts(), width), forRefiner(negatives(), width), scheduleOf(next, schedule), arguments)
			.run(own, handover, schedule.size());
	}

	/** The way back along which the inversion came. */
	private Tensor denoisedExactly() {
		final NoisePredictor guidance = guidance(model, prompts(), negatives());
		final LevelNoise predicted = LevelNoise.of(Stages.levels(model, request.numInferenceSteps(), request.steps()), request.steps(), guidance, model);
		final ExactPath path = ExactPath.of(inversion.method(), predicted, Noise.of(request.seeds()));
		return new ExactDenoising(path, inversion.method(), listener)
			.run(request.steps(), level -> level(request.steps() - level), (latents, kept, level) -> blend(latents, kept, request.steps() - level));
	}

	private Denoising denoising(final String stage, final DiffusionModel who, final List<Prompt> prompt, final List<Prompt> negative,
		final SchedulerRun schedule, final StepArguments arguments)
	{
		return new Denoising(stage, guidance(who, prompt, negative), schedule, arguments, listener)
			.after((latents, i) -> blend(latents, background(i - request.firstStep()), i - request.firstStep() + 1));
	}

	private List<Prompt> prompts() {
		return regions.isEmpty() ? request.prompt() : regions.stream().map(EditRegion::prompt).toList();
	}

	private List<Prompt> negatives() {
		return regions.isEmpty() ? request.negative() : regions.stream().map(EditRegion::negative).toList();
	}

	private NoisePredictor guidance(final DiffusionModel who, final List<Prompt> prompt, final List<Prompt> negative) {
		final Latents latents = inversion.trajectories().get(0);
		final PromptConditioner conditioner = PromptConditioner.plain(who, request.clipSkip(), latents.height(), latents.width());
		final DiffusionModel within = who.withUnet(TiledUNet.within(who.unet(), masks.anywhere())); // the rest is not kept
		final int rows = regions.isEmpty() ? inversion.count() : regions.size();
		final Guidance guidance = Guidance.of(within, conditioner, prompt, negative, request.guidanceScale(), 0, rows).within(request.guidanceInterval()).reusing(request.deepCache()).repeated(masks.copies());
		return regions.isEmpty() ? guidance : new RegionGuidance(guidance, regions.stream().map(region -> masks.atLatents(region.mask())).toList(), this::place);
	}

	private SchedulerRun scheduleOf(final DiffusionModel next, final SchedulerRun schedule) {
		final SchedulerRun other = Stages.scheduler(next, "DDIMScheduler").run(request.numInferenceSteps());
		if (Arrays.equals(other.timesteps(), schedule.timesteps())) return other;
		throw new DiffEditException("The noise schedule of refiner '" + next.name() + "' is not that of '" + model.name() + "'; choose the refiner of that model.");
	}

	private static List<Prompt> forRefiner(final List<Prompt> prompts, final int width) {
		return prompts.stream().map(prompt -> prompt instanceof Prompt.Embedding embedding ? embedding.ofSecondEncoder(width) : prompt).toList();
	}

	/** @param taken steps that are behind */
	private Tensor blend(final Tensor inside, final Tensor outside, final int taken) {
		final Tensor mask = place(masks.after(taken));
		return inside.multiply(mask).plus(outside.multiply(mask.multiply(-1).plus(1)));
	}

	/** What lies outside the mask after step {@code i}: latents of the level that the step has reached. */
	private Tensor background(final int i) {
		final int level = request.mode() == Mode.PARITY ? i : i + 1;
		return level(Math.min(level, lastLevel()));
	}

	private int lastLevel() {
		return inversion.clean() && request.mode() == Mode.DEFAULT ? request.steps() : request.steps() - 1;
	}

	/** Inverted latents of all images, {@code i} steps below the strength of this edit, a copy for each result. */
	private Tensor level(final int i) {
		final int at = inversion.steps() - request.steps() + i;
		return place(Latents.cat(inversion.trajectories().stream().map(path -> path.get(at)).toList()).toTensor()).repeatInterleave(masks.copies());
	}

	/** Exact paths keep 32 bits. */
	private Tensor place(final Tensor values) {
		return values.to(inversion.method().isExact() ? DType.FLOAT32 : model.unet().dtype()).to(model.device());
	}

	/** Pictures before anything is pasted; with an empty mask those that were inverted, where they are known. */
	private Decoded decoded(final Tensor latents) {
		if (request.output() == OutputType.LATENT) return Decoded.NONE;
		if (!masks.isEmpty() || !masks.pastesBack()) return new ImageEncoder(model, request.mode()).decode(latents);
		final List<Picture> originals = repeated(inversion.originals(), masks.copies());
		return new Decoded(originals, Collections.nCopies(originals.size(), false));
	}

	private static <T> List<T> repeated(final List<T> values, final int times) {
		return values.stream().flatMap(value -> Collections.nCopies(times, value).stream()).toList();
	}
}
