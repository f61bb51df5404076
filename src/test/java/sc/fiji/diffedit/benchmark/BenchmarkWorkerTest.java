package sc.fiji.diffedit.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/** Every operation of our side of the benchmark, on a tiny model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BenchmarkWorkerTest {

	private static final int SIDE = 32;
	private static final Gson GSON = new Gson();

	private final BenchmarkTasks tasks = new BenchmarkTasks();
	private final BenchmarkWorker worker = new BenchmarkWorker(tasks);

	@TempDir
	private Path folder;

	@BeforeAll
	void load() {
		seconds(Map.of("op", "load", "model", "src/test/resources/goldens/models/sd1", "dtype", "float32"));
	}

	@AfterAll
	void close() {
		tasks.close();
	}

	@Test
	void networksAnswerInTheShapesOfDiffusers() throws IOException {
		final Object latents = array("latents", 2, 4, 4, 4);
		final Object words = array("words", 2, 77, 32);
		final Map<String, String> results = Map.of("result", folder.resolve("result.f32").toString());
		seconds(Map.of("op", "weights"));
		seconds(Map.of("op", "text", "prompts", List.of("a cat", "a zebra"), "results", results));
		assertEquals(2 * 77 * 32, result().length);
		seconds(Map.of("op", "unet", "timestep", 481, "sample", latents, "words", words, "results", results));
		assertEquals(2 * 4 * 4 * 4, result().length);
		seconds(Map.of("op", "decode", "latents", latents, "results", results));
		assertEquals(2 * 3 * 32 * 32, result().length);
		seconds(Map.of("op", "encode", "pixels", array("pixels", 1, 3, SIDE, SIDE), "results", results));
		assertEquals(4 * 4 * 4, result().length);
	}

	@Test
	void aDiffEditRunTellsTheSecondsOfItsStages() throws IOException {
		final Map<String, String> results = Map.of("edited", folder.resolve("result.f32").toString());
		for (final String mode : List.of("parity", "default")) {
			final Map<String, Object> job = new HashMap<>(maskJob(mode, 1));
			job.putAll(Map.of("op", "diffedit", "steps", 2, "results", results));
			final JsonObject seconds = seconds(job);
			final double stages = List.of("mask", "invert", "edit").stream().mapToDouble(stage -> seconds.get(stage).getAsDouble()).sum();
			assertEquals(seconds.get("whole").getAsDouble(), stages, 0.01);
			assertEquals(3 * SIDE * SIDE, result().length);
		}
	}

	@Test
	void masksAndImagesAreMade() throws IOException {
		final String file = folder.resolve("result.f32").toString();
		final Map<String, Object> job = new HashMap<>(maskJob("parity", 2));
		job.put("results", Map.of("mask", file));
		seconds(job);
		assertEquals(4 * 4, result().length);
		seconds(Map.of("op", "image", "target", "a zebra", "steps", 2, "side", SIDE, "seed", 1, "results", Map.of("result", file)));
		assertEquals(3 * SIDE * SIDE, result().length);
	}

	@Test
	void theAccountOfAUNetCallKnowsItsOperations() throws IOException {
		final JsonObject numbers = answer(Map.of("op", "account", "timestep", 481, "sample", array("latents", 2, 4, 4, 4),
			"words", array("words", 2, 77, 32))).getAsJsonObject("seconds");
		for (final String kind : List.of("conv 3x3", "conv 1x1", "linear", "attention", "norms")) {
			assertTrue(numbers.get(kind + ".seconds").getAsDouble() > 0, kind);
			assertTrue(numbers.get(kind + ".bytes").getAsDouble() > 0, kind);
		}
		assertTrue(numbers.get("block.ResnetBlock2D.seconds").getAsDouble() < numbers.get("whole.seconds").getAsDouble() * 10);
		assertEquals(0, numbers.get("norms.gflop").getAsDouble());
	}

	@Test
	void whatCannotBeDoneIsSaid() {
		assertTrue(answer(Map.of("op", "dance")).get("error").getAsString().contains("dance"));
		assertTrue(answer(Map.of("op", "unet")).get("error").getAsString().contains("'sample'"));
	}

	private Map<String, Object> maskJob(final String mode, final int maps) throws IOException {
		return Map.of("op", "mask", "mode", mode, "image", image(), "source", "a cat", "target", "a zebra", "maps", maps, "ratio", 2, "seed", 1);
	}

	private JsonObject answer(final Map<String, ?> job) {
		return JsonParser.parseString(worker.answer(GSON.toJson(job))).getAsJsonObject();
	}

	/** The seconds of a job that can be done: more than none. */
	private JsonObject seconds(final Map<String, ?> job) {
		final JsonObject answer = answer(job);
		assertTrue(answer.has("seconds"), answer::toString);
		assertTrue(answer.getAsJsonObject("seconds").get("whole").getAsDouble() > 0);
		return answer.getAsJsonObject("seconds");
	}

	private float[] result() throws IOException {
		final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("result.f32"))).order(ByteOrder.LITTLE_ENDIAN);
		final float[] numbers = new float[bytes.remaining() / 4];
		bytes.asFloatBuffer().get(numbers);
		for (final float number : numbers) assertTrue(Float.isFinite(number));
		return numbers;
	}

	private Object array(final String name, final int... shape) throws IOException {
		int count = 1;
		for (final int size : shape) count *= size;
		final ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
		for (int i = 0; i < count; i++) bytes.putFloat((float) Math.sin(i));
		final Path file = Files.write(folder.resolve(name + ".f32"), bytes.array());
		return Map.of("file", file.toString(), "shape", shape);
	}

	private Object image() throws IOException {
		final byte[] rgb = new byte[3 * SIDE * SIDE];
		for (int i = 0; i < rgb.length; i++) rgb[i] = (byte) (i * 7);
		return Map.of("file", Files.write(folder.resolve("image.rgb"), rgb).toString(), "width", SIDE, "height", SIDE);
	}
}
