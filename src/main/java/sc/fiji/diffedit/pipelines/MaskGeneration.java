package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Step 1 of DiffEdit (Couairon et al. 2023, section 3.2): the mask is where two prompts disagree about the noise. Matches
 * {@code generate_mask} of diffusers' {@code pipeline_stable_diffusion_diffedit.py}, less the work that cannot change the
 * result: with equal negatives guidance only scales the difference, so no unconditional pass is made; each image is
 * encoded once; noisy copies go through the UNet in small batches.
 * <p>
 * On purpose different outside parity mode: diffusers swaps prompt and negative prompt (guides away from the prompt),
 * shares the threshold's mean over the batch, and answers equal prompts with a mask of ones.
 */
final class MaskGeneration {

	static final String STAGE = "Mask";

	/** Latent pixels in one UNet call; two prompts on a 512 x 512 image with factor 8. */
	private static final long LATENT_PIXELS_PER_CALL = 2 * 64 * 64;

	private final DiffusionModel model;
	private final MaskRequest ask;
	private final StepListener listener;
	private final int images;

	MaskGeneration(final DiffusionModel model, final MaskRequest ask, final int images, final StepListener listener) {
		this.model = model;
		this.ask = ask;
		this.images = images;
		this.listener = listener;
	}

	static void check(final MaskRequest ask, final int images) {
		Checks.said("source", ask.source(), ask.mode());
		Checks.said("target", ask.target(), ask.mode());
		Checks.perImage("the source prompt", ask.source(), images);
		Checks.perImage("the target prompt", ask.target(), images);
		Checks.perImage("the source negative prompt", ask.sourceNegative(), images);
		Checks.perImage("the target negative prompt", ask.targetNegative(), images);
		Checks.atLeastOne("numMapsPerMask", ask.numMapsPerMask());
		Checks.thresholdingRatio(ask.maskThresholdingRatio());
		Checks.finite("guidanceScale", ask.guidanceScale());
		Checks.steps("maskEncodeStrength", ask.maskEncodeStrength(), ask.numInferenceSteps());
	}

	MaskResult run(final ImageInput input) {
		final Scheduler ddim = Stages.scheduler(model, "DDIMScheduler");
		final SchedulerRun schedule = ddim.run(ask.numInferenceSteps());
		final int steps = Checks.steps("maskEncodeStrength", ask.maskEncodeStrength(), ask.numInferenceSteps());
		final int first = ask.numInferenceSteps() - steps;

		final Noise noise = Noise.of(ask.seeds());
		final Tensor clean = new ImageEncoder(model, ask.mode()).encode(input, ask.numMapsPerMask(), noise);
		final Tensor noisy = schedule.addNoise(clean, noise.randn(clean.dtype(), clean.shape()).to(model.device()), first);
		return MaskResult.of(differences(noisy, schedule.timesteps()[first]), ask);
	}

	/** Mean absolute difference over maps and channels, one map per image. */
	private List<DifferenceMap> differences(final Tensor noisy, final double timestep) {
		final int width = (int) noisy.size(3);
		final int height = (int) noisy.size(2);
		final double[][] sums = new double[images][width * height];
		final Disagreement disagreement = new Disagreement(height, width);
		final int total = images * ask.numMapsPerMask();
		final int batch = batchSize(total, (long) width * height * disagreement.rowsPerCopy());
		for (int from = 0; from < total; from += batch) {
			try (Scope scope = Scope.open()) {
				final Tensor copies = noisy.slice(0, from, from + batch);
				final float[] planes = disagreement.of(copies, from, timestep).toFloatArray();
				add(planes, sums, from, batch);
				listener.stepped(new StepListener.Step(STAGE, from / batch, total / batch, timestep, copies));
			}
		}
		final List<DifferenceMap> maps = new ArrayList<>();
		for (final double[] sum : sums) maps.add(new DifferenceMap(width, height, mean(sum)));
		return maps;
	}

	/** The largest divisor of the number of copies that keeps one call within its bound. */
	private static int batchSize(final int total, final long pixelsPerCopy) {
		int batch = (int) Math.max(1, Math.min(total, LATENT_PIXELS_PER_CALL / pixelsPerCopy));
		while (total % batch != 0) batch--;
		return batch;
	}

	private void add(final float[] planes, final double[][] sums, final int from, final int batch) {
		final int size = planes.length / batch;
		for (int i = 0; i < planes.length; i++) sums[(from + i / size) / ask.numMapsPerMask()][i % size] += planes[i];
	}

	private float[] mean(final double[] sum) {
		final float[] mean = new float[sum.length];
		for (int i = 0; i < mean.length; i++) mean[i] = (float) (sum[i] / ask.numMapsPerMask());
		return mean;
	}

	/** How two prompts are compared: two predictions per copy where the negatives are equal, four where they differ. */
	private final class Disagreement {

		private final Conditioning[] conditions;
		private final double scale = ask.guidanceScale();

		Disagreement(final long latentHeight, final long latentWidth) {
			final PromptConditioner words = PromptConditioner.plain(model, ask.clipSkip(), latentHeight, latentWidth)
				.forPrompts(ask.source(), ask.target(), ask.sourceNegative(), ask.targetNegative());
			final boolean two = scale <= 1 || words.same(ask.sourceNegative(), ask.targetNegative(), images);
			conditions = new Conditioning[two ? 2 : 4];
			conditions[0] = copies(words.rows(ask.source(), images));
			conditions[1] = copies(words.rows(ask.target(), images));
			if (two) return;
			conditions[2] = copies(words.negativeRows(ask.sourceNegative(), images));
			conditions[3] = copies(words.negativeRows(ask.targetNegative(), images));
		}

		private Conditioning copies(final Conditioning rows) {
			return rows.map(t -> t.repeatInterleave(ask.numMapsPerMask()));
		}

		int rowsPerCopy() {
			return conditions.length;
		}

		/** Mean over channels of the absolute difference, shape (copies, h, w). */
		Tensor of(final Tensor copies, final long from, final double timestep) {
			final long to = from + copies.size(0);
			final List<Conditioning> rows = new ArrayList<>();
			for (final Conditioning condition : conditions) rows.add(condition.map(t -> t.slice(0, from, to)));
			final Tensor sample = copies.repeat(conditions.length);
			final List<Tensor> predicted = model.unet().forward(sample, timestep, Conditioning.cat(rows)).chunk(conditions.length, 0);
			return difference(predicted).abs().mean(false, 1);
		}

		private Tensor difference(final List<Tensor> predicted) {
			final Tensor source = predicted.get(0);
			final Tensor target = predicted.get(1);
			if (predicted.size() == 2) return target.minus(source).multiply(equalNegativesFactor());
			final Tensor sourceNegative = predicted.get(2);
			final Tensor targetNegative = predicted.get(3);
			return ask.mode() == Mode.PARITY ? guided(target, targetNegative).minus(guided(source, sourceNegative))
				: guided(targetNegative, target).minus(guided(sourceNegative, source));
		}

		private Tensor guided(final Tensor from, final Tensor towards) {
			return from.plus(towards.minus(from).multiply(scale));
		}

		/** What guidance does to the difference when the negatives cancel: with diffusers' swap, 1 - scale. */
		private double equalNegativesFactor() {
			if (scale <= 1) return 1;
			return ask.mode() == Mode.PARITY ? 1 - scale : scale;
		}
	}
}
