package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.AlteredModel;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.ModelOptions;

/** The tables that trainers leave in checkpoints: those of Stable Diffusion's betas, of others, of another length, and in every type. */
@ExtendWith(NoNativeLeaks.InScope.class)
class StoredScheduleTest {

	private static final double OURS = 0.00085;

	@TempDir
	Path temp;

	@ParameterizedTest
	@ValueSource(strings = { "alphas_cumprod", "alphas_cumprod_prev", "betas", "alphas", "sqrt_alphas_cumprod", "sqrt_one_minus_alphas_cumprod", "log_one_minus_alphas_cumprod", "sqrt_recip_alphas_cumprod",
		"sqrt_recipm1_alphas_cumprod", "denoiser.sigmas" })
	void theScheduleThatIsUsedIsNotToldInWhateverType(final String name) {
		for (final DType type : List.of(DType.FLOAT64, DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16, DType.FLOAT8_E4M3FN, DType.FLOAT8_E5M2)) {
			assertEquals(List.of(), noticesOf(name, Tensor.of(table(name, OURS, 1000), 1000).to(type)), type.name());
		}
		assertEquals(List.of(), noticesOf(name, Tensor.of(table(name, OURS, 1000), 1, 1000, 1, 1)));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "alphas_cumprod | 0.0015 | 1000 | FLOAT16 | has 0.9941 at timestep 3, not 0.9966", "betas | 0.0015 | 1000 | FLOAT32 | has 0.001500 at timestep 0, not 0.0008500",
		"denoiser.sigmas | 0.0015 | 1000 | BFLOAT16 | has 0.03882 at timestep 0, not 0.02917", "alphas_cumprod | NaN | 1000 | FLOAT32 | has NaN at timestep 0, not 0.9991",
		"betas | 0.00085 | 500 | FLOAT32 | has 500 timesteps, not 1000", "sqrt_alphas_cumprod | 0.005 | 1000 | FLOAT8_E4M3FN | has 0.8750 at timestep 38, not 0.9818", "alphas_cumprod | 0.005 | 1000 | FLOAT8_E5M2 | has 0.7500 at timestep 40, not 0.9619",
		"log_one_minus_alphas_cumprod | 0.0015 | 1000 | FLOAT16 | has -6.504 at timestep 0, not -7.070", "sqrt_recip_alphas_cumprod | 0.0015 | 1000 | FLOAT32 | has 1.005 at timestep 6, not 1.003",
		"sqrt_one_minus_alphas_cumprod | 0.0015 | 1000 | FLOAT32 | has 0.03873 at timestep 0, not 0.02916", "alphas | 0.02 | 1000 | FLOAT32 | has 0.9800 at timestep 0, not 0.9991" })
	void anotherScheduleIsTold(final String name, final double start, final int timesteps, final DType type, final String difference) {
		assertEquals(List.of(sentence(name, difference + " as the model's scheduler")), noticesOf(name, Tensor.of(table(name, start, timesteps), timesteps).to(type)));
	}

	/** A table of other axes, of whole numbers or of nothing. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "FLOAT32 | 2,500", "INT8 | 1000", "FLOAT32 | 0" })
	void whatCannotBeComparedIsTold(final DType type, final String shape) {
		final long[] lengths = Arrays.stream(shape.split(",")).mapToLong(Long::parseLong).toArray();
		assertEquals(List.of(sentence("betas", "is no list of floating point numbers and cannot be compared with that of the model's scheduler")), noticesOf("betas", Tensor.zeros(type, lengths)));
	}

	/** A marker asks for a schedule that ends in noise alone, which is made of the table's. */
	@Test
	void theScheduleOfWhichOneThatEndsInNoiseIsMadeIsNotTold() {
		final float[] table = table("alphas_cumprod", OURS, 1000);
		final Consumer<Map<String, Tensor>> marked = tensors -> List.of("ztsnr", "v_pred").forEach(marker -> tensors.put(marker, Tensor.zeros(DType.FLOAT32, 1)));
		assertEquals(List.of(), notices(marked));
		table[999] = 0.0001f;
		assertTrue(notices(marked.andThen(tensors -> tensors.put("alphas_cumprod", Tensor.of(table, 1000)))).get(0).contains("'alphas_cumprod'"));
		final float[] sigmas = table("denoiser.sigmas", OURS, 1000);
		sigmas[999] = Float.POSITIVE_INFINITY;
		assertTrue(noticesOf("denoiser.sigmas", Tensor.of(sigmas, 1000)).get(0).contains("has Infinity at timestep 999"));
	}

	private String sentence(final String name, final String difference) {
		return temp.getFileName() + "/a.safetensors has a noise schedule '" + name + "' that is not used: it " + difference
			+ "; results may differ from other programs'. To follow the file, name a scheduler with its betas (trained_betas in scheduler_config.json).";
	}

	private List<String> noticesOf(final String name, final Tensor table) {
		return notices(tensors -> {
			tensors.keySet().removeAll(List.of("alphas_cumprod", "betas"));
			tensors.put(name, table);
		});
	}

	private List<String> notices(final Consumer<Map<String, Tensor>> change) {
		final Path file = AlteredModel.tensors(GoldenCase.model("single/sd1.safetensors"), temp.resolve("a.safetensors"), change);
		try (ModelFolder model = ModelFolder.open(file, ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sd1")))) {
			return StoredSchedule.sentence(model, model.config("scheduler")).stream().toList();
		}
	}

	/** Of betas whose roots are spread evenly between that of a first one and of 0.012. */
	private static float[] table(final String name, final double start, final int timesteps) {
		final float[] table = new float[timesteps];
		double bar = 1;
		for (int i = 0; i < timesteps; i++) {
			final double root = Math.sqrt(start) + (Math.sqrt(0.012) - Math.sqrt(start)) * i / (timesteps - 1);
			final double before = bar;
			bar *= 1 - root * root;
			table[i] = (float) switch (name) {
				case "betas" -> root * root;
				case "alphas" -> 1 - root * root;
				case "alphas_cumprod" -> bar;
				case "alphas_cumprod_prev" -> before;
				case "sqrt_alphas_cumprod" -> Math.sqrt(bar);
				case "sqrt_one_minus_alphas_cumprod" -> Math.sqrt(1 - bar);
				case "log_one_minus_alphas_cumprod" -> Math.log(1 - bar);
				case "sqrt_recip_alphas_cumprod" -> Math.sqrt(1 / bar);
				default -> Math.sqrt((1 - bar) / bar);
			};
		}
		return table;
	}
}
