package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Noise;
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
		final Noise noise = Noise.of(ask.seeds());
		final ImageEncoder encoder = new ImageEncoder(model, ask.mode());
		final Tensor clean = encoder.encode(input, 1, noise);
		final List<Latents> path = path(clean, noise);
		final List<Latents> trajectories = new ArrayList<>();
		for (int image = 0; image < images; image++) trajectories.add(trajectory(path, image));
		return new Inversion(trajectories, keepsClean(), ask.numInferenceSteps(), originals(input), decoded(encoder, trajectories));
	}

	private boolean keepsClean() {
		return ask.mode() == Mode.DEFAULT;
	}

	/** Latents of all images from the image itself to the most noisy. */
	private List<Latents> path(final Tensor clean, final Noise noise) {
		final PromptConditioner words = PromptConditioner.plain(model, ask.clipSkip(), clean.size(2), clean.size(3));
		final Guidance guidance = Guidance.of(model, words, ask.prompt(), ask.negative(), ask.guidanceScale(), 0, images);
		final Scheduler inverse = Stages.scheduler(model, "DDIMInverseScheduler");
		final SchedulerRun schedule = inverse.run(ask.numInferenceSteps());
		final int steps = Checks.steps("inpaintStrength", ask.inpaintStrength(), ask.numInferenceSteps());
		final InversionRegularization regularization = InversionRegularization.of(ask, inverse.config(), noise);
		final List<Latents> path = new ArrayList<>();
		path.add(Latents.of(clean));
		Tensor latents = clean;
		for (int i = 0; i < steps; i++) {
			try (Scope scope = Scope.open()) {
				final double timestep = schedule.timesteps()[i];
				final Tensor predicted = regularization.apply(guidance.predict(latents, timestep), latents, timestep);
				final Tensor next = scope.keep(schedule.step(predicted, i, latents));
				if (latents != clean) latents.close();
				latents = next;
				path.add(Latents.of(latents));
				listener.stepped(new StepListener.Step(STAGE, i, steps, timestep, latents));
			}
		}
		return path;
	}

	/** One image's latents, the most noisy first; the clean ones last or, in parity mode, not at all. */
	private Latents trajectory(final List<Latents> path, final int image) {
		final Latents any = path.get(0);
		final int size = any.values().length / any.count();
		final int count = path.size() - (keepsClean() ? 0 : 1);
		final float[] values = new float[count * size];
		for (int i = 0; i < count; i++) {
			System.arraycopy(path.get(path.size() - 1 - i).values(), image * size, values, i * size, size);
		}
		return new Latents(count, any.channels(), any.height(), any.width(), values);
	}

	private List<Picture> originals(final ImageInput input) {
		return ask.mode() == Mode.DEFAULT && input instanceof ImageInput.Pictures given ? given.pictures() : List.of();
	}

	private List<Picture> decoded(final ImageEncoder encoder, final List<Latents> trajectories) {
		final List<Picture> pictures = new ArrayList<>();
		if (!ask.decodeLatents()) return pictures;
		for (final Latents trajectory : trajectories) {
			try (Scope scope = Scope.open()) {
				pictures.addAll(encoder.decode(trajectory.toTensor().to(model.device())).pictures());
			}
		}
		return pictures;
	}
}
