package sc.fiji.diffedit.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;

/** Seeded noise is that of PyTorch, and an image with a seed of its own does not see its neighbours. */
@ExtendWith(NoNativeLeaks.InScope.class)
@Numeric
class NoiseTest {

	@Test
	void oneGeneratorForEachImage() {
		final Tensor both = Noise.perImage(5, 6).randn(DType.FLOAT32, 2, 4, 3, 3);
		assertArrayEquals(Generator.of(5).randn(DType.FLOAT32, 1, 4, 3, 3).toFloatArray(), both.slice(0, 0, 1).toFloatArray());
		assertArrayEquals(Generator.of(6).randn(DType.FLOAT32, 1, 4, 3, 3).toFloatArray(), both.slice(0, 1, 2).toFloatArray());
		assertEquals(Generator.of(6).randint(1000), Noise.perImage(5, 6).randint(1, 1000));
	}

	@Test
	void oneSeedServesABatchOfAnySize() {
		final float[] expected = Generator.of(5).randn(DType.FLOAT32, 3, 4, 3, 3).toFloatArray();
		assertArrayEquals(expected, Noise.of(5).randn(DType.FLOAT32, 3, 4, 3, 3).toFloatArray());
		assertArrayEquals(expected, Noise.perImage(5).randn(DType.FLOAT32, 3, 4, 3, 3).toFloatArray());
	}

	@Test
	void seedsMustBeAsManyAsImages() {
		final Noise noise = Noise.perImage(1, 2, 3);
		assertThrows(DiffEditException.class, () -> noise.randn(DType.FLOAT32, 2, 4, 3, 3));
		assertThrows(DiffEditException.class, Noise::perImage);
	}

	@Test
	void closingFreesTheGenerators() {
		final long open = Scope.liveValues();
		final Noise noise = Noise.perImage(1, 2);
		assertEquals(open + 2, Scope.liveValues());
		noise.close();
		assertEquals(open, Scope.liveValues());
	}

	/** Case C_random_streams: every type, below and above 16 elements, in sequence. */
	@Test
	void streamsAreThoseOfPyTorch() {
		final GoldenCase golden = new GoldenCase("C_random_streams");
		int i = 0;
		for (final JsonElement run : golden.json().getAsJsonArray("runs")) {
			final Generator generator = Generator.of(run.getAsJsonObject().get("seed").getAsLong());
			int k = 0;
			for (final JsonElement draw : run.getAsJsonObject().getAsJsonArray("draws")) {
				final String name = "out." + i + "." + k++;
				checkDraw(golden, name, generator, draw.getAsJsonObject());
			}
			i++;
		}
		assertEquals(20, i);
	}

	private static void checkDraw(final GoldenCase golden, final String name, final Generator generator, final JsonObject draw) {
		final String function = draw.get("function").getAsString();
		if (function.equals("randint")) {
			assertEquals(golden.tensor(name).toLongArray()[0], generator.randint(draw.get("high").getAsLong()), name);
			return;
		}
		final DType dtype = DType.of(draw.get("dtype").getAsString());
		final long[] shape = draw.getAsJsonArray("shape").asList().stream().mapToLong(JsonElement::getAsLong).toArray();
		golden.check(name, function.equals("rand") ? generator.rand(dtype, shape) : generator.randn(dtype, shape));
		assertEquals(dtype, golden.tensor(name).dtype(), name + Arrays.toString(shape));
	}
}
