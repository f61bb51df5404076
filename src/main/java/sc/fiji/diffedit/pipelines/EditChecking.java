package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.VaeScale;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Whether an edit has come to what it should: noise is put on the result, and the network predicts it with either prompt. The squared
 * errors inside of the mask are those that a <a href="https://arxiv.org/abs/2303.16203">diffusion classifier</a> compares to tell what
 * an image shows.
 */
final class EditChecking {

	static final String STAGE = "Check";

	private final DiffusionModel model;
	private final CheckRequest request;
	private final Latents edited;
	private final List<Mask> masks;
	private final StepListener listener;

	EditChecking(final DiffusionModel model, final CheckRequest request, final Latents edited, final List<Mask> masks, final StepListener listener) {
		this.model = model;
		this.request = request;
		this.edited = edited;
		this.masks = masks;
		this.listener = listener;
	}

	EditCheck run() {
		final Tensor clean = edited.toTensor().to(model.unet().dtype()).to(model.device()), inside = inside();
		final Scheduler scheduler = Stages.scheduler(model, "DDIMScheduler");
		final SchedulerRun schedule = scheduler.run(request.numInferenceSteps());
		final List<Conditioning> prompts = prompts(clean);
		final Noise generators = Noise.of(request.seeds());
		final double[][] losses = new double[2][edited.count()];
		for (int draw = 0; draw < request.draws(); draw++) {
			try (Scope scope = Scope.open()) {
				final int level = request.level(draw);
				final double timestep = schedule.timesteps()[level];
				final Tensor noise = generators.randn(clean.dtype(), clean.shape()).to(model.device()), noisy = schedule.addNoise(clean, noise, level);
				final Tensor wanted = WantedOutput.of(scheduler, schedule, clean, noise, level);
				final List<Tensor> predicted = model.unet().predict(noisy, timestep, prompts);
				for (int which = 0; which < 2; which++) add(losses[which], predicted.get(which).to(DType.FLOAT32).minus(wanted).square().multiply(inside));
				listener.stepped(new StepListener.Step(STAGE, draw, request.draws(), timestep, noisy));
			}
		}
		final List<Double> ratios = new ArrayList<>();
		for (int i = 0; i < edited.count(); i++) ratios.add(losses[1][i] / losses[0][i]);
		return new EditCheck(ratios);
	}

	private List<Conditioning> prompts(final Tensor clean) {
		final PromptConditioner conditioner = PromptConditioner.plain(model, request.clipSkip(), clean.size(2), clean.size(3)).forPrompts(request.source(), request.target());
		return List.of(request.source(), request.target()).stream().map(prompts -> GuidanceEmbedding.in(conditioner.rows(prompts, edited.count()), model.unet(), 1)).toList();
	}

	private static void add(final double[] sums, final Tensor errors) {
		final float[] means = errors.mean(false, 1, 2, 3).toFloatArray();
		for (int i = 0; i < sums.length; i++) sums[i] += means[i];
	}

	/** Shape (1 or results, 1, h, w). */
	private Tensor inside() {
		final VaeScale scale = model.vae().vaeScale();
		final List<Tensor> planes = new ArrayList<>();
		for (final Mask mask : masks) {
			final boolean pixels = mask.width() != edited.width() || mask.height() != edited.height();
			final Mask fitting = pixels ? Sizes.toLatents(mask, scale) : mask;
			if (fitting.width() != edited.width() || fitting.height() != edited.height()) throw new DiffEditException("The mask is " + mask.width() + " x " + mask.height()
				+ ", but the edited latents are " + edited.width() + " x " + edited.height() + "; give the mask of the edit.");
			planes.add(Tensor.of(fitting.values(), 1, 1, fitting.height(), fitting.width()));
		}
		return Tensor.cat(planes, 0).to(model.device());
	}
}
