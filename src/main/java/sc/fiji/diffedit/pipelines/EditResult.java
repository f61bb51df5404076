package sc.fiji.diffedit.pipelines;

import java.util.List;

import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;

/**
 * Edited images.
 *
 * @param images one per image and copy, image by image; empty when latents alone were requested
 * @param latents the latents they come from, scaled as the UNet takes them
 * @param flagged whether the safety checker blackened an image; as many as images
 */
public record EditResult(List<Picture> images, Latents latents, List<Boolean> flagged) {

	/** The first image. */
	public Picture image() {
		return images.get(0);
	}
}
