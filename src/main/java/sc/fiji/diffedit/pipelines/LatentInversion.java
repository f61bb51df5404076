package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Step 2 of DiffEdit: the image is carried towards noise along the deterministic path of DDIM (Song et al. 2020) or
 * {@linkplain InversionMethod another}, and every latent on the way is kept. Matches {@code invert} of diffusers' {@code pipeline_stable_diffusion_diffedit.py};
 * the UNet predicts at the level it moves to, as there. By default unguided, as in the paper, and the latents of the image
 * itself are kept too, which diffusers drops.
 */
final class LatentInversion {

	static final String STAGE = "Inversion";

	private final DiffusionModel model;
	private final InvertRequest request;
	private final int images;
	private final StepListener listener;

	LatentInversion(final DiffusionModel model, final InvertRequest request, final int images, final StepListener listener) {
		this.model = model;
		this.request = request;
		this.images = images;
		this.listener = listener;
	}

	Inversion run(final ImageInput input) {
		final List<Latents> levels = levels(input);
		final List<Latents> trajectories = new ArrayList<>();
		for (int image = 0; image < images; image++) trajectories.add(trajectory(levels, image));
		return new Inversion(trajectories, keepsClean(), request.numInferenceSteps(), request.inversionMethod(), originals(input), decoded(trajectories));
	}

	/** What is kept of all images at each level, from the images themselves to the most noisy. */
	private List<Latents> levels(final ImageInput input) {
		final Noise noise = Noise.of(request.seeds());
		final Tensor clean = new ImageEncoder(model, request.mode()).encode(input, 1, noise).repeat(images / input.count());
		final InversionPath path = InversionPath.of(model, request, guidance(clean), noise);
		final int steps = request.steps();
		Tensor latents = path.start(clean);
		final List<Latents> levels = new ArrayList<>(List.of(Latents.of(latents)));
		for (int i = 0; i < steps; i++) {
			try (Scope scope = Scope.open(); Tensor before = latents) {
				latents = scope.keep(path.up(i, before, level -> levels.get(level).toTensor().to(model.device())));
				levels.add(Latents.of(latents));
				listener.stepped(new StepListener.Step(STAGE, i, steps, path.timestep(i), request.inversionMethod().latents(latents)));
			}
		}
		return levels;
	}

	private Guidance guidance(final Tensor latents) {
		final PromptConditioner conditioner = PromptConditioner.plain(model, request.clipSkip(), latents.size(2), latents.size(3));
		return Guidance.of(model, conditioner, request.prompt(), request.negative(), request.guidanceScale(), 0, images).reusing(request.deepCache());
	}

	/** One image's latents, the most noisy first; the clean ones last or, in parity mode, not at all. */
	private Latents trajectory(final List<Latents> levels, final int image) {
		final List<Latents> path = new ArrayList<>();
		for (int i = levels.size() - 1; i >= (keepsClean() ? 0 : 1); i--) path.add(levels.get(i).get(image));
		return Latents.cat(path);
	}

	private boolean keepsClean() {
		return request.mode() == Mode.DEFAULT;
	}

	private List<Picture> originals(final ImageInput input) {
		if (request.mode() != Mode.DEFAULT || !(input instanceof ImageInput.Pictures given)) return List.of();
		return given.count() == images ? given.pictures() : Collections.nCopies(images, given.pictures().get(0));
	}

	private List<Picture> decoded(final List<Latents> trajectories) {
		final List<Picture> pictures = new ArrayList<>();
		if (!request.decodeLatents()) return pictures;
		for (final Latents trajectory : trajectories) {
			try (Scope scope = Scope.open()) {
				pictures.addAll(new ImageEncoder(model, request.mode()).decode(request.inversionMethod().latents(trajectory.toTensor()).to(model.device())).pictures());
			}
		}
		return pictures;
	}
}
