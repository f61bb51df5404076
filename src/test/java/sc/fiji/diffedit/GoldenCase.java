package sc.fiji.diffedit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Config;
import sc.fiji.diffedit.weights.Weights;

/** One case of src/test/resources/goldens: what diffusers was given and what it gave. */
public final class GoldenCase {

	private static final Path ROOT = Path.of("src/test/resources/goldens");

	private final JsonObject json;
	private final Weights tensors;

	public GoldenCase(final String name) {
		json = Config.read(ROOT.resolve("cases/" + name + "/case.json")).json();
		tensors = new SafetensorsReader(ROOT.resolve("cases/" + name + "/tensors.safetensors"));
	}

	public static Path model(final String name) {
		return ROOT.resolve("models/" + name);
	}

	public JsonObject json() {
		return json;
	}

	public Tensor tensor(final String name) {
		return tensors.get(name);
	}

	/** Compares with an output, with the tolerance that stands beside it. */
	public void check(final String name, final Tensor actual) {
		final float[] expected = tensor(name).toFloatArray();
		final float[] found = actual.toFloatArray();
		assertArrayEquals(tensors.shape(name), actual.shape(), name);
		final double tolerance = json.getAsJsonObject("tensors").getAsJsonObject(name).get("atol").getAsDouble();
		double worst = 0;
		for (int i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs((double) expected[i] - found[i]));
		assertTrue(worst <= tolerance, name + " is off by " + worst + ", more than " + tolerance);
	}
}
