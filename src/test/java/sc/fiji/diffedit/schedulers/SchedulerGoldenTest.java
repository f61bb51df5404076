package sc.fiji.diffedit.schedulers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.TreeSet;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.weights.Config;

/**
 * Timesteps, noise levels and steps of every scheduler equal those of diffusers. The cases are defined by
 * {@code run_scheduler} in the script that made the goldens: one step per timestep, the k-th entry of a bank of random
 * tensors as the network's k-th output.
 */
class SchedulerGoldenTest {

	private GoldenCase golden;
	private TreeSet<String> unchecked;

	@ParameterizedTest
	@ValueSource(strings = { "C_DDIMScheduler", "C_DDIMInverseScheduler", "C_PNDMScheduler", "C_LMSDiscreteScheduler", "C_EulerDiscreteScheduler",
		"C_EulerAncestralDiscreteScheduler", "C_DPMSolverMultistepScheduler", "C_UniPCMultistepScheduler",
		"C_timesteps_DDIMScheduler", "C_timesteps_DDIMInverseScheduler", "C_timesteps_PNDMScheduler", "C_timesteps_LMSDiscreteScheduler",
		"C_timesteps_EulerDiscreteScheduler", "C_timesteps_EulerAncestralDiscreteScheduler", "C_timesteps_DPMSolverMultistepScheduler",
		"C_timesteps_UniPCMultistepScheduler" })
	void equalsDiffusers(final String name) {
		Torch.prepareThread();
		final long before = Scope.liveValues();
		golden = new GoldenCase(name);
		unchecked = new TreeSet<>(golden.json().getAsJsonObject("tensors").keySet());
		unchecked.removeIf(tensor -> !tensor.matches("out\\.\\d+\\..*") || tensor.contains(".rand."));
		final int runs = golden.json().getAsJsonArray("runs").size();
		for (int i = 0; i < runs; i++) {
			try (Scope scope = Scope.open()) {
				scripted("out." + i + ".", golden.json().getAsJsonArray("runs").get(i).getAsJsonObject());
			}
		}
		assertEquals(new TreeSet<>(), unchecked, "tensors that no step was compared with");
		assertEquals(before, Scope.liveValues());
	}

	private void scripted(final String out, final JsonObject run) {
		final Config config = new Config(golden.json().get("name").getAsString() + " " + out, run.getAsJsonObject("config"));
		final Scheduler scheduler = Scheduler.of(golden.json().get("class").getAsString(), config);
		final int steps = run.get("steps").getAsInt();
		if (run.has("error")) {
			assertThrows(DiffEditException.class, () -> scheduler.run(steps), out);
			return;
		}
		walk(out, run, scheduler.run(steps));
	}

	private void walk(final String out, final JsonObject run, final SchedulerRun walk) {
		checkNumbers(out + "timesteps", walk.timesteps());
		checkNumbers(out + "init_noise_sigma", walk.initNoiseSigma());
		if (walk.sigmas().length > 0) checkNumbers(out + "sigmas", walk.sigmas());
		if (run.has("timesteps_only")) return;
		final Tensor sample = golden.tensor("in.sample");
		if (unchecked.contains(out + "add_noise")) check(out + "add_noise", walk.addNoise(sample, golden.tensor("in.noise"), 1));
		final StepArguments arguments = arguments(run);
		final Tensor bank = golden.tensor("in.model_outputs");
		Tensor x = sample.multiply(walk.initNoiseSigma());
		for (int k = 0; k < walk.size(); k++) {
			final Tensor scaled = walk.scaleModelInput(x, k);
			if (unchecked.contains(out + "scaled." + k)) check(out + "scaled." + k, scaled);
			final StepResult result = walk.advance(bank.get(k % bank.size(0)), k, x, arguments);
			x = result.prevSample();
			check(out + "prev_sample." + k, x);
			if (unchecked.contains(out + "pred_original_sample." + k)) check(out + "pred_original_sample." + k, result.predOriginalSample());
		}
	}

	private static StepArguments arguments(final JsonObject run) {
		final Config given = new Config("step_arguments", run.getAsJsonObject("step_arguments"));
		return StepArguments.DEFAULTS.withNoise(Noise.of(run.get("seed").getAsLong()))
			.withEta(given.getDouble("eta", 0)).withOrder(given.getInt("order", 4))
			.withUseClippedModelOutput(given.getBoolean("use_clipped_model_output", false))
			.withChurn(given.getDouble("s_churn", 0), given.getDouble("s_tmin", 0), Double.POSITIVE_INFINITY, given.getDouble("s_noise", 1));
	}

	private void check(final String name, final Tensor actual) {
		unchecked.remove(name);
		if (golden.json().getAsJsonObject("tensors").getAsJsonObject(name).has("nonfinite")) {
			assertTrue(actual.isFinite(), name + " is not finite in diffusers, which is better here");
			return;
		}
		golden.check(name, actual);
	}

	private void checkNumbers(final String name, final double... actual) {
		unchecked.remove(name);
		final float[] expected = golden.tensor(name).toFloatArray();
		final double tolerance = golden.json().getAsJsonObject("tensors").getAsJsonObject(name).get("atol").getAsDouble();
		assertEquals(expected.length, actual.length, name);
		for (int i = 0; i < expected.length; i++) assertEquals(expected[i], actual[i], tolerance, name + " at " + i);
	}
}
