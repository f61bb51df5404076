package sc.fiji.diffedit.pipelines;

/** The output of a pipeline in addition to latents. */
public enum OutputType {
	/** Decoded pictures, values in [0, 1]. */
	IMAGE,
	/** Latents alone; nothing is decoded. */
	LATENT
}
