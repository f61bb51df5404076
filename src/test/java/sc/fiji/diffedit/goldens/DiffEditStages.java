package sc.fiji.diffedit.goldens;

import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.DiagonalGaussian;
import sc.fiji.diffedit.pipelines.DiffusionModel;
import sc.fiji.diffedit.pipelines.Prompt;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerConfig;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.schedulers.StepArguments;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The stages of a DiffEdit case, one by one: each part of the model gets what diffusers gave it and must answer as diffusers
 * did. The README of the goldens says how copies in stored batches were left out; here they are put back.
 */
final class DiffEditStages {

	private final GoldenCase golden;
	private final DiffusionModel model;
	private final Comparison comparison;

	DiffEditStages(final GoldenCase golden, final DiffusionModel model, final Comparison comparison) {
		this.golden = golden;
		this.model = model;
		this.comparison = comparison;
	}

	/** The {@code index}-th call of {@code encode_prompt}; equal neighbours were stored once. */
	void prompts(final int index, final List<Prompt> positive, final List<Prompt> negative, final int clipSkip) {
		encoded("encode_prompt." + index + ".prompt_embeds", positive, clipSkip);
		encoded("encode_prompt." + index + ".negative_prompt_embeds", negative, 0);
	}

	private void encoded(final String name, final List<Prompt> prompts, final int clipSkip) {
		if (!golden.has(name) || prompts.get(0) instanceof Prompt.Embedding) return;
		try (Scope scope = Scope.open()) {
			final List<String> texts = prompts.stream().map(p -> p instanceof Prompt.Words words ? words.text() : "").toList();
			comparison.tensor(name, model.promptEncoder().encode(texts, clipSkip).words());
		}
	}

	/** What the autoencoder makes of the images, each of which was encoded {@code copies} times, all at once or one by one. */
	void moments(final List<Picture> pictures, final int copies) {
		if (golden.has("vae_encode.0.image")) {
			comparison.tensor("vae_encode.0.moments", model.vae().encode(golden.tensor("vae_encode.0.image")).parameters());
			return;
		}
		try (Scope scope = Scope.open()) {
			final List<Tensor> moments = new ArrayList<>();
			for (final Picture picture : pictures) moments.add(model.vae().encode(pixels(picture)).parameters());
			final boolean oneByOne = golden.has("vae_encode.1.moments");
			for (int i = 0; oneByOne && i < pictures.size() * copies; i++) {
				comparison.tensor("vae_encode." + i + ".moments", moments.get(i / copies));
			}
			final Tensor all = Tensor.cat(moments, 0);
			if (!oneByOne) comparison.tensor("vae_encode.0.moments", pictures.size() == 1 ? all : all.repeatInterleave(copies));
		}
	}

	private static Tensor pixels(final Picture picture) {
		return Tensor.of(picture.values(), 1, 3, picture.height(), picture.width()).multiply(2).minus(1);
	}

	/** Latents drawn from the stored moments with the stored draws, and noise put on them. */
	void noisedLatents(final int steps, final double strength) {
		try (Scope scope = Scope.open()) {
			int draws = 0;
			while (golden.has("rand." + draws)) draws++;
			final Tensor first = draws(0, draws / 2);
			final Tensor moments = moments(first.size(0));
			final Tensor clean = model.vae().scale(DiagonalGaussian.of(moments).sample(first));
			final SchedulerRun run = run("DDIMScheduler", steps);
			final int start = steps - (int) (steps * strength);
			comparison.wholeNumbers("add_noise.0.timestep", Math.round(run.timesteps()[start]));
			comparison.tensor("add_noise.0.result", run.addNoise(clean, draws(draws / 2, draws), start));
		}
	}

	private Tensor draws(final int from, final int to) {
		final List<Tensor> draws = new ArrayList<>();
		for (int i = from; i < to; i++) draws.add(golden.tensor("rand." + i));
		return Tensor.cat(draws, 0);
	}

	private Tensor moments(final long rows) {
		if (!golden.has("vae_encode.1.moments")) {
			final Tensor moments = golden.tensor("vae_encode.0.moments");
			return moments.repeatInterleave(rows / moments.size(0));
		}
		final List<Tensor> moments = new ArrayList<>();
		for (int i = 0; i < rows; i++) moments.add(golden.tensor("vae_encode." + i + ".moments"));
		return Tensor.cat(moments, 0);
	}

	/** Every call of the UNet. */
	void unet(final int images) {
		for (int n = 0; golden.has("unet." + n + ".output"); n++) {
			try (Scope scope = Scope.open()) {
				final String call = "unet." + n + ".";
				final long batch = golden.tensor(call + "output").size(0);
				final Tensor sample = golden.tensor(call + "sample");
				final double timestep = golden.tensor(call + "timestep").toFloat();
				comparison.tensor(call + "output", model.unet().predict(sample.repeat(batch / sample.size(0)), timestep, words(batch, images)));
			}
		}
	}

	/** The prompts of a whole batch, from their distinct neighbours: each part of the batch has one for all images or one each. */
	private Conditioning words(final long batch, final int images) {
		final Tensor distinct = golden.tensor("unet.0.encoder_hidden_states");
		final long rows = distinct.size(0);
		final boolean shared = rows % (images + 1) == 0 && batch / rows * rows != batch;
		if (!shared) return Conditioning.of(distinct.repeatInterleave(batch / rows));
		final long parts = 2 * rows / (images + 1);
		final long perPart = batch / parts;
		final List<Tensor> all = new ArrayList<>();
		for (int i = 0; i < rows; i++) {
			final boolean one = i % (images + 1) == images;
			all.add(distinct.slice(0, i, i + 1).repeatInterleave(one ? perPart : perPart / images));
		}
		return Conditioning.of(Tensor.cat(all, 0));
	}

	/** Every step of the scheduler, from the network's output after guidance. */
	void steps(final String prefix, final String scheduler, final CallArguments arguments, final int first) {
		try (Scope scope = Scope.open()) {
			final SchedulerRun run = run(scheduler, arguments.whole("num_inference_steps", 50));
			final StepArguments how = StepArguments.DEFAULTS.withEta(arguments.number("eta", 0)).withNoise(Noise.of(arguments.seeds()));
			for (int n = 0; golden.has(prefix + "." + n + ".prev_sample"); n++) {
				final String step = prefix + "." + n + ".";
				comparison.wholeNumbers(step + "timestep", Math.round(run.timesteps()[first + n]));
				comparison.tensor(step + "prev_sample",
					run.step(golden.tensor(step + "model_output"), first + n, golden.tensor("unet." + n + ".sample"), how));
			}
		}
	}

	private SchedulerRun run(final String scheduler, final int steps) {
		return Scheduler.of(scheduler, SchedulerConfig.forStableDiffusion(model.scheduler())).run(steps);
	}

	/** The last stage: latents to images. */
	void images() {
		if (!golden.has("vae_decode.0.latents")) return;
		try (Scope scope = Scope.open()) {
			final Tensor image = model.vae().decode(golden.tensor("vae_decode.0.latents"));
			comparison.tensor("out.images", image.div(2).plus(0.5).clamp(0, 1).permute(0, 2, 3, 1));
		}
	}

	/** Compares latents of the UNet's scale with those that diffusers handed to the decoder. */
	static void beforeDecoding(final GoldenCase golden, final DiffusionModel model, final Tensor latents, final Comparison comparison) {
		if (golden.has("vae_decode.0.latents")) comparison.tensor("vae_decode.0.latents", model.vae().unscale(latents));
	}
}
