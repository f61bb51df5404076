package sc.fiji.diffedit.weights;

/** The families of Stable Diffusion: which text encoders feed the UNet, and through what. */
public enum Family {

	SD1("Stable Diffusion 1.x", 768, "StableDiffusionPipeline"),
	SD2("Stable Diffusion 2.x", 1024, "StableDiffusionPipeline"),
	SDXL("Stable Diffusion XL", 2048, "StableDiffusionXLPipeline"),
	SDXL_REFINER("Stable Diffusion XL refiner", 1280, "StableDiffusionXLImg2ImgPipeline");

	private final String title;
	private final long crossAttentionDim;
	private final String pipeline;

	Family(final String title, final long crossAttentionDim, final String pipeline) {
		this.title = title;
		this.crossAttentionDim = crossAttentionDim;
		this.pipeline = pipeline;
	}

	/** How people call it. */
	public String title() {
		return title;
	}

	/** The pipeline of diffusers that its model folders name, for models that are not for inpainting. */
	public String pipeline() {
		return pipeline;
	}

	/** Numbers per word that the UNet attends to. */
	long crossAttentionDim() {
		return crossAttentionDim;
	}

	/** Whether the UNet has the added conditions {@code text_embeds} and {@code time_ids}. */
	public boolean isXl() {
		return this == SDXL || this == SDXL_REFINER;
	}

	/** The family of the public models whose words have this width and whose UNet has or lacks added embeddings; null for other widths. */
	static Family of(final long crossAttentionDim, final boolean addedEmbedding) {
		for (final Family family : values()) {
			if (family.crossAttentionDim == crossAttentionDim && family.isXl() == addedEmbedding) return family;
		}
		return null;
	}
}
