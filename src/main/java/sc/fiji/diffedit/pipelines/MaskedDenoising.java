package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.ImageEncoder.Decoded;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.schedulers.StepArguments;
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

	private final DiffusionModel model;
	private final Optional<DiffusionModel> refiner;
	private final EditRequest ask;
	private final Inversion inversion;
	private final List<Mask> masks;
	private final StepListener listener;
	private final int steps;
	private final int copies;

	MaskedDenoising(final DiffusionModel model, final Optional<DiffusionModel> refiner, final EditRequest ask, final List<Mask> masks,
		final Inversion inversion, final StepListener listener)
	{
		this.model = model;
		this.refiner = refiner;
		this.ask = ask;
		this.inversion = inversion;
		this.masks = masks;
		this.listener = listener;
		this.steps = Checks.steps("inpaintStrength", ask.inpaintStrength(), ask.numInferenceSteps());
		this.copies = ask.eta() > 0 ? ask.numImagesPerPrompt() : 1;
	}

	static void check(final DiffusionModel model, final Optional<DiffusionModel> refiner, final EditRequest ask, final List<Mask> masks,
		final Inversion inversion)
	{
		Checks.said("target", ask.prompt(), ask.mode());
		Checks.perImage("the prompt", ask.prompt(), inversion.count());
		Checks.perImage("the negative prompt", ask.negative(), inversion.count());
		Checks.perImage("the mask", masks, inversion.count());
		Checks.atLeastOne("numImagesPerPrompt", ask.numImagesPerPrompt());
		Checks.between("eta", ask.eta(), 0, 1);
		Checks.finite("guidanceScale", ask.guidanceScale());
		Checks.between("denoisingEnd", ask.denoisingEnd(), 0, 1);
		if (ask.denoisingEnd() < 1 && refiner.isEmpty()) {
			throw new DiffEditException("denoisingEnd is " + ask.denoisingEnd() + ", but there is no refiner to go on from there; give one, or 1.");
		}
		final int steps = Checks.steps("inpaintStrength", ask.inpaintStrength(), ask.numInferenceSteps());
		if (inversion.numInferenceSteps() != ask.numInferenceSteps() || inversion.steps() < steps) {
			throw new DiffEditException("The inversion has " + inversion.steps() + " of " + inversion.numInferenceSteps()
				+ " steps, but the edit needs " + steps + " of " + ask.numInferenceSteps()
				+ "; use the same numInferenceSteps and an inpaintStrength no larger than the inversion's.");
		}
		final int channels = inversion.trajectories().get(0).channels();
		if (channels != model.vae().latentChannels()) {
			throw new DiffEditException("The inversion has " + channels + " latent channels, but model '" + model.name() + "' uses "
				+ model.vae().latentChannels() + "; invert the image with the same model.");
		}
	}

	EditResult run() {
		final List<Mask> latentMasks = latentMasks();
		final boolean nothingToDo = latentMasks.stream().allMatch(Mask::isEmpty);
		final Tensor result = nothingToDo ? untouched() : denoised(maskTensor(latentMasks));
		final int duplicates = ask.numImagesPerPrompt() / copies;
		final Decoded decoded = decoded(result, nothingToDo);
		final List<Picture> finished = nothingToDo ? decoded.pictures() : pasted(decoded.pictures(), latentMasks);
		return new EditResult(repeated(finished, duplicates), Latents.of(result.repeatInterleave(duplicates)),
			repeated(decoded.flagged(), duplicates));
	}

	/** Pictures before anything is pasted; with an empty mask those that were inverted, where they are known. */
	private Decoded decoded(final Tensor latents, final boolean nothingToDo) {
		if (ask.output() == OutputType.LATENT) return Decoded.NONE;
		if (!nothingToDo || !pastesBack()) return new ImageEncoder(model, ask.mode()).decode(latents);
		final List<Picture> originals = repeated(inversion.originals(), copies);
		return new Decoded(originals, originals.stream().map(p -> false).toList());
	}

	// -- masks --

	/** The masks at the resolution of the latents, one per image. */
	private List<Mask> latentMasks() {
		final Latents latents = inversion.trajectories().get(0);
		final List<Mask> fitting = new ArrayList<>();
		for (int i = 0; i < inversion.count(); i++) {
			final Mask mask = masks.get(masks.size() == 1 ? 0 : i);
			if (mask.width() == latents.width() && mask.height() == latents.height()) fitting.add(mask);
			else if (isPixelMask(mask)) fitting.add(Fit.toLatents(mask, model.vae().scaleFactor()));
			else throw new DiffEditException("The mask is " + mask.width() + " x " + mask.height() + ", but the image's latents are "
				+ latents.width() + " x " + latents.height() + "; give a mask of that size" + pixelSize() + ".");
		}
		return ask.mode() == Mode.PARITY ? fitting.stream().map(Mask::binary).toList() : fitting;
	}

	private String pixelSize() {
		if (!pastesBack()) return "";
		final Picture original = inversion.originals().get(0);
		return " or of the image (" + original.width() + " x " + original.height() + ")";
	}

	private boolean isPixelMask(final Mask mask) {
		if (!pastesBack()) return false;
		final Picture original = inversion.originals().get(0);
		return mask.width() == original.width() && mask.height() == original.height();
	}

	/** Shape (images * copies, 1, h, w). With several copies of several images diffusers tiles here and interleaves elsewhere. */
	private Tensor maskTensor(final List<Mask> latentMasks) {
		final List<Tensor> planes = new ArrayList<>();
		for (final Mask mask : latentMasks) planes.add(Tensor.of(mask.values(), 1, 1, mask.height(), mask.width()));
		final Tensor all = place(Tensor.cat(planes, 0));
		return ask.mode() == Mode.PARITY ? all.repeat(copies) : all.repeatInterleave(copies);
	}

	// -- denoising --

	/** The model's own steps, and after them those of the refiner, if it was asked for. */
	private Tensor denoised(final Tensor mask) {
		final StepArguments arguments = StepArguments.DEFAULTS.withNoise(Noise.of(ask.seeds())).withEta(ask.eta());
		final Scheduler scheduler = Stages.scheduler(model, "DDIMScheduler");
		final SchedulerRun schedule = scheduler.run(ask.numInferenceSteps());
		final int first = ask.numInferenceSteps() - steps;
		final int handover = Stages.end(scheduler, schedule, first, ask.denoisingEnd());
		final Tensor own = denoising("Edit", model, ask.prompt(), ask.negative(), schedule, arguments, mask).run(level(0), first, handover);
		if (handover == schedule.size()) return own;
		final DiffusionModel next = refiner.orElseThrow();
		final int width = next.unet().config().crossAttentionDim().get(0);
		return denoising("Refinement", next, forRefiner(ask.prompt(), width), forRefiner(ask.negative(), width), scheduleOf(next, schedule), arguments, mask)
			.run(own, handover, schedule.size());
	}

	private Denoising denoising(final String stage, final DiffusionModel who, final List<Prompt> prompt, final List<Prompt> negative,
		final SchedulerRun schedule, final StepArguments arguments, final Tensor mask)
	{
		final PromptConditioner words = PromptConditioner.plain(who, ask.clipSkip(), mask.size(2), mask.size(3));
		final Guidance guidance = Guidance.of(who, words, prompt, negative, ask.guidanceScale(), 0, inversion.count()).repeated(copies);
		final int first = ask.numInferenceSteps() - steps;
		return new Denoising(stage, guidance, schedule, arguments, listener)
			.after((latents, i) -> blend(latents, background(i - first), mask));
	}

	private SchedulerRun scheduleOf(final DiffusionModel next, final SchedulerRun schedule) {
		final SchedulerRun other = Stages.scheduler(next, "DDIMScheduler").run(ask.numInferenceSteps());
		if (Arrays.equals(other.timesteps(), schedule.timesteps())) return other;
		throw new DiffEditException("The noise schedule of refiner '" + next.name() + "' is not that of '" + model.name() + "'; choose the refiner of that model.");
	}

	private static List<Prompt> forRefiner(final List<Prompt> prompts, final int width) {
		return prompts.stream().map(prompt -> prompt instanceof Prompt.Embedding given ? given.ofSecondEncoder(width) : prompt).toList();
	}

	private static Tensor blend(final Tensor inside, final Tensor outside, final Tensor mask) {
		return inside.multiply(mask).plus(outside.multiply(mask.multiply(-1).plus(1)));
	}

	/** What lies outside the mask after step {@code i}: latents of the level that the step has reached. */
	private Tensor background(final int i) {
		final int level = ask.mode() == Mode.PARITY ? i : i + 1;
		return level(Math.min(level, lastLevel()));
	}

	private int lastLevel() {
		return inversion.clean() && ask.mode() == Mode.DEFAULT ? steps : steps - 1;
	}

	/** What an edit with an empty mask leaves: the last background. */
	private Tensor untouched() {
		return level(lastLevel());
	}

	/** Inverted latents of all images, {@code i} steps below the strength of this edit, each {@code copies} times. */
	private Tensor level(final int i) {
		final List<Tensor> latents = new ArrayList<>();
		for (final Latents trajectory : inversion.trajectories()) {
			final int size = trajectory.values().length / trajectory.count();
			final int from = (inversion.steps() - steps + i) * size;
			latents.add(Tensor.of(Arrays.copyOfRange(trajectory.values(), from, from + size), 1, trajectory.channels(),
				trajectory.height(), trajectory.width()));
		}
		return place(Tensor.cat(latents, 0)).repeatInterleave(copies);
	}

	private Tensor place(final Tensor values) {
		return values.to(model.unet().dtype()).to(model.device());
	}

	// -- pictures --

	private boolean pastesBack() {
		return ask.mode() == Mode.DEFAULT && !inversion.originals().isEmpty();
	}

	/** The decoded pictures inside the masks, the input's own pixels outside. */
	private List<Picture> pasted(final List<Picture> decoded, final List<Mask> latentMasks) {
		if (!pastesBack()) return decoded;
		final List<Picture> pasted = new ArrayList<>();
		for (int i = 0; i < decoded.size(); i++) {
			final int image = i / copies;
			final Picture original = inversion.originals().get(image);
			final Mask given = masks.get(masks.size() == 1 ? 0 : image);
			final Mask pixels = isPixelMask(given) ? given
				: Fit.toPixels(latentMasks.get(image), model.vae().scaleFactor(), original.width(), original.height());
			pasted.add(Fit.pasted(Fit.cropped(decoded.get(i), original.width(), original.height()), original, pixels));
		}
		return pasted;
	}

	private static <T> List<T> repeated(final List<T> values, final int times) {
		final List<T> repeated = new ArrayList<>();
		for (final T value : values) {
			for (int i = 0; i < times; i++) repeated.add(value);
		}
		return repeated;
	}
}
