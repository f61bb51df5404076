package sc.fiji.diffedit.pipelines;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.UNet2DConditionModel.Begun;
import sc.fiji.diffedit.pipelines.ResultKey.Kind;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Numbers;
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

	/** Latent pixels in one UNet call; two copies of a 512 x 512 image with factor 8. */
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
		final List<DifferenceMap> maps = new ArrayList<>();
		final ResultKey noisy = noisy(input);
		for (final Numbers map : model.kept().get(key(noisy), () -> new Comparison(input, noisy).differences())) {
			maps.add(new DifferenceMap((int) map.shape()[1], (int) map.shape()[0], map.values().clone()));
		}
		return MaskResult.of(maps, ask);
	}

	// -- what the results depend on --

	/** All that can change the noisy copies and how the networks are asked about them. */
	private ResultKey noisy(final ImageInput input) {
		return ResultKey.of(Kind.PREDICTION, "").with("images", input).with("mode", ask.mode()).with("seeds", ask.seeds())
			.with("numMapsPerMask", ask.numMapsPerMask()).with("numInferenceSteps", ask.numInferenceSteps())
			.with("maskEncodeStrength", ask.maskEncodeStrength()).with("scheduler", model.scheduler().json().toString())
			.with("clipSkip", ask.clipSkip());
	}

	/** All that can change the difference maps; the threshold cannot. */
	private ResultKey key(final ResultKey noisy) {
		return noisy.as(Kind.DIFFERENCE, label(ask.source()) + " and " + label(ask.target())).with("source", ask.source())
			.with("target", ask.target()).with("sourceNegative", ask.sourceNegative()).with("targetNegative", ask.targetNegative())
			.with("guidanceScale", ask.guidanceScale());
	}

	private static String label(final List<Prompt> prompts) {
		return "\"" + prompts.get(0) + "\"";
	}

	/** How prompts are compared: two predictions per copy where the negatives are equal, four where they differ. */
	private final class Comparison {

		private final ResultKey key;
		private final Tensor noisy;
		private final double timestep;
		private final int total = images * ask.numMapsPerMask();
		private final int batch;
		private final PromptConditioner words;
		private final double scale = ask.guidanceScale();

		Comparison(final ImageInput input, final ResultKey key) {
			final SchedulerRun schedule = Stages.scheduler(model, "DDIMScheduler").run(ask.numInferenceSteps());
			final int first = ask.numInferenceSteps() - Checks.steps("maskEncodeStrength", ask.maskEncodeStrength(), ask.numInferenceSteps());
			final Noise noise = Noise.of(ask.seeds());
			final Tensor clean = new ImageEncoder(model, ask.mode()).encode(input, ask.numMapsPerMask(), noise);
			this.key = key;
			this.noisy = schedule.addNoise(clean, noise.randn(clean.dtype(), clean.shape()).to(model.device()), first);
			this.timestep = schedule.timesteps()[first];
			this.batch = batchSize(total, noisy.size(2) * noisy.size(3));
			this.words = PromptConditioner.plain(model, ask.clipSkip(), noisy.size(2), noisy.size(3))
				.forPrompts(ask.source(), ask.target(), ask.sourceNegative(), ask.targetNegative());
		}

		/** Mean absolute difference over maps and channels, one map of shape (h, w) per image. */
		List<Numbers> differences() {
			final int size = (int) (noisy.size(2) * noisy.size(3));
			final double[][] sums = new double[images][size];
			final List<List<Numbers>> predicted = predicted();
			for (int from = 0; from < total; from += batch) {
				try (Scope scope = Scope.open()) {
					final int chunk = from / batch;
					final List<Tensor> answers = predicted.stream().map(p -> p.get(chunk).toTensor(model.device())).toList();
					final float[] planes = difference(answers).abs().mean(false, 1).toFloatArray();
					for (int i = 0; i < planes.length; i++) sums[(from + i / size) / ask.numMapsPerMask()][i % size] += planes[i];
				}
			}
			return Arrays.stream(sums).map(this::mean).toList();
		}

		private Numbers mean(final double[] sum) {
			final float[] mean = new float[sum.length];
			for (int i = 0; i < mean.length; i++) mean[i] = (float) (sum[i] / ask.numMapsPerMask());
			return new Numbers(mean, DType.FLOAT32, noisy.size(2), noisy.size(3));
		}

		/** Answers under source and target, and under their negatives where they matter; each by chunks of copies. */
		private List<List<Numbers>> predicted() {
			final boolean two = scale <= 1 || words.same(ask.sourceNegative(), ask.targetNegative(), images);
			final List<Asked> asked = new ArrayList<>(List.of(new Asked(ask.source(), false), new Asked(ask.target(), false)));
			if (!two) asked.addAll(List.of(new Asked(ask.sourceNegative(), true), new Asked(ask.targetNegative(), true)));
			final Map<ResultKey, List<Numbers>> answers = new HashMap<>();
			for (final Asked one : asked) answers.put(one.key, model.kept().find(one.key));
			final Map<ResultKey, Asked> unknown = new LinkedHashMap<>();
			for (final Asked one : asked) if (answers.get(one.key).isEmpty()) unknown.put(one.key, one);
			if (!unknown.isEmpty()) answers.putAll(predict(unknown));
			return asked.stream().map(one -> answers.get(one.key)).toList();
		}

		/**
		 * Asks the network about each chunk of copies under one prompt after another. What it makes of the copies before it looks at
		 * words is computed once, and the answers for a prompt are the same to the last bit whatever it is compared with.
		 */
		private Map<ResultKey, List<Numbers>> predict(final Map<ResultKey, Asked> unknown) {
			final Map<ResultKey, Conditioning> rows = new LinkedHashMap<>();
			unknown.forEach((asked, one) -> rows.put(asked, one.rows()));
			final Map<ResultKey, List<Numbers>> answers = new LinkedHashMap<>();
			unknown.keySet().forEach(asked -> answers.put(asked, new ArrayList<>()));
			final Progress progress = new Progress(rows.size() * (total / batch));
			for (int from = 0; from < total; from += batch) {
				try (Scope scope = Scope.open()) {
					final int at = from;
					final Tensor copies = noisy.slice(0, at, at + batch);
					final Begun begun = model.unet().begin(copies, timestep);
					rows.forEach((asked, told) -> {
						answers.get(asked).add(Numbers.of(begun.forward(told.map(t -> t.slice(0, at, at + batch)))));
						progress.tell(copies);
					});
				}
			}
			answers.forEach(model.kept()::keep);
			return answers;
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

		/** What the network is asked about all copies. */
		private final class Asked {

			private final List<Prompt> prompts;
			private final boolean negative;
			private final ResultKey key;

			Asked(final List<Prompt> prompts, final boolean negative) {
				this.prompts = prompts;
				this.negative = negative;
				this.key = Comparison.this.key.as(Kind.PREDICTION, label(prompts) + ", " + ask.numMapsPerMask() + " maps")
					.with("prompts", prompts).with("negative", negative).with("pieces", words.pieces());
			}

			/** One for each copy. */
			Conditioning rows() {
				return (negative ? words.negativeRows(prompts, images) : words.rows(prompts, images)).map(t -> t.repeatInterleave(ask.numMapsPerMask()));
			}
		}

		/** Tells of each call of the network. */
		private final class Progress {

			private final int calls;
			private int done;

			Progress(final int calls) {
				this.calls = calls;
			}

			void tell(final Tensor copies) {
				listener.stepped(new StepListener.Step(STAGE, done++, calls, timestep, copies));
			}
		}
	}

	/** The largest divisor of the number of copies that keeps one call within its bound. */
	private static int batchSize(final int total, final long pixelsPerCopy) {
		int batch = (int) Math.max(1, Math.min(total, LATENT_PIXELS_PER_CALL / pixelsPerCopy));
		while (total % batch != 0) batch--;
		return batch;
	}
}
