package sc.fiji.diffedit.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import sc.fiji.diffedit.models.Autoencoder;
import sc.fiji.diffedit.models.Network;
import sc.fiji.diffedit.models.SafetyFilter;
import sc.fiji.diffedit.models.Tiles;
import sc.fiji.diffedit.models.UNet;
import sc.fiji.diffedit.pipelines.DiffusionModel;

/**
 * The structure of a model's networks, from which memory is estimated; their weights need not be in memory.
 *
 * @param textEncoders by the names of their components
 * @param safety the safety checker
 */
record Networks(UNet unet, Autoencoder vae, Map<String, Network> textEncoders, Optional<Network> safety) {

	/** The text encoders of an SDXL refiner that shares them with this model. */
	Map<String, Network> ofSecondEncoder() {
		final Map<String, Network> second = new LinkedHashMap<>(textEncoders);
		second.keySet().retainAll(List.of("text_encoder_2"));
		return second;
	}

	/** How many predictions guidance makes of one. */
	int halves(final double guidanceScale) {
		return guidanceScale > 1 && !unet.config().isGuidanceDistilled() ? 2 : 1;
	}

	/** The same with a UNet that works in tiles, if these are any. */
	Networks tiled(final Tiles tiles) {
		return new Networks(tiles.on(unet, vae.vaeScale()), vae, textEncoders, safety);
	}

	static Networks of(final DiffusionModel model) {
		return new Networks(model.unet(), model.vae(), model.promptEncoder().networks(), model.safety().map(SafetyFilter::checker));
	}
}
