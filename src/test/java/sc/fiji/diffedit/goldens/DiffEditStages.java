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

	/**
	 * The {@code index}-th call of {@code encode_prompt}.
	 *
	 * @param copies of each prompt's embedding that diffusers makes
	 */
	void prompts(final int index, final List<Prompt> positive, final List<Prompt> negative, final int clipSkip, final int copies) {
		encoded("encode_prompt." + index + ".prompt_embeds", positive, clipSkip, copies);
		encoded("encode_prompt." + index + ".negative_prompt_embeds", PromptRows.each(negative, positive.size()), 0, copies);
	}

	private void encoded(final String name, final List<Prompt> prompts, final int clipSkip, final int copies) {
		if (!golden.has(name) || prompts.get(0) instanceof Prompt.Embedding) return;
		try (Scope scope = Scope.open()) {
			final List<String> texts = prompts.stream().map(p -> p instanceof Prompt.Text text ? text.text() : "").toList();
			final Tensor expected = new PromptRows(copies, List.of(prompts)).restored(golden.tensor(name));
			comparison.tensor(name, expected, model.promptEncoder().encode(texts, clipSkip).encoderHiddenStates().repeatInterleave(copies));
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
			if (!oneByOne) allMoments(Tensor.cat(moments, 0).repeatInterleave(copies));
		}
	}

	/** A batch of equal rows was stored as one row. */
	private void allMoments(final Tensor all) {
		final String name = "vae_encode.0.moments";
		final Tensor stored = golden.tensor(name);
		comparison.tensor(name, stored.size(0) == 1 ? stored.repeat(all.size(0)) : stored, all);
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
			final Tensor noise = draws(draws / 2, draws);
			comparison.tensor("add_noise.0.result", run.addNoise(clean.repeat(noise.size(0) / clean.size(0)), noise, start));
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

	/**
	 * Every call of the UNet.
	 *
	 * @param parts prompts of the batch's parts
	 * @param copies of each prompt
	 */
	void unet(final List<List<Prompt>> parts, final int copies) {
		final PromptRows rows = new PromptRows(copies, parts);
		for (int n = 0; golden.has("unet." + n + ".output"); n++) {
			try (Scope scope = Scope.open()) {
				final String call = "unet." + n + ".";
				final long batch = golden.tensor(call + "output").size(0);
				final Conditioning conditioning = Conditioning.of(rows.restored(golden.tensor("unet.0.encoder_hidden_states")));
				comparison.tensor(call + "output", model.unet().predict(sample(n, batch), golden.tensor(call + "timestep").toFloat(), conditioning));
			}
		}
	}

	/** The latents of a call; copies in a batch were stored once. */
	private Tensor sample(final int call, final long batch) {
		final Tensor stored = golden.tensor("unet." + call + ".sample");
		return stored.repeat(batch / stored.size(0));
	}

	/** Every step of the scheduler, from the network's output after guidance. */
	void steps(final String prefix, final String scheduler, final CallArguments arguments, final int first) {
		try (Scope scope = Scope.open()) {
			final SchedulerRun run = run(scheduler, arguments.whole("num_inference_steps", 50));
			final StepArguments how = StepArguments.DEFAULTS.withEta(arguments.number("eta", 0)).withNoise(Noise.of(arguments.seeds()));
			for (int n = 0; golden.has(prefix + "." + n + ".prev_sample"); n++) {
				final String step = prefix + "." + n + ".";
				comparison.wholeNumbers(step + "timestep", Math.round(run.timesteps()[first + n]));
				final Tensor output = golden.tensor(step + "model_output");
				comparison.tensor(step + "prev_sample", run.step(output, first + n, sample(n, output.size(0)), how));
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
