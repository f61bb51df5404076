package sc.fiji.diffedit.pipelines;

/** What a pipeline returns besides latents. */
public enum OutputType {
	/** Decoded pictures, values in [0, 1]. */
	IMAGE,
	/** Latents alone; nothing is decoded. */
	LATENT
}
