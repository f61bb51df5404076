package sc.fiji.diffedit.goldens;

import java.util.List;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Generator;

/** Kind {@code random}: what CPU generators give for a seed, by type, by size and in sequence. */
final class RandomRunner implements GoldenRunner {

	@Override
	public void run(final GoldenCase golden, final Comparison comparison) {
		final List<JsonObject> runs = golden.runs();
		for (int i = 0; i < runs.size(); i++) {
			final Generator generator = Generator.of(runs.get(i).get("seed").getAsLong());
			final JsonArray draws = runs.get(i).getAsJsonArray("draws");
			for (int k = 0; k < draws.size(); k++) draw(generator, draws.get(k).getAsJsonObject(), "out." + i + "." + k, comparison);
		}
	}

	private static void draw(final Generator generator, final JsonObject draw, final String name, final Comparison comparison) {
		final long[] shape = draw.getAsJsonArray("shape").asList().stream().mapToLong(JsonElement::getAsLong).toArray();
		switch (draw.get("function").getAsString()) {
			case "randint" -> comparison.wholeNumbers(name, generator.randint(draw.get("high").getAsLong()));
			case "rand" -> comparison.tensor(name, generator.rand(type(draw), shape));
			default -> comparison.tensor(name, generator.randn(type(draw), shape));
		}
	}

	private static DType type(final JsonObject draw) {
		return DType.of(draw.get("dtype").getAsString());
	}
}
