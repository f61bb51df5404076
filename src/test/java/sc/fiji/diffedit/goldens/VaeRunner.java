package sc.fiji.diffedit.goldens;

import java.util.List;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.memory.ModelMemory;
import sc.fiji.diffedit.memory.SlicedAutoencoder;
import sc.fiji.diffedit.memory.TiledAutoencoder;
import sc.fiji.diffedit.memory.Tiling;
import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.AutoencoderKL;
import sc.fiji.diffedit.models.AutoencoderKLConfig;
import sc.fiji.diffedit.models.AutoencoderTiny;
import sc.fiji.diffedit.models.AutoencoderTinyConfig;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Tensor;

/** Kind {@code vae}: encode and decode with an autoencoder, whole, sliced or tiled. */
final class VaeRunner implements GoldenRunner {

	@Override
	public void run(final GoldenCase golden, final Comparison comparison) {
		try (GoldenPart part = GoldenPart.of(golden); Autoencoder vae = load(golden, part);
			ModelMemory memory = LayerwiseCasting.place(golden, "vae", vae))
		{
			final Autoencoder wrapped = wrap(golden, vae);
			final List<JsonObject> runs = golden.runs();
			for (int i = 0; i < runs.size(); i++) {
				final Tensor input = (Tensor) golden.value(runs.get(i).get("input"));
				comparison.tensor("out." + i, run(wrapped, runs.get(i).get("op").getAsString(), input));
			}
		}
	}

	private static Autoencoder load(final GoldenCase golden, final GoldenPart part) {
		if (golden.text("class").equals("AutoencoderTiny")) {
			return new AutoencoderTiny(AutoencoderTinyConfig.of(part.config()), part.weights(), DType.FLOAT32);
		}
		return new AutoencoderKL(AutoencoderKLConfig.of(part.config()), part.weights(), DType.FLOAT32);
	}

	private static Autoencoder wrap(final GoldenCase golden, final Autoencoder vae) {
		final List<String> enabled = golden.texts("enable");
		if (enabled.isEmpty()) return vae;
		if (enabled.equals(List.of("enable_slicing"))) return new SlicedAutoencoder(vae);
		if (!enabled.equals(List.of("enable_tiling"))) throw new NotYet("there is no " + enabled + " yet");
		final JsonObject sizes = golden.json().getAsJsonObject("attributes");
		return new TiledAutoencoder(vae, new Tiling(sizes.get("tile_sample_min_size").getAsInt(), sizes.get("tile_latent_min_size").getAsInt(),
			sizes.has("tile_overlap_factor") ? sizes.get("tile_overlap_factor").getAsDouble() : Tiling.OVERLAP));
	}

	private static Tensor run(final Autoencoder vae, final String operation, final Tensor input) {
		switch (operation) {
			case "encode":
				return vae.encode(input).parameters();
			case "decode":
				return vae.decode(input);
			case "scale_latents":
				return ((AutoencoderTiny) vae).scaleLatents(input);
			default:
				throw new NotYet("there is no " + operation + " yet");
		}
	}
}
