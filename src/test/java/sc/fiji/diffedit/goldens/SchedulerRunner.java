package sc.fiji.diffedit.goldens;

import java.util.List;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.schedulers.Scheduler;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.schedulers.StepArguments;
import sc.fiji.diffedit.schedulers.StepResult;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * Kind {@code scheduler}: one step per timestep, with the k-th entry of a bank of random tensors as the network's k-th
 * output. A run in which diffusers raises an error must be refused here too.
 */
final class SchedulerRunner implements GoldenRunner {

	@Override
	public void run(final GoldenCase golden, final Comparison comparison) {
		final List<JsonObject> runs = golden.runs();
		for (int i = 0; i < runs.size(); i++) {
			final String out = "out." + i + ".";
			final Scheduler scheduler = scheduler(golden, new Config(golden.name() + " run " + i, runs.get(i).getAsJsonObject("config")));
			if (runs.get(i).has("error")) refused(scheduler, runs.get(i), out, comparison);
			else walk(golden, runs.get(i), scheduler, out, comparison);
		}
	}

	private static Scheduler scheduler(final GoldenCase golden, final Config config) {
		try {
			return Scheduler.of(golden.text("class"), config);
		}
		catch (final DiffEditException e) {
			if (!e.getMessage().contains(golden.text("class"))) throw e;
			throw new NotYet("there is no " + golden.text("class") + " yet");
		}
	}

	private static void refused(final Scheduler scheduler, final JsonObject run, final String out, final Comparison comparison) {
		try (Scope scope = Scope.open()) {
			scheduler.run(run.get("steps").getAsInt());
			comparison.wrong(out + "error", "was accepted; diffusers says " + run.get("error"));
		}
		catch (final DiffEditException e) {
			comparison.leaveOut(out);
		}
	}

	/** Draws have no counterpart in the API; each step shows them. */
	private static void walk(final GoldenCase golden, final JsonObject run, final Scheduler scheduler, final String out, final Comparison comparison) {
		try (Scope scope = Scope.open()) {
			final SchedulerRun walk = scheduler.run(run.get("steps").getAsInt());
			comparison.numbers(out + "timesteps", floats(walk.timesteps()));
			comparison.numbers(out + "init_noise_sigma", (float) walk.initNoiseSigma());
			if (walk.sigmas().length > 0) comparison.numbers(out + "sigmas", floats(walk.sigmas()));
			comparison.leaveOut(out + "rand.");
			if (run.has("timesteps_only")) return;
			final int begin = run.has("begin") ? run.get("begin").getAsInt() : 0;
			final Tensor sample = golden.tensor("in.sample");
			if (golden.has(out + "add_noise")) comparison.tensor(out + "add_noise", walk.addNoise(sample, golden.tensor("in.noise"), begin > 0 ? begin : Math.min(1, walk.size() - 1)));
			steps(golden, walk, begin, arguments(golden, run), out, comparison);
		}
	}

	/**
	 * Results of steps may differ by two units in the last place of the sample they begin with. Runs that begin with noise
	 * 4096 times as strong as the image (zero terminal SNR) differ by that in diffusers itself from processor to processor,
	 * since square roots of MKL do.
	 */
	private static void steps(final GoldenCase golden, final SchedulerRun walk, final int begin, final StepArguments arguments,
		final String out, final Comparison comparison)
	{
		final Tensor bank = golden.tensor("in.model_outputs");
		Tensor x = golden.tensor("in.sample").multiply(walk.initNoiseSigma());
		final double rounding = 2 * Math.ulp(largest(x));
		for (int k = begin; k < walk.size(); k++) {
			if (golden.has(out + "scaled." + k)) comparison.tensor(out + "scaled." + k, walk.scaleModelInput(x, k), rounding);
			final StepResult result = walk.advance(bank.get(k % bank.size(0)), k, x, arguments);
			x = result.prevSample();
			comparison.tensor(out + "prev_sample." + k, x, rounding);
			final String clean = out + "pred_original_sample." + k;
			if (golden.has(clean)) comparison.tensor(clean, result.predOriginalSample(), rounding);
		}
	}

	private static float largest(final Tensor x) {
		float largest = 0;
		for (final float value : x.toFloatArray()) largest = Math.max(largest, Math.abs(value));
		return largest;
	}

	private static StepArguments arguments(final GoldenCase golden, final JsonObject run) {
		final double eta = golden.text("class").equals("TCDScheduler") ? 0.3 : 0; // defaults of step
		final Config given = new Config("step_arguments", run.getAsJsonObject("step_arguments"));
		return StepArguments.DEFAULTS.withNoise(Noise.of(run.get("seed").getAsLong())).withEta(given.getDouble("eta", eta))
			.withOrder(given.getInt("order", 4)).withUseClippedModelOutput(given.getBoolean("use_clipped_model_output", false))
			.withChurn(given.getDouble("s_churn", 0), given.getDouble("s_tmin", 0), given.getDouble("s_tmax", Double.POSITIVE_INFINITY),
				given.getDouble("s_noise", 1));
	}

	private static float[] floats(final double[] values) {
		final float[] floats = new float[values.length];
		for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
		return floats;
	}
}
