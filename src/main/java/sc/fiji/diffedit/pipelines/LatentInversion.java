package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import sc.fiji.diffedit.pipelines.ResultKey.Kind;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Numbers;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Step 2 of DiffEdit: the image is carried towards noise along the deterministic path of DDIM (Song et al. 2020), and
 * every latent on the way is kept. Matches {@code invert} of diffusers' {@code pipeline_stable_diffusion_diffedit.py};
 * the UNet is asked at the level it moves to, as there. By default unguided, as in the paper, and the latents of the image
 * itself are kept too, which diffusers drops.
 */
final class LatentInversion {

	static final String STAGE = "Inversion";

	private final DiffusionModel model;
	private final InvertRequest ask;
	private final int images;
	private final StepListener listener;

	LatentInversion(final DiffusionModel model, final InvertRequest ask, final int images, final StepListener listener) {
		this.model = model;
		this.ask = ask;
		this.images = images;
		this.listener = listener;
	}

	static void check(final InvertRequest ask, final int images) {
		Checks.perImage("the prompt", ask.prompt(), images);
		Checks.perImage("the negative prompt", ask.negative(), images);
		Checks.steps("inpaintStrength", ask.inpaintStrength(), ask.numInferenceSteps());
		Checks.finite("guidanceScale", ask.guidanceScale());
		Checks.notNegative("numRegSteps", ask.numRegSteps());
		Checks.atLeastOne("numAutoCorrRolls", ask.numAutoCorrRolls());
		Checks.between("lambdaAutoCorr", ask.lambdaAutoCorr(), 0, 1e9);
		Checks.between("lambdaKl", ask.lambdaKl(), 0, 1e9);
	}

	Inversion run(final ImageInput input) {
		final List<Numbers> path = path(input);
		final List<Latents> trajectories = new ArrayList<>();
		for (int image = 0; image < images; image++) trajectories.add(trajectory(path, image));
		return new Inversion(trajectories, keepsClean(), ask.numInferenceSteps(), originals(input), decoded(trajectories));
	}

	private boolean keepsClean() {
		return ask.mode() == Mode.DEFAULT;
	}

	/**
	 * Latents of all images from the image itself to the most noisy. A path that is known serves every smaller strength, and
	 * is continued for a larger one.
	 */
	private List<Numbers> path(final ImageInput input) {
		final ResultKey key = key(input);
		final int steps = Checks.steps("inpaintStrength", ask.inpaintStrength(), ask.numInferenceSteps());
		final List<Numbers> known = model.kept().find(key);
		final Steps path = new Steps(input, known.size() > steps || ask.numRegSteps() == 0 ? known : List.of());
		try {
			path.walk(steps);
		}
		finally {
			if (path.levels.size() > known.size()) model.kept().keep(key, List.copyOf(path.levels));
		}
		return path.levels.subList(0, steps + 1);
	}

	/** All that can change the path, but not how far it is walked. */
	private ResultKey key(final ImageInput input) {
		final boolean guided = ask.guidanceScale() > 1;
		final ResultKey key = ResultKey.of(Kind.INVERSION, "\"" + ask.prompt().get(0) + "\", " + ask.numInferenceSteps() + " steps").with("images", input)
			.with("mode", ask.mode()).with("seeds", ask.seeds()).with("scheduler", model.scheduler().json().toString())
			.with("numInferenceSteps", ask.numInferenceSteps()).with("prompt", ask.prompt()).with("clipSkip", ask.clipSkip())
			.with("guidanceScale", guided ? ask.guidanceScale() : 1).with("negative", guided ? ask.negative() : List.of());
		return ask.numRegSteps() == 0 ? key : key.with("numRegSteps", ask.numRegSteps()).with("numAutoCorrRolls", ask.numAutoCorrRolls())
			.with("lambdaAutoCorr", ask.lambdaAutoCorr()).with("lambdaKl", ask.lambdaKl());
	}

	/** The walk towards noise. Every step begins from the plain numbers of the one before, known or computed just now. */
	private final class Steps {

		private final ImageInput input;
		private final List<Numbers> levels;
		private final Noise noise = Noise.of(ask.seeds());
		private final Scheduler inverse = Stages.scheduler(model, "DDIMInverseScheduler");
		private final SchedulerRun schedule = inverse.run(ask.numInferenceSteps());
		private final InversionRegularization regularization = InversionRegularization.of(ask, inverse.config(), noise);
		private Optional<Guidance> guidance = Optional.empty();

		Steps(final ImageInput input, final List<Numbers> known) {
			this.input = input;
			this.levels = new ArrayList<>(known);
		}

		/** Leaves the image itself and as many noisier levels as steps. */
		void walk(final int steps) {
			if (levels.isEmpty()) {
				try (Scope scope = Scope.open()) {
					levels.add(Numbers.of(new ImageEncoder(model, ask.mode()).encode(input, 1, noise)));
				}
			}
			for (int i = 0; i < steps; i++) {
				if (levels.size() == i + 1 && guidance.isEmpty()) guidance = Optional.of(guidance());
				try (Scope scope = Scope.open()) {
					final double timestep = schedule.timesteps()[i];
					if (levels.size() == i + 1) levels.add(Numbers.of(next(levels.get(i).toTensor(model.device()), i, timestep)));
					listener.stepped(new StepListener.Step(STAGE, i, steps, timestep, levels.get(i + 1).toTensor(model.device())));
				}
			}
		}

		private Guidance guidance() {
			final long[] shape = levels.get(0).shape();
			final PromptConditioner words = PromptConditioner.plain(model, ask.clipSkip(), shape[2], shape[3]);
			return Guidance.of(model, words, ask.prompt(), ask.negative(), ask.guidanceScale(), 0, images);
		}

		private Tensor next(final Tensor latents, final int i, final double timestep) {
			final Tensor predicted = regularization.apply(guidance.get().predict(latents, timestep), latents, timestep);
			return schedule.step(predicted, i, latents);
		}
	}

	/** One image's latents, the most noisy first; the clean ones last or, in parity mode, not at all. */
	private Latents trajectory(final List<Numbers> path, final int image) {
		final Numbers any = path.get(0);
		final int size = any.values().length / images;
		final int count = path.size() - (keepsClean() ? 0 : 1);
		final float[] values = new float[count * size];
		for (int i = 0; i < count; i++) {
			System.arraycopy(path.get(path.size() - 1 - i).values(), image * size, values, i * size, size);
		}
		return new Latents(count, (int) any.shape()[1], (int) any.shape()[2], (int) any.shape()[3], values);
	}

	private List<Picture> originals(final ImageInput input) {
		return ask.mode() == Mode.DEFAULT && input instanceof ImageInput.Pictures given ? given.pictures() : List.of();
	}

	private List<Picture> decoded(final List<Latents> trajectories) {
		final List<Picture> pictures = new ArrayList<>();
		if (!ask.decodeLatents()) return pictures;
		for (final Latents trajectory : trajectories) {
			try (Scope scope = Scope.open()) {
				pictures.addAll(new ImageEncoder(model, ask.mode()).decode(trajectory.toTensor().to(model.device())).pictures());
			}
		}
		return pictures;
	}
}
