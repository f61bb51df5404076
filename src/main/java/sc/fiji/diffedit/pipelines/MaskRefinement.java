package sc.fiji.diffedit.pipelines;

/** How a heat map is brought from the resolution of the latents to that of the image before it is cut. */
public enum MaskRefinement {
	/** Not at all: a value of the map stands for a square of pixels, as in diffusers. */
	NONE("None"),
	/** It follows the outlines that the image has, by the guided filter (He, Sun, Tang: "Guided Image Filtering", ECCV 2010). */
	GUIDED_FILTER("Guided filter");

	private final String word;

	MaskRefinement(final String word) {
		this.word = word;
	}

	/** Its name in forms and macros. */
	public String word() {
		return word;
	}
}
