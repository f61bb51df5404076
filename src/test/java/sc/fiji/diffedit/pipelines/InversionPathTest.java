package sc.fiji.diffedit.pipelines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.schedulers.DDIMInverseScheduler;
import sc.fiji.diffedit.schedulers.NoiseLevels;
import sc.fiji.diffedit.schedulers.SchedulerRun;
import sc.fiji.diffedit.tensor.Noise;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;

/** The paths of inversions with a polynomial for a network, against what {@code scripts/inversion_numbers.py} makes of the papers' formulas. */
class InversionPathTest {

	private static final int STEPS = 10, TAKEN = 8;
	private static final long SEED = 5;
	/** Of each number, at least of 1: for 32 bits in the table of levels too, which O-BELM's steps upwards magnify. */
	private static final double LIMIT = 1e-4;

	private Scope scope;
	private Config numbers;

	@BeforeEach
	void open() {
		scope = Scope.open();
		numbers = Config.read(Path.of("src/test/resources/inversions/numbers.json"));
	}

	@AfterEach
	void close() {
		scope.close();
	}

	private static Tensor image() {
		return Tensor.of(new float[] { 0.9f, -0.4f, 0.1f, -1.3f }, 1, 1, 2, 2);
	}

	private static DDIMInverseScheduler scheduler(final String prediction) {
		final JsonObject json = new JsonObject();
		json.addProperty("beta_schedule", "scaled_linear");
		json.addProperty("beta_start", 0.00085);
		json.addProperty("beta_end", 0.012);
		json.addProperty("steps_offset", 1);
		json.addProperty("set_alpha_to_one", false);
		json.addProperty("clip_sample", false);
		json.addProperty("prediction_type", prediction);
		return new DDIMInverseScheduler(new Config("test", json));
	}

	/** From pure noise no formula of the exact paths comes back. */
	@Test
	void whereNothingIsLeftOfTheImageExactPathsEnd() {
		final JsonObject json = scheduler("v_prediction").config().json().json().deepCopy();
		json.addProperty("rescale_betas_zero_snr", true);
		json.addProperty("timestep_spacing", "trailing");
		final NoiseLevels levels = new DDIMInverseScheduler(new Config("scheduler_config.json", json)).levels(STEPS);
		levels.requireSomethingIsLeft(STEPS - 1);
		final String message = assertThrows(DiffEditException.class, () -> levels.requireSomethingIsLeft(STEPS)).getMessage();
		assertTrue(message.contains("nothing is left of the image after 10 steps; use a smaller strength"), message);
	}

	private static Tensor source(final Tensor x, final double timestep) {
		return x.multiply(0.8).minus(x.multiply(x).multiply(0.1)).plus(0.1 * timestep / 1000);
	}

	private static Tensor target(final Tensor x, final double timestep) {
		return x.multiply(0.6).plus(x.multiply(x).multiply(0.05)).minus(0.1 * timestep / 1000);
	}

	/** A network as the paths see it. */
	private record Polynomial(NoiseLevels levels, boolean isTarget) implements LevelNoise {

		@Override
		public Tensor output(final Tensor sample, final int told) {
			final double timestep = levels.timestep(told);
			return isTarget ? target(sample, timestep) : source(sample, timestep);
		}
	}

	private static LevelNoise noise(final String prediction, final boolean isTarget) {
		return new Polynomial(scheduler(prediction).levels(STEPS), isTarget);
	}

	private static ExactPath exact(final InversionMethod method, final LevelNoise noise) {
		return ExactPath.of(method, noise, Noise.of(SEED));
	}

	/** What is kept of each level. */
	private static List<Tensor> up(final InversionPath path) {
		final List<Tensor> levels = new ArrayList<>(List.of(path.start(image())));
		for (int level = 0; level < TAKEN; level++) levels.add(path.up(level, levels.get(level), levels::get));
		return levels;
	}

	/** @param from the level to begin at */
	private static Tensor down(final ExactPath path, final List<Tensor> kept, final int from) {
		Optional<Tensor> above = Optional.empty();
		Tensor here = kept.get(from);
		for (int level = from; level > 0; level--) {
			final Tensor next = path.down(level, here, above, kept::get);
			above = Optional.of(here);
			here = next;
		}
		return here;
	}

	private static Tensor ddimDown(final LevelNoise noise, final Tensor top) {
		Tensor here = top;
		for (int level = TAKEN; level > 0; level--) here = noise.levels().move(here, noise.of(here, level), level, level - 1);
		return here;
	}

	private void assertNumbers(final String which, final String what, final Tensor actual) {
		final double[] expected = new Config("numbers", numbers.json().getAsJsonObject(which)).getDoubles(what);
		final float[] values = actual.toFloatArray();
		for (int i = 0; i < expected.length; i++) assertEquals(expected[i], values[i], LIMIT * Math.max(1, Math.abs(expected[i])), which + " " + what + " " + i);
	}

	@ParameterizedTest
	@CsvSource({ "O_BELM, epsilon", "O_BELM, v_prediction", "BDIA, epsilon", "BDIA, v_prediction", "EDICT, epsilon", "EDICT, v_prediction", "EDIT_FRIENDLY, epsilon",
		"EDIT_FRIENDLY, v_prediction" })
	void exactPathsAreThoseOfThePapers(final InversionMethod method, final String prediction) {
		final List<Tensor> kept = up(exact(method, noise(prediction, false)));
		assertNumbers(method + " " + prediction, "top", kept.get(TAKEN));
		assertNumbers(method + " " + prediction, "edited", down(exact(method, noise(prediction, true)), kept, TAKEN));
	}

	@ParameterizedTest
	@CsvSource({ "O_BELM", "BDIA", "EDICT", "EDIT_FRIENDLY" })
	void fromEveryLevelAnExactPathLeadsBack(final InversionMethod method) {
		final ExactPath path = exact(method, noise("epsilon", false));
		final List<Tensor> kept = up(path);
		for (int from = method.leastSteps(); from <= TAKEN; from++) {
			final float[] back = method.latents(down(path, kept, from)).toFloatArray(), image = image().toFloatArray();
			for (int i = 0; i < image.length; i++) assertEquals(image[i], back[i], 2e-6, "from level " + from);
		}
	}

	@ParameterizedTest
	@CsvSource({ "FIXED_POINT, epsilon", "FIXED_POINT, v_prediction", "RENOISE, epsilon", "RENOISE, v_prediction" })
	void iteratedPathsAreThoseOfThePapers(final InversionMethod method, final String prediction) {
		final Tensor top = up(new IteratedPath(noise(prediction, false), 3, method == InversionMethod.RENOISE)).get(TAKEN);
		assertNumbers(method + " " + prediction, "top", top);
		assertNumbers(method + " " + prediction, "edited", ddimDown(noise(prediction, true), top));
	}

	@ParameterizedTest
	@ValueSource(strings = { "epsilon", "v_prediction" })
	void easyInvMixesEarlyLevels(final String prediction) {
		final SchedulerRun run = scheduler(prediction).run(STEPS);
		final InversionPath ddim = new InversionPath() {

			@Override
			public double timestep(final int level) {
				return run.timesteps()[level];
			}

			@Override
			public Tensor up(final int level, final Tensor here, final IntFunction<Tensor> kept) {
				return run.step(source(here, timestep(level)), level, here);
			}
		};
		final Tensor top = up(new EasyInvPath(ddim, 1000)).get(TAKEN);
		assertNumbers("EASYINV " + prediction, "top", top);
		assertNumbers("EASYINV " + prediction, "edited", ddimDown(noise(prediction, true), top));
	}
}
