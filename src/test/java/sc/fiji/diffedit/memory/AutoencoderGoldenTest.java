package sc.fiji.diffedit.memory;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.AutoencoderKL;
import sc.fiji.diffedit.models.AutoencoderKLConfig;
import sc.fiji.diffedit.models.AutoencoderTiny;
import sc.fiji.diffedit.models.AutoencoderTinyConfig;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.ModelFolder;
import sc.fiji.diffedit.weights.Weights;

/** Autoencoders, whole, sliced and tiled, against diffusers: goldens B_vae_* and B_taesd. */
@ExtendWith(NoNativeLeaks.class)
@Numeric
class AutoencoderGoldenTest {

	@ParameterizedTest
	@ValueSource(strings = { "B_vae_sd1", "B_vae_sd1-inpaint", "B_vae_sd2", "B_vae_sdxl", "B_vae_slicing_sd1", "B_vae_slicing_sd2",
		"B_vae_slicing_sdxl", "B_vae_small_tiles_sd1", "B_vae_small_tiles_sd2", "B_vae_small_tiles_sdxl",
		"B_vae_more_overlap_sd1", "B_vae_more_overlap_sd2", "B_vae_more_overlap_sdxl",
		"B_vae_uneven_tiles_sd1", "B_vae_uneven_tiles_sd2", "B_vae_uneven_tiles_sdxl", "B_vae_odd_tiles_sdxl", "B_taesd" })
	void givesWhatDiffusersGives(final String name) {
		final GoldenCase golden = new GoldenCase(name);
		try (ModelFolder folder = ModelFolder.open(GoldenCase.model(golden.json().get("model").getAsString()));
			Scope scope = Scope.open(); Autoencoder vae = policies(golden.json(), load(folder)))
		{
			int i = 0;
			for (final var run : golden.json().getAsJsonArray("runs")) {
				final String input = run.getAsJsonObject().getAsJsonObject("input").get("$tensor").getAsString();
				golden.check("out." + i++, run(vae, run.getAsJsonObject().get("op").getAsString(), golden.tensor(input)));
			}
		}
	}

	private static Tensor run(final Autoencoder vae, final String operation, final Tensor input) {
		switch (operation) {
			case "encode":
				return vae.encode(input).parameters();
			case "decode":
				return vae.decode(input);
			default:
				return ((AutoencoderTiny) vae).scaleLatents(input);
		}
	}

	private static Autoencoder load(final ModelFolder folder) {
		final Config config = folder.config(ModelFolder.WHOLE);
		final Weights weights = folder.weights(ModelFolder.WHOLE);
		return folder.className(ModelFolder.WHOLE).equals("AutoencoderTiny")
			? new AutoencoderTiny(AutoencoderTinyConfig.of(config), weights, DType.FLOAT32)
			: new AutoencoderKL(AutoencoderKLConfig.of(config), weights, DType.FLOAT32);
	}

	private static Autoencoder policies(final JsonObject golden, final Autoencoder vae) {
		final String enable = golden.has("enable") ? golden.getAsJsonArray("enable").get(0).getAsString() : "";
		if (enable.equals("enable_slicing")) return new SlicedAutoencoder(vae);
		if (!enable.equals("enable_tiling")) return vae;
		final JsonObject sizes = golden.getAsJsonObject("attributes");
		return new TiledAutoencoder(vae, new Tiling(sizes.get("tile_sample_min_size").getAsInt(), sizes.get("tile_latent_min_size").getAsInt(),
			sizes.has("tile_overlap_factor") ? sizes.get("tile_overlap_factor").getAsDouble() : Tiling.OVERLAP));
	}
}
